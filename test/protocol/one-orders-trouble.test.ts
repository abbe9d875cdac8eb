import { describe, expect, test } from 'vitest';
import type { OrderInHand } from './order.ts';
import { SendFailure } from '../../src/http-client/send-failure.ts';
import { runStep, withPatience } from './patience.ts';
import type { OnTheWay, Shop } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

/** Those of all orders; the question that is asked before is answered. */
const bookings = { method: 'POST', path: '/shipping/order' };

interface WireShipment {
  parcels: object[];
  prints: { href: string; data?: string }[];
}

/** Of each answer to a booking of this order. */
function changeBookings(shop: Shop, order: OrderInHand, change: (wire: WireShipment[]) => object[], files?: OnTheWay) {
  shop.meddle((request, answer) => {
    if (request.url.includes('/pdfs/') && files) return files(request, answer);
    if (request.method !== 'POST' || !request.body?.includes(anyAttemptOf(order))) return answer;
    return withText(answer, JSON.stringify(change(JSON.parse(answer.text()) as WireShipment[])));
  });
}

const withText = (answer: Parameters<OnTheWay>[1], text: string) => ({
  ...answer,
  ...{ status: 200, bytes: Buffer.from(text), text: () => text },
});

/** What every booking of its shipment says in its body. */
const anyAttemptOf = (order: OrderInHand): string => `"${order.reference(1).replace(/1$/, '')}`;

const withoutBytes = (wire: WireShipment[]) =>
  wire.map((s) => ({ ...s, prints: s.prints.map(({ data: _data, ...print }) => print) }));
const withoutPrints = (wire: WireShipment[]) => wire.map((s) => ({ ...s, prints: [] }));

const endLinks = (order: OrderInHand) =>
  world.pool.query(
    `update lahetti.labels set link_expires_at = now() where attempt_id in
       (select id from lahetti.booking_attempts where reference = $1)`,
    [order.reference(1)],
  );

const bookedToTheEnd = async (shop: Shop) =>
  expect(await (await shop.order()).bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });

