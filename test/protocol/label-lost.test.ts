import { expect, test } from 'vitest';
import { expectExactlyOneLive } from './exactly-one.ts';
import { withPatience } from './patience.ts';
import type { Shop } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

/** The next booking's answer has no bytes of the label, and its link leads nowhere. */
function loseNextLabel(shop: Shop): void {
  shop.meddle((request, answer) => {
    if (request.method !== 'POST' || !request.body?.includes('senderReference')) return answer;
    shop.meddle();
    const shipments = JSON.parse(answer.text()) as { prints: { href: string; data?: string }[] }[];
    const text = JSON.stringify(
      shipments.map((s) => ({
        ...s,
        prints: s.prints.map(({ data: _data, ...p }) => ({ ...p, href: `${p.href}-gone` })),
      })),
    );
    return { ...answer, bytes: Buffer.from(text), text: () => text };
  });
}

async function bookedWithoutLabel() {
  const shop = await world.shop();
  const order = await shop.order();
  loseNextLabel(shop);
  await order.book();
  expect(await order.only()).toMatchObject({ phase: 'booked', labelKept: false });
  const keepLabel = () => withPatience(() => shop.worker.keepLabel(order.shipment()));
  return { order, keepLabel };
}

test('a booking whose label is gone is booked anew, after a look', async () => {
  const { order, keepLabel } = await bookedWithoutLabel();
  expect((await keepLabel()).shipments).toMatchObject([{ phase: 'planned', lookAgain: true }]);
  await order.bookToTheEnd();
  expect(await order.attempts()).toMatchObject([{ state: 'superseded', watch: 'confirmed_orphan' }, { state: 'live' }]);
  await expectExactlyOneLive(order, [order.reference(1)]);
});

test('a booking whose label is gone is not booked anew while the order is on hold', async () => {
  const { order, keepLabel } = await bookedWithoutLabel();
  await order.command('hold', {}, null);
  await keepLabel();
  await order.book();
  await order.look();
  await order.book();
  expect(await order.only()).toMatchObject({ phase: 'planned', blocked: 'on_hold', attempts: 1 });
  await order.command('unhold', {}, null);
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attempts: 2 });
});
