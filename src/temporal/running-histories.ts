import { Client } from '@temporalio/client';
import type { EngineConnection } from './connection.ts';
import type { Replayable } from './replay.ts';

/**
 * Histories of what runs on an engine now, the longest-running first, at most `limit`: of the ten times as many that the
 * engine lists first, which are the newest where more run than that. Read-only. A run that ends meanwhile is as good as any.
 */
export async function* runningHistories(
  { connection, namespace }: EngineConnection,
  limit: number,
): AsyncGenerator<Replayable> {
  const client = new Client({ connection, namespace });
  const found: { workflowId: string; runId: string; startTime: Date }[] = [];
  for await (const { workflowId, runId, startTime } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
    found.push({ workflowId, runId, startTime });
    // Enough to choose from, without reading the list of a year.
    if (found.length >= limit * 10) break;
  }
  found.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  for (const { workflowId, runId } of found.slice(0, limit)) {
    yield { workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() };
  }
}