describe('one label that is', () => {
  test.each([
    ['a page', '<html>Bad Gateway</html>'],
    ['empty', ''],
    ['JSON', '{"message": "soon"}'],
  ])(
    'a label that is %s pauses no other order, is asked for again, and given up with its link',
    async (_name, file) => {
      const shop = await world.shop();
      const order = await shop.order();
      changeBookings(shop, order, withoutBytes, (_request, answer) => withText(answer, file));
      await order.book();
      const keepLabel = () => runStep(() => shop.worker.keepLabel(order.shipment()));
      for (let n = 0; n < 5; n++) await expect(keepLabel()).rejects.toMatchObject({ code: 'posti_unreadable' });
      expect(await shop.troubles()).toEqual([]);
      await bookedToTheEnd(shop);

      await endLinks(order);
      expect((await keepLabel()).shipments).toMatchObject([{ phase: 'planned', lookAgain: true }]);
      shop.meddle();
      expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attempts: 2 });
    },
  );

  test.each([
    ['answers with an error', (href: string) => href, 503],
    ['is gone', (href: string) => href, 'name_not_found'],
    ['is none that may be asked', () => 'http://labels.example/1', 200],
  ] as const)(
    'a label whose host %s is asked for until its link ends, and the shipment is booked anew then',
    async (_name, hrefOf, file) => {
      const shop = await world.shop();
      const order = await shop.order();
      changeBookings(
        shop,
        order,
        (wire) =>
          withoutBytes(wire).map((s) => ({ ...s, prints: s.prints.map((p) => ({ ...p, href: hrefOf(p.href) })) })),
        (_request, answer) => {
          if (typeof file === 'string') throw new SendFailure('not_sent', file, { status: null, durationMs: 1 });
          return { ...withText(answer, ''), status: file };
        },
      );
      await order.book();
      const keepLabel = () => runStep(() => shop.worker.keepLabel(order.shipment()));
      await expect(keepLabel()).rejects.toMatchObject({ kind: 'retryable' });
      expect(await order.only()).toMatchObject({ phase: 'booked', attempts: 1 });

      await endLinks(order);
      expect((await keepLabel()).shipments).toMatchObject([{ phase: 'planned', lookAgain: true }]);
      expect(await shop.troubles()).toEqual([]);
      shop.meddle();
      expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attempts: 2 });
    },
  );

  test('a label whose host throttles is asked for after its link has ended, too', async () => {
    const shop = await world.shop();
    const order = await shop.order();
    changeBookings(shop, order, withoutBytes, (_request, answer) => ({ ...withText(answer, ''), status: 429 }));
    await order.book();
    await endLinks(order);
    await expect(runStep(() => shop.worker.keepLabel(order.shipment()))).rejects.toMatchObject({ kind: 'throttled' });
    expect(await order.only()).toMatchObject({ phase: 'booked', attempts: 1 });
  });

  test('a label behind a link of an unknown host waits until the host is configured, and pauses no other order', async () => {
    const shop = await world.shop();
    const order = await shop.order();
    changeBookings(shop, order, (wire) =>
      withoutBytes(wire).map((s) => ({
        ...s,
        prints: s.prints.map((p) => ({ ...p, href: 'http://labels.example/1' })),
      })),
    );
    await order.book();
    for (let n = 0; n < 5; n++)
      await expect(runStep(() => shop.worker.keepLabel(order.shipment()))).rejects.toMatchObject({
        code: 'posti_label_link_refused',
      });
    expect(await order.only()).toMatchObject({ phase: 'booked', attempts: 1 });
    expect(await shop.troubles()).toEqual([]);
  });

  test('a label that is gone each time needs a person after the fourth booking', async () => {
    const shop = await world.shop();
    const order = await shop.order();
    changeBookings(shop, order, (wire) =>
      withoutBytes(wire).map((s) => ({ ...s, prints: s.prints.map((p) => ({ ...p, href: `${p.href}-gone` })) })),
    );
    expect(await order.bookToTheEnd()).toMatchObject({
      ...{ phase: 'planned', attempts: 4, attention: { code: 'booking_outcome_unknown' } },
    });
    expect(await shop.troubles()).toEqual([]);
  });
});

