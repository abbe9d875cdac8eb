import { beforeAll, expect, test } from 'vitest';
import { ask } from '../../harness/ask.ts';
import { countsOf, onceEach } from './books.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({ publicAddress: false, sweepEverySeconds: 2, watchmanEverySeconds: 3_600 });
  return system.end;
});

interface StoreBooks {
  readonly hash: string;
  readonly hooks: readonly unknown[];
  readonly deliveries: { readonly sent: number };
}

test('a house without a public address registers no hook, and delivers every order that its sweeps find', async () => {
  const kinds = ['home delivery', 'pickup point', 'two parcels', 'to Åland', 'digital only', 'two addresses'];
  const placed = [];
  for (const kind of kinds) placed.push(await system.place(kind));
  await system.ended(placed);
  expect(await countsOf(system, placed)).toEqual(onceEach(placed));

  const { stores } = await ask<{ stores: StoreBooks[] }>('GET', `${system.urls.bigcommerce}/_control/books`);
  for (const { hash, hooks, deliveries } of stores) {
    expect(hooks, `hooks of ${hash}`).toEqual([]);
    expect(deliveries.sent, `deliveries of ${hash}`).toBe(0);
  }
  const { rows } = await system.parts.pool.query('select distinct source from lahetti.inbox');
  expect(rows).toEqual([{ source: 'sweep' }]);
});

test('what happens to an order later is found by a sweep, too: paid, cancelled, paid after days at Incomplete', async () => {
  const kinds = ['paid later', 'cancelled unpaid', 'webhook lost'];
  const placed = [];
  for (const kind of kinds) placed.push(await system.place(kind));
  await system.ended(placed);
});
