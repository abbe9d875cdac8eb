import { beforeAll, expect, test } from 'vitest';
import type { EmbeddedTemporal } from '../../src/engine/embedded-temporal.ts';
import { countsOf, onceEach } from './books.ts';
import { letParcelsMove, loseTheEngine, placeInAllStages, startEmptyEngine } from './engine-loss.ts';
import { startSystem, type System } from './system.ts';

let system: System;
let engine: EmbeddedTemporal | undefined;
beforeAll(async () => {
  system = await startSystem({ sweepEverySeconds: 3, watchmanEverySeconds: 2 });
  return async () => {
    await system.stop();
    await engine?.stop();
    await system.end();
  };
});

test("the engine's database is lost: the watchman alone brings every order to its end, booked and recorded once", async () => {
  const placed = await placeInAllStages(system);
  // Some are being booked at this moment, and some come while nobody is there to carry them.
  for (const name of ['home delivery', 'pickup point', 'two parcels']) placed.push(await system.place(name));
  await loseTheEngine(system);
  for (const name of ['home delivery', 'to Åland', 'digital only']) placed.push(await system.place(name));

  engine = await startEmptyEngine(system);
  await letParcelsMove(system);
  await system.ended(placed, 90_000);
  expect(await countsOf(system, placed)).toEqual(onceEach(placed));
}, 180_000);
