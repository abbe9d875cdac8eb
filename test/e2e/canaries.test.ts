import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PDF } from '@libpdf/core';
import { Client } from '@temporalio/client';
import { beforeAll, expect, test } from 'vitest';
import { canaries } from '../../harness/people.ts';
import { scenarios } from '../../harness/scenarios/all.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import { findLeaks, findLeaksInFiles, type Sought } from '../security/scan-for-secrets.ts';
import { columnsWith } from '../support/person-scan.ts';
import { startSystem, type System } from './system.ts';

let system: System;
let placed: PlacedOrder[];
beforeAll(async () => {
  system = await startSystem();
  return system.end;
});

beforeAll(async () => {
  placed = [];
  for (const { name } of scenarios) placed.push(await system.place(name));
  await system.ended(placed, 90_000);
});

/** All text of a value: of payloads and other bytes what they say, at every depth. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${textOf(inner)}`)
    .join('\n');
}

/** All that is secret in this run, and all its people. */
function sought(): Sought {
  const { secret, apiToken } = system.memory.data;
  const { password } = new URL(system.parts.databaseUrl);
  return {
    // Every secret of the shops and of Posti's accounts begins with the first.
    secrets: { 'a secret of a store': secret, 'the API token': apiToken!, "the database's password": password },
    people: canaries,
  };
}

test('no history, memo, search attribute or summary in the engine holds a person or a secret', async () => {
  const { connection, namespace } = system.parts.temporal;
  const client = new Client({ connection, namespace });
  let seen = 0;
  for (const order of placed) {
    const handle = client.workflow.getHandle(orderWorkflowId(order));
    const history = textOf(await handle.fetchHistory());
    // Payloads are read too, not only names.
    expect(history).toContain(`"storeHash":"${order.storeHash}"`);
    const described = textOf((await handle.describe()).raw);
    const details = textOf(await handle.query('__temporal_workflow_metadata'));
    const where = `the workflow of ${order.storeHash}/${order.orderId}`;
    expect(findLeaks(`${history}\n${described}\n${details}`, sought(), where)).toEqual([]);
    seen += 1;
  }
  expect(seen).toBe(scenarios.length);
});

test('no log of a process holds a person or a secret', async () => {
  const ours = readdirSync(system.logFolder).filter((name) => name !== 'stand-ins.log');
  expect(ours.sort()).toEqual(['api.log', 'worker-1.log']);
  const ofServers = readdirSync(system.stateDir).filter((name) => name.endsWith('.log'));
  expect(ofServers.sort()).toEqual(['postgres.log', 'temporal.log']);
  const files = [
    ...ours.map((name) => join(system.logFolder, name)),
    ...ofServers.map((name) => join(system.stateDir, name)),
  ];
  expect(await findLeaksInFiles(files, sought())).toEqual([]);
});

test('no process of the machine shows a secret in its arguments', () => {
  const args = execFileSync('ps', ['-eo', 'args=', '-ww'], { encoding: 'utf8' });
  // It shows whole lines, and those of all that we start.
  for (const program of ['src/main/api.ts', 'src/main/worker.ts', 'max_connections=', '--db-filename']) {
    expect(args).toContain(program);
  }
  expect(findLeaks(args, { ...sought(), people: [] }, 'ps')).toEqual([]);
});

test('no column of the database holds a secret that can be read', async () => {
  const { secret, apiToken } = system.memory.data;
  expect(await columnsWith(system.parts.pool, [secret, apiToken!])).toEqual([]);
  // The same search finds what is there: the shop's hash.
  expect(await columnsWith(system.parts.pool, ['demolanka'])).toContain('stores.store_hash');
});

test('the scan would have found them: the shop has all of these people', async () => {
  for (const { storeHash, orderId, scenario } of placed) {
    if (scenario.name === 'digital only') continue;
    expect(textOf(await system.shop.orderBooks(storeHash, orderId))).toMatch(canaries);
  }
});

test('labels come over the API in both sizes that shops choose', async () => {
  const sizes = { demolanka: [148, 210], demopata: [107, 225] } as const;
  for (const [storeHash, [width, height]] of Object.entries(sizes)) {
    const { orderId } = placed.find((order) => order.storeHash === storeHash && order.state?.phase === 'done')!;
    const [label] = await system.api.labels(storeHash, orderId);
    const page = (await PDF.load(await system.api.labelFile(label!.id))).getPage(0)!;
    const millimetres = [page.width, page.height]
      .map((points) => Math.round((points / 72) * 25.4))
      .sort((a, b) => a - b);
    expect(millimetres).toEqual([width, height]);
  }
});
