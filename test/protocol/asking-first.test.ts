import { expect, test } from 'vitest';
import { aSmallLabel } from '../support/label-file.ts';
import { expectExactlyOneLive } from './exactly-one.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

/** An order of a shop that wants to be asked, whose first booking got no answer. */
async function unanswered(kind: 'hangup-before' | 'hangup-after') {
  const shop = await world.shop({ settings: { onUnknown: 'ask' }, speed: 20_000 });
  const order = await shop.order();
  await world.posti.harm({ kind, match: `"${order.reference(1)}"` });
  await order.bookToTheEnd();
  return { shop, order };
}

test('a shop that wants to be asked is asked in words that say where to look and what to do', async () => {
  const { order } = await unanswered('hangup-before');
  expect((await order.only()).attention).toMatchObject({
    code: 'booking_outcome_unknown',
    commands: expect.arrayContaining(['resolve', 'retry']) as string[],
  });
  const { problem, remedy } = (await order.problems())[0]!;
  expect(problem).toContain(`shipment 1 of order ${order.ref.orderId}`);
  expect(remedy).toMatch(/OmaPosti Pro/);
  expect(remedy).toMatch(/"resolve".*label/);
  expect(remedy).toMatch(/"retry"/);
});

test('nothing more is booked while a person has not answered', async () => {
  const { order } = await unanswered('hangup-before');
  await order.book();
  await order.look();
  await order.book();
  expect(await order.bookings()).toEqual([]);
  expect(await order.attempts()).toHaveLength(1);
});

test('a booking that a person found at Posti becomes the live one, with the number and label that they gave', async () => {
  const { order } = await unanswered('hangup-after');
  const [booking] = await order.bookings();
  const numbers = booking!.parcels.map(({ parcelNo }) => parcelNo);
  const label = Buffer.from(aSmallLabel).toString('base64');
  const outcome = await order.command('resolve', { trackingNumbers: numbers, labelPdfBase64: label });
  expect(outcome).toEqual({ outcome: 'done' });

  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', trackingNumbers: numbers, labelKept: true });
  expect(await order.attempts()).toMatchObject([{ state: 'live', watch: null }]);
  expect(await order.bookings()).toHaveLength(1);
  await order.tell();
  expect((await order.inShop()).shipments).toMatchObject([{ tracking_number: numbers[0] }]);
});

test('the word that Posti has no such booking books the next attempt, and goes on watching the old reference', async () => {
  const { order } = await unanswered('hangup-before');
  expect(await order.command('retry')).toEqual({ outcome: 'done' });
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });
  expect(await order.attempts()).toMatchObject([{ state: 'unknown', watch: 'possible_orphan' }, { state: 'live' }]);
  await expectExactlyOneLive(order);
});

test('a retry by mistake, where Posti had booked after all, leaves a listed orphan and one live shipment', async () => {
  const { shop, order } = await unanswered('hangup-after');
  await order.command('retry');
  await order.bookToTheEnd();
  await expectExactlyOneLive(order);
  await shop.watch();
  expect(await order.attempts()).toMatchObject([{ watch: 'confirmed_orphan' }, { state: 'live' }]);
});

test('an attempt that got no answer is asked about only where the shop wants it', async () => {
  const shop = await world.shop({ speed: 20_000 });
  const order = await shop.order();
  await world.posti.harm({ kind: 'hangup-after', match: `"${order.reference(1)}"` });
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });
});
