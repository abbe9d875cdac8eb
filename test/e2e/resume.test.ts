import { beforeAll, expect, test } from 'vitest';
import { countsOf, onceEach } from './books.ts';
import { letParcelsMove, placeInAllStages, startLosableSystem, type LosableSystem } from './engine-loss.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { eventually } from '../support/wait.ts';

let system: LosableSystem;
beforeAll(async () => {
  // So seldom that neither schedule can be what brings the orders back.
  system = await startLosableSystem({ sweepEverySeconds: 3_600, watchmanEverySeconds: 3_600 });
  return system.end;
});

test("the engine's database is lost: resume brings every order to its end, booked and recorded once", async () => {
  const placed = await placeInAllStages(system);
  const underWay = ['home delivery', 'pickup point', 'two parcels', 'home delivery', 'to Åland', 'digital only'];
  for (const name of underWay) placed.push(await system.place(name));
  await system.engine.lose();
  expect(await system.lahetti('health')).toContain('The engine (Temporal) was not reached');
  await system.engine.startEmpty();
  // As an operator does it: the workers first, which prepare the empty engine.
  await system.killWorker(0);
  await system.startWorker(0);

  await letParcelsMove(system);
  expect(await system.lahetti('resume')).toContain('All of them were handed to the engine.');
  await system.ended(placed, 90_000);
  expect(await countsOf(system, placed)).toEqual(onceEach(placed));
  expect(await system.lahetti('runs', '--kind', 'watchman')).toContain('due');
}, 180_000);

test('a command from the command line is carried out by whatever worker runs, and the order shows live', async () => {
  const order = await system.place('paid later');
  const named = [order.storeHash, String(order.orderId)];
  await eventually(async () => (await loadOrderState(system.parts.pool, order))?.phase === 'waiting', {
    within: 30_000,
  });
  expect(await system.lahetti('orders', 'hold', ...named)).toContain('Done: hold');
  expect(await system.lahetti('orders', 'show', ...named)).toContain('on hold');

  await expect(system.lahetti('orders', 'cancel', ...named, '7')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The order has no shipment 7.'),
  });
  expect(await system.lahetti('orders', 'unhold', ...named)).toContain('Done: unhold');
  expect(await system.lahetti('orders', 'show', ...named)).toMatch(/no workflow runs|its workflow runs and says so/);
  await system.ended([order]);
}, 120_000);
