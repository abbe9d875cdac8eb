import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import type { EmbeddedTemporal } from '../../src/engine/embedded-temporal.ts';
import { countsOf, onceEach } from './books.ts';
import { letParcelsMove, loseTheEngine, placeInAllStages, startEmptyEngine } from './engine-loss.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { eventually } from '../support/wait.ts';
import { startSystem, type System } from './system.ts';

let system: System;
let engine: EmbeddedTemporal | undefined;
beforeAll(async () => {
  // So seldom that neither schedule can be what brings the orders back.
  system = await startSystem({ sweepEverySeconds: 3_600, watchmanEverySeconds: 3_600 });
  return async () => {
    await system.stop();
    await engine?.stop();
    await system.end();
  };
});

/** The command line as a person starts it. */
async function lahetti(...args: string[]): Promise<string> {
  const program = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));
  const { parts, stateDir } = system;
  const env = {
    PATH: process.env['PATH'],
    LAHETTI_STATE_DIR: stateDir,
    DATABASE_URL: parts.databaseUrl,
    TEMPORAL_ADDRESS: parts.temporal.address,
  };
  return (await promisify(execFile)(process.execPath, ['--import', 'tsx', program, ...args], { env })).stdout;
}

test("the engine's database is lost: resume brings every order to its end, booked and recorded once", async () => {
  const placed = await placeInAllStages(system);
  const underWay = ['home delivery', 'pickup point', 'two parcels', 'home delivery', 'to Åland', 'digital only'];
  for (const name of underWay) placed.push(await system.place(name));
  await loseTheEngine(system);
  expect(await lahetti('health')).toContain('The engine (Temporal) was not reached');
  engine = await startEmptyEngine(system);
  // As an operator does it: the workers first, which prepare the empty engine.
  await system.killWorker(0);
  await system.startWorker(0);

  await letParcelsMove(system);
  expect(await lahetti('resume')).toContain('All of them were handed to the engine.');
  await system.ended(placed, 90_000);
  expect(await countsOf(system, placed)).toEqual(onceEach(placed));
  expect(await lahetti('runs', '--kind', 'watchman')).toContain('due');
}, 180_000);

test('a command from the command line is carried out by whatever worker runs, and the order shows live', async () => {
  const order = await system.place('paid later');
  const named = [order.storeHash, String(order.orderId)];
  await eventually(async () => (await loadOrderState(system.parts.pool, order))?.phase === 'waiting', {
    within: 30_000,
  });
  expect(await lahetti('orders', 'hold', ...named)).toContain('Done: hold');
  expect(await lahetti('orders', 'show', ...named)).toContain('on hold');

  await expect(lahetti('orders', 'cancel', ...named, '7')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The order has no shipment 7.'),
  });
  expect(await lahetti('orders', 'unhold', ...named)).toContain('Done: unhold');
  expect(await lahetti('orders', 'show', ...named)).toMatch(/no workflow runs|its workflow runs and says so/);
  await system.ended([order]);
}, 120_000);
