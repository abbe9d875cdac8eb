import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { prepareNamespace } from '../../../src/temporal/namespace.ts';
import { searchAttributes } from '../../../workflows/contract.ts';
import { eventually } from '../../support/wait.ts';

/** Makes a namespace of the test server with our search attributes, for workers that nobody else's orders may reach. */
export async function makeNamespace(connection: Connection, namespace: string): Promise<void> {
  const retention = msToTs('1 day');
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
  const names = Object.values(searchAttributes).map(({ name }) => [name, 'Keyword'] as const);
  const needs = { namespace, searchAttributes: Object.fromEntries(names), embedded: true, retentionDays: 1 };
  // A server knows a new namespace some seconds after it was made.
  await eventually(() => prepareNamespace(connection, needs).then(() => true), { within: 30_000, every: 500 });
}
