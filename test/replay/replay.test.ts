import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { canaries } from '../../harness/people.ts';
import { bundleForReplay, quietReplay, replayHistories } from '../../src/temporal/replay.ts';
import { corpus, historiesFolder } from './corpus.ts';

const changed = fileURLToPath(new URL('./changed-workflows.ts', import.meta.url));

/** How each recorded history fares with a bundle: `null`, or what was not deterministic about it. */
async function replay(bundle: WorkflowBundleWithSourceMap): Promise<Map<string, Error | null>> {
  const results = new Map<string, Error | null>();
  for await (const { workflowId, problem } of replayHistories(corpus(), bundle)) results.set(workflowId, problem);
  return results;
}

describe('replay', () => {
  let bundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    quietReplay();
    bundle = await bundleForReplay();
  }, 60_000);

  test('the corpus is not empty', () => {
    expect(corpus().length).toBeGreaterThan(0);
  });

  test('no recorded history holds anything of a person', () => {
    for (const { workflowId } of corpus()) {
      const json = readFileSync(`${historiesFolder}${workflowId}.json`, 'utf8');
      const payloads = [...json.matchAll(/"data":\s*"([^"]*)"/g)].map(([, data = '']) => Buffer.from(data, 'base64'));
      expect(payloads.length).toBeGreaterThan(0);
      const text = [json, ...payloads.map((payload) => payload.toString('utf8'))].join('\n');
      expect(canaries.exec(text)?.[0], `a person in ${workflowId}`).toBeUndefined();
      // Workers are called pid@host, and SDKs name@version.
      expect(/[\w.]+@[\w-]+\.[a-z]{2,}/i.exec(text)?.[0], `an e-mail address in ${workflowId}`).toBeUndefined();
    }
  });

  test("every recorded history replays with today's workflows", async () => {
    const failed = [...(await replay(bundle))].filter(([, error]) => error);
    expect(failed).toEqual([]);
  }, 60_000);

  test('every recorded history replays also without the interceptor that hands traces on', async () => {
    const failed = [...(await replay(await bundleForReplay({ traced: false })))].filter(([, error]) => error);
    expect(failed).toEqual([]);
  }, 60_000);

  test('a workflow that does its steps in another order is caught', async () => {
    const results = await replay(await bundleForReplay({ workflowsPath: changed }));
    for (const error of results.values()) expect(error?.name).toBe('DeterminismViolationError');
  }, 60_000);
});
