import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDF } from '@libpdf/core';
import { Client } from '@temporalio/client';
import { beforeAll, expect, test } from 'vitest';
import { canaries } from '../../demo/people.ts';
import { scenarios } from '../../demo/scenarios/all.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { PlacedOrder } from '../../demo/placed-orders.ts';
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

function expectNobody(text: string, where: string): void {
  expect(canaries.exec(text)?.[0], `a person in ${where}`).toBeUndefined();
  const { secret, apiToken } = system.memory.data;
  expect(text.includes(secret), `a secret in ${where}`).toBe(false);
  expect(text.includes(apiToken!), `the API token in ${where}`).toBe(false);
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
    expectNobody(`${history}\n${described}\n${details}`, `the workflow of ${order.storeHash}/${order.orderId}`);
    seen += 1;
  }
  expect(seen).toBe(scenarios.length);
});

test('no log of a process holds a person or a secret', () => {
  const ours = readdirSync(system.logFolder).filter((name) => name !== 'stand-ins.log');
  expect(ours.sort()).toEqual(['api.log', 'worker-1.log']);
  for (const name of ours) expectNobody(readFileSync(join(system.logFolder, name), 'utf8'), name);
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
