import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { corpus } from './corpus.ts';

const workflows = (path: string) =>
  bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL(path, import.meta.url)) });

/** How each recorded history fares with a bundle: `null`, or what was not deterministic about it. */
async function replay(workflowBundle: WorkflowBundleWithSourceMap): Promise<Map<string, Error | null>> {
  const results = new Map<string, Error | null>();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, corpus())) {
    results.set(workflowId, error ?? null);
  }
  return results;
}

describe('replay', () => {
  let bundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    bundle = await workflows('../../workflows/index.ts');
  }, 60_000);

  test('the corpus is not empty', () => {
    expect(corpus().length).toBeGreaterThan(0);
  });

  test("every recorded history replays with today's workflows", async () => {
    const failed = [...(await replay(bundle))].filter(([, error]) => error);
    expect(failed).toEqual([]);
  }, 60_000);

  test('a workflow that does its steps in another order is caught', async () => {
    const results = await replay(await workflows('./changed-workflows.ts'));
    for (const error of results.values()) expect(error?.name).toBe('DeterminismViolationError');
  }, 60_000);
});