describe('one order that Posti', () => {
  test('an order that Posti books without a label pauses no other order, and needs a person after four attempts', async () => {
    const shop = await world.shop({ speed: 20_000 });
    const order = await shop.order();
    changeBookings(shop, order, withoutPrints);
    await expect(order.bookOnce()).rejects.toMatchObject({ kind: 'paused', code: 'posti_fails_on_order' });
    expect(await shop.troubles()).toEqual([]);
    expect(await order.bookToTheEnd()).toMatchObject({
      ...{ attempts: 4, attention: { code: 'booking_outcome_unknown', commands: ['retry', 'resolve', 'cancel'] } },
    });
    expect((await order.problems())[0]?.problem).toMatch(/while it booked others/);
    expect(await shop.troubles()).toEqual([]);
    expect((await order.attempts()).every(({ watch }) => watch === 'confirmed_orphan')).toBe(true);

    shop.meddle();
    await order.command('retry');
    expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attempts: 5, attention: null });
  });

  test.each([
    ['answers with an error each time', { kind: 'status', status: 500, body: '' }, 'unknown'],
    ['answers with a page each time', { kind: 'html' }, 'unknown'],
    ['has no address for', { kind: 'status', status: 404, body: '' }, 'failed'],
  ] as const)(
    'an order that Posti %s pauses the others once at most, and needs a person in the end',
    async (_name, fault, state) => {
      const shop = await world.shop({ speed: 1_000 });
      const order = await shop.order();
      await world.posti.harm({ ...fault, times: -1, match: anyAttemptOf(order) });
      await order.bookOnce().catch(() => {});
      await bookedToTheEnd(shop);
      for (let attempt = 2; attempt <= 3; attempt++) {
        await expect(order.bookOnce()).rejects.toMatchObject({ code: 'posti_fails_on_order' });
        expect(await shop.troubles()).toEqual([]);
        await bookedToTheEnd(shop);
      }
      await order.bookOnce();
      expect(await order.only()).toMatchObject({ attempts: 4, attention: { code: 'booking_outcome_unknown' } });
      expect((await order.attempts()).map((attempt) => attempt.state)).toEqual([state, state, state, state]);
      expect(await shop.troubles()).toEqual([]);
      await shop.endWatch();
    },
  );

  test('an order that Posti refuses unread needs a person at once, and stops no other order', async () => {
    const shop = await world.shop();
    const order = await shop.order();
    const page = '<html><h1>403 ERROR</h1>Request blocked.</html>';
    await world.posti.harm({ kind: 'status', status: 403, body: page, times: -1, match: anyAttemptOf(order) });
    expect(await order.bookToTheEnd()).toMatchObject({ attempts: 1, attention: { code: 'posti_refused' } });
    expect((await order.problems())[0]?.problem).toMatch(/looks like an attack/);
    expect(await shop.troubles()).toEqual([]);
    await bookedToTheEnd(shop);
  });

  test('an order that met a general outage needs no person', async () => {
    const shop = await world.shop({ speed: 20_000 });
    const orders = await Promise.all(Array.from({ length: 5 }, () => shop.order()));
    const mend = await world.posti.harm({ ...bookings, kind: 'status', status: 500, body: '', times: -1 });
    // The account is paused after each of them, and one tries then: in turn, as where a thousand wait.
    for (let turn = 0; turn < 8; turn++)
      for (const order of orders) await withPatience(() => shop.worker.bookShipment(order.shipment()));
    for (const order of orders) expect(await order.only()).toMatchObject({ attempts: 8, attention: null });
    await mend();
    for (const order of orders) expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });
    await shop.endWatch();
  });

  test.each([
    ['an error', { kind: 'status', status: 500, body: '' }],
    ['a page', { kind: 'html' }],
  ] as const)(
    'an order that Posti answers with %s each time, while nothing else is booked, is not booked anew without end: a person is asked',
    async (_name, fault) => {
      const shop = await world.shop({ speed: 20_000 });
      const order = await shop.order();
      const mend = await world.posti.harm({ ...fault, times: -1, match: anyAttemptOf(order) });
      expect(await order.bookToTheEnd()).toMatchObject({
        ...{ attempts: 8, attention: { code: 'booking_outcome_unknown', commands: ['retry', 'resolve', 'cancel'] } },
      });
      expect((await order.problems())[0]?.problem).toMatch(/nothing else was booked meanwhile/);
      expect(await order.hasNextStep()).toBe(false);

      await mend();
      await order.command('retry');
      expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attempts: 9, attention: null });
      await shop.endWatch();
    },
  );

  test('an order that meets long maintenance of Posti needs no person: nothing was left at Posti', async () => {
    const shop = await world.shop({ speed: 20_000 });
    const order = await shop.order();
    const closed = {
      ...bookings,
      kind: 'status' as const,
      status: 503,
      body: '',
      headers: { 'retry-after': '0' },
      times: 12,
    };
    await world.posti.harm(closed);
    expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });
    expect((await order.attempts()).length).toBeGreaterThan(12);
  });
});

test('an address where nothing of Posti’s is pauses the account, refuses no order, and all are booked when it is mended', async () => {
  const shop = await world.shop({ speed: 1_000 });
  const orders = await Promise.all([shop.order(), shop.order(), shop.order()]);
  const mend = await world.posti.harm({ ...bookings, kind: 'status', status: 404, body: '', times: -1 });
  for (const order of orders) await order.bookOnce().catch(() => {});
  expect(await shop.troubles()).toMatchObject([{ system: 'posti', state: 'paused', reason: 'posti_address_unknown' }]);
  for (const order of orders) expect((await order.only()).attention).toBeNull();
  await mend();
  for (const order of orders) expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });
  expect(await shop.troubles()).toEqual([]);
});
