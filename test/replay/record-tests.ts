import { readFileSync, writeFileSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { OrderRef } from '../../src/domain/order-ref.ts';
import { eventually } from '../support/wait.ts';
import { historiesFolder } from './corpus.ts';
import { withoutHost } from './without-host.ts';

/**
 * Set, what the workflow tests play is recorded into the corpus, under their own names:
 *
 *   RECORD_HISTORIES=1 npx vitest run test/workflows/order-cancelled.test.ts
 *
 * Each run of each order is a history; one that is there already is left alone, because it is the gate.
 */
export const recordsTests = process.env['RECORD_HISTORIES'] === '1';

export interface PlayedOrder {
  readonly ref: OrderRef;
  /** The name of the test that placed it: what its history shows. */
  readonly test: string;
}

export async function recordTests(client: Client, file: string, played: readonly PlayedOrder[]): Promise<void> {
  const index = JSON.parse(readFileSync(`${historiesFolder}index.json`, 'utf8')) as Record<string, string>;
  for (const [i, { ref, test }] of played.entries()) {
    for (const [j, runId] of (await runsOf(client, ref)).entries()) {
      const name = `${file}-${i + 1}-${j + 1}.json`;
      if (name in index) continue;
      const history = await client.workflow.getHandle(orderWorkflowId(ref), runId).fetchHistory();
      writeFileSync(historiesFolder + name, withoutHost(historyToJSON(history)) + '\n');
      index[name] = j === 0 ? test : `${test} (run ${j + 1})`;
    }
  }
  if (played.length > 0) writeFileSync(`${historiesFolder}index.json`, JSON.stringify(index, null, 2) + '\n');
}

/** The oldest first. Lists are late by moments: the newest run has to be among them. */
async function runsOf(client: Client, ref: OrderRef): Promise<string[]> {
  const { runId: newest } = await client.workflow.getHandle(orderWorkflowId(ref)).describe();
  return eventually(async () => {
    const runs: { runId: string; startTime: Date }[] = [];
    for await (const run of client.workflow.list({ query: `WorkflowId = '${orderWorkflowId(ref)}'` })) runs.push(run);
    const oldestFirst = runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime()).map(({ runId }) => runId);
    return oldestFirst.includes(newest) && oldestFirst;
  });
}
