import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import { restartInTurn } from '../../harness/restart-in-turn.ts';
import { countsOf, onceEach } from './books.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({ workers: 2, speed: 4_000 });
  return system.end;
});

const kinds = ['home delivery', 'pickup point', 'two parcels', 'to Åland'];

/** Places orders, a few at a time, for as long as `work` lasts, and keeps looking at them. */
async function whileOrdersCome<T>(placed: PlacedOrder[], work: Promise<T>): Promise<T> {
  let over = false;
  const outcome = work.finally(() => (over = true));
  outcome.catch(() => undefined);
  while (!over) {
    const open = placed.filter(({ isRight }) => !isRight).length;
    for (let i = open; i < 45; i++) placed.push(await system.place(kinds[placed.length % kinds.length]!));
    // It asks our API, which is one of those that are restarted.
    await system.orders.look().catch(() => undefined);
    await delay(200);
  }
  return outcome;
}

test('both workers and the API are restarted in turn under load: nothing is lost, nothing is done twice', async () => {
  const placed: PlacedOrder[] = [];
  const restarts = await whileOrdersCome(placed, restartInTurn(system, system.orders, { ordersUnderWay: 30 }));

  expect(restarts.map(({ name }) => name)).toEqual(['worker-1', 'worker-2', 'api']);
  for (const { underWay } of restarts) expect(underWay).toBeGreaterThanOrEqual(30);
  await system.ended(placed, 120_000);
  expect(await countsOf(system, placed)).toEqual(onceEach(placed));

  // An orderly end leaves no attempt of which nobody knows what came of it.
  const { rows } = await system.parts.pool.query<{ state: string }>(
    'select distinct state from lahetti.booking_attempts order by state',
  );
  expect(rows.map(({ state }) => state)).toEqual(['live']);
}, 420_000);
