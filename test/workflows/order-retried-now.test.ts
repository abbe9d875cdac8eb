import { ApplicationFailure } from '@temporalio/common';
import { beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/wait.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';
import { aFollowedShipment } from './support/order-states.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order-retried-now');
});

const minutes = 60_000;
const waiting = (type: string) => () =>
  ApplicationFailure.create({ type, message: 'It waits.', nextRetryDelay: 5 * minutes });

test('a booking that waits for an account which works again is tried at once', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  world.fail('bookShipment', ref, 1, waiting('posti_paused'));
  await engine.hintOrder(ref);
  await world.tried('bookShipment', ref);
  await eventually(async () => (await engine.retrySteps(ref, { byPerson: false })) === 1);
  await world.tried('bookShipment', ref, 2);
  await eventually(() => world.state(ref).shipments[0]?.phase === 'booked');
});

test('what waits for something else is left alone, unless a person asks for it', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  world.fail('tellShop', ref, 1, waiting('bigcommerce_unavailable'));
  await engine.hintOrder(ref);
  await world.tried('tellShop', ref);
  await eventually(async () => {
    const live = await engine.liveState(ref);
    return live.kind === 'running' && live.activities.some(({ nextAttemptAt }) => nextAttemptAt !== null);
  });
  expect(await engine.retrySteps(ref, { byPerson: false })).toBe(0);
  expect(await engine.retrySteps(ref, { byPerson: true })).toBe(1);
  await world.tried('tellShop', ref, 2);
});

test('the next look at a parcel keeps its time, and an order that does not run has nothing to try', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  world.fail('followParcels', ref, 1, waiting('nothing_new'));
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref);
  expect(await engine.retrySteps(ref, { byPerson: true })).toBe(0);
  expect(await engine.retrySteps(world.place(), { byPerson: true })).toBe(0);
});
