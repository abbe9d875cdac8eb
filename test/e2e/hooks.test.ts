import { beforeAll, expect, test } from 'vitest';
import { ask } from '../../harness/ask.ts';
import { eventually } from '../support/wait.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  // No sweep comes to anybody's help.
  system = await startSystem({ sweepEverySeconds: 3_600, watchmanEverySeconds: 3_600 });
  return system.end;
});

/** A tenth of a real second, and half an hour of the stand-ins' clock. */
const often = { within: 60_000, every: 100 };

interface StoreBooks {
  readonly hooks: readonly { readonly isActive: boolean }[];
  /** How often a hook was switched off, since nobody took its deliveries. */
  readonly deliveries: { readonly exhausted: number };
}

const booksOf = (storeHash: string) =>
  ask<StoreBooks>('GET', `${system.urls.bigcommerce}/_control/stores/${storeHash}/books`);

test('hooks that the shop switched off after two days without an answer are switched on, and tell of the next order', async () => {
  const unheard = await system.place('home delivery');
  const { storeHash } = unheard;
  await system.ended([unheard]);

  await system.stopApi();
  // Nobody answers, and the shop goes on trying for two days of its clock.
  await system.shop.pauseWebhooks(false);
  await system.shop.order(storeHash, unheard.orderId).change({ staffNotes: 'Nobody hears of it.' });
  await eventually(async () => (await booksOf(storeHash)).deliveries.exhausted > 0, often);

  // The workers look after the hooks, whether or not the API is there.
  await eventually(async () => (await booksOf(storeHash)).hooks.every(({ isActive }) => isActive), often);
  await system.startApi();
  const told = [await system.place('home delivery'), await system.place('home delivery')];
  expect(told.map((order) => order.storeHash)).toContain(storeHash);
  await system.ended(told);
});
