import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { inTransaction, type Pool } from '../../src/db/pool.ts';
import { AppError } from '../../src/errors.ts';
import { hintWaitingOrders } from '../../src/orders/waiting.sql.ts';
import { keepScans } from '../../src/tracking/tracking.sql.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { testDatabase } from '../support/postgres.ts';
import { aLabelFile, anOrderDesk, only, type OrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

const planned = async (): Promise<OrderDesk> => {
  const desk = await anOrderDesk(pool);
  await desk.look();
  return desk;
};

const booked = async (): Promise<OrderDesk> => {
  const desk = await planned();
  await desk.book();
  return desk;
};

test('a command that is carried out twice has one outcome and one effect', async () => {
  const desk = await planned();
  const first = await desk.command('cancel', { n: 1 });
  const second = await first.again();
  expect(second.outcome).toEqual({ outcome: 'done' });
  expect((await desk.timeline()).filter((t) => t.what === 'cancelled')).toEqual([
    { what: 'cancelled', who: 'aino', words: 'Cancelled before it was booked.' },
  ]);
});

test('a command for an order that nobody has is refused with a sentence', async () => {
  const desk = await anOrderDesk(pool);
  const { outcome, state } = await desk.command('hold');
  expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('has no order') });
  expect(state).toBeNull();
  const unknown = await desk.steps.applyCommand(desk.ref, { commandId: randomUUID(), kind: 'hold', n: null });
  expect(unknown.outcome.outcome).toBe('refused');
});

test('a misspelt field is refused by name, and changes nothing', async () => {
  const desk = await planned();
  const { outcome } = await desk.command('change', { n: 1, body: { adress: { city: 'Espoo' } } });
  expect(outcome.outcome).toBe('refused');
  expect(outcome.reason).toMatch(/adress/);
  expect(outcome.reason).not.toMatch(/Espoo/);
});

test('a planned shipment that a person cancelled ends at once and is not planned again until somebody says book', async () => {
  const desk = await planned();
  const { state } = await desk.command('cancel', { n: 1 });
  expect(only(state).phase).toBe('cancelled');
  expect(await desk.look()).toMatchObject({ phase: 'cancelled', unshipped: { cancelled_by_a_person: 1 } });
  await desk.command('book');
  expect((await desk.look()).shipments.map((s) => s.phase)).toEqual(['cancelled', 'planned']);
});

test('a whole order that was cancelled keeps back what is added later, too', async () => {
  const desk = await planned();
  await desk.command('cancel');
  const [line] = desk.shop.wire.lines;
  desk.shop.wire = { ...desk.shop.wire, lines: [line!, { ...line!, id: 2 }] };
  expect(await desk.look()).toMatchObject({ phase: 'cancelled', unshipped: { cancelled_by_a_person: 2 } });
});

test('a cancellation that meets an attempt waits for its answer, and takes back what was booked', async () => {
  const desk = await planned();
  desk.carrier.answers.push(async (booking) => {
    const { state } = await desk.command('cancel', { n: 1 });
    expect(only(state)).toMatchObject({ phase: 'planned', cancelling: true, attemptOut: true });
    expect(nextStep(only(state))).toBe('book');
    return { outcome: 'created', carrierShipmentId: null, trackingNumbers: [`JJ${booking.reference}`], labels: [] };
  });
  const state = await desk.book();
  expect(only(state)).toMatchObject({ phase: 'booked', cancelling: true });
  expect(nextStep(only(state))).toBe('withdraw');
});

test.each([
  ['refused', { outcome: 'refused', code: 'E41', words: 'no' }],
  ['unknown', { outcome: 'unknown', code: 'timeout', trackingNumbers: [] }],
] as const)(
  'a cancellation whose attempt comes to nothing (%s) ends the shipment, and books no more',
  async (_name, answer) => {
    const desk = await planned();
    desk.carrier.answers.push(async () => {
      await desk.command('cancel', { n: 1 });
      return answer;
    });
    expect(only(await desk.book())).toMatchObject({ phase: 'cancelled', attention: null });
    await desk.look();
    await desk.book();
    expect(desk.carrier.booked).toHaveLength(1);
  },
);

test('what Posti has scanned cannot be cancelled: what follows is a return', async () => {
  const desk = await booked();
  await desk.scan();
  const { outcome, state } = await desk.command('cancel', { n: 1 });
  expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('what follows is a return') });
  expect(only(state)).toMatchObject({ phase: 'booked', cancelling: false });
});

test('a label that was handed out is taken back only on the word that it was destroyed', async () => {
  const desk = await booked();
  await desk.handOut();
  const without = await desk.command('cancel', { n: 1 });
  // In the words of whoever asks: the API's field, and the command line's flag.
  for (const word of ['"labelDestroyed": true', '--label-destroyed'])
    expect(without.outcome).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(word) });
  expect(only(without.state).attention?.code).toBe('label_handed_out');
  const given = await desk.command('cancel', { n: 1, body: { labelDestroyed: true } });
  expect(only(given.state)).toMatchObject({ cancelling: true, attention: null });
});

test('a hold blocks at once, and its end lets the next look go on', async () => {
  const desk = await planned();
  const held = await desk.command('hold');
  expect(held.state?.onHold).toBe(true);
  expect(only(held.state).blocked).toBe('on_hold');
  expect(only(await desk.book()).phase).toBe('planned');
  await desk.command('unhold');
  expect(only(await desk.look()).blocked).toBeNull();
});

test('a retry books again what Posti refused, and says what has to be corrected first where nothing can be booked', async () => {
  const desk = await planned();
  desk.carrier.answers.push(() => ({ outcome: 'refused', code: 'E41', words: 'Pickup point closed' }));
  expect(only(await desk.book()).attention?.code).toBe('pickup_point_inactive');
  const { state } = await desk.command('retry', { n: 1 });
  expect(nextStep(only(state))).toBe('book');
  expect(only(await desk.book()).phase).toBe('booked');

  const bad = await anOrderDesk(pool, { settings: { defaultService: null } });
  await bad.look();
  const { outcome } = await bad.command('retry', { n: 1 });
  expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('service not chosen') });
});

test('a change before booking is planned before anything is booked', async () => {
  const desk = await planned();
  const { state } = await desk.command('change', { n: 1, body: { address: { street1: 'Uusi katu 3' } } });
  expect(nextStep(only(state))).toBeNull();
  await desk.book();
  expect(desk.carrier.booked).toEqual([]);
  expect(nextStep(only(await desk.look()))).toBe('book');
  await desk.book();
  expect(desk.carrier.booked[0]?.receiver.address1).toBe('Uusi katu 3');
});

test('a change while an attempt is out is refused', async () => {
  const desk = await planned();
  desk.carrier.answers.push(async (booking) => {
    const { outcome } = await desk.command('change', { n: 1, body: { pickupPointId: null } });
    expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('is out') });
    return { outcome: 'created', carrierShipmentId: null, trackingNumbers: [`JJ${booking.reference}`], labels: [] };
  });
  await desk.book();
  expect(desk.carrier.booked).toHaveLength(1);
});

test('a change after booking supersedes the label and gives the same record in the shop the new number', async () => {
  const desk = await booked();
  const before = only(await desk.tell()).trackingNumbers[0];
  await desk.command('change', { n: 1, body: { address: { street1: 'Uusi katu 3' } } });
  expect(only(await desk.look())).toMatchObject({ phase: 'planned', blocked: null, attention: null });
  await desk.book();
  const state = await desk.tell();
  const after = only(state).trackingNumbers[0];
  expect(after).not.toBe(before);
  expect(desk.shop.shipments.map((s) => s.tracking_number)).toEqual([after]);
  expect(await desk.attempts()).toMatchObject([
    { state: 'superseded', watch: 'superseded', numbers: [before] },
    { state: 'live', watch: null },
  ]);
  expect((await desk.look()).phase).toBe('under_way');
});

test('what a person resolved is not raised again, and another change is', async () => {
  const desk = await booked();
  const move = (city: string) => {
    const addresses = desk.shop.wire.addresses.map((a) => ({ ...a, city }));
    desk.shop.wire = { ...desk.shop.wire, addresses };
  };
  move('Espoo');
  expect(only(await desk.look()).attention?.code).toBe('label_no_longer_matches');
  const { state } = await desk.command('resolve');
  expect(only(state).attention).toBeNull();
  expect(only(await desk.look()).attention).toBeNull();
  move('Vantaa');
  expect(only(await desk.look()).attention?.code).toBe('label_no_longer_matches');
});

test('a handed out label of an order that the shop cancelled asks a person once', async () => {
  const desk = await booked();
  await desk.handOut();
  desk.shop.setStatus(5);
  expect(only(await desk.look())).toMatchObject({ cancelling: false, attention: { code: 'label_handed_out' } });
  await desk.command('resolve');
  expect(only(await desk.look())).toMatchObject({ cancelling: false, attention: null });
});

test('silence that a person accepted is not raised again', async () => {
  const desk = await booked();
  const listen = () =>
    inTransaction(pool, (tx) =>
      keepScans(tx, desk.shipment(1), [], { beforeFirstScan: 1, betweenScans: 1 }, new Date(Date.now() + 86_400_000)),
    );
  await listen();
  expect(only(await desk.look()).attention?.code).toBe('no_scan_for_too_long');
  expect(only((await desk.command('resolve')).state).attention).toBeNull();
  await listen();
  expect(only(await desk.look()).attention).toBeNull();
});

test('a booking that nobody could tell of is ours once a person has found it, with its label', async () => {
  const desk = await anOrderDesk(pool, { settings: { onUnknown: 'ask' } });
  await desk.look();
  desk.carrier.answers.push(() => ({ outcome: 'unknown', code: 'timeout', trackingNumbers: [] }));
  expect(only(await desk.book()).attention?.code).toBe('booking_outcome_unknown');
  const half = await desk.command('resolve', { n: 1, body: { trackingNumbers: ['JJFI61234567890123456'] } });
  expect(half.outcome.outcome).toBe('refused');
  const body = { trackingNumbers: ['JJFI61234567890123456'], labelPdfBase64: aLabelFile };
  const { state } = await desk.command('resolve', { n: 1, body });
  expect(only(state)).toMatchObject({ phase: 'booked', labelKept: true, trackingNumbers: ['JJFI61234567890123456'] });
  expect(await desk.attempts()).toMatchObject([{ state: 'live', watch: null }]);
});

test('marking a label as printed tells a shop that waits for it', async () => {
  const desk = await anOrderDesk(pool, { settings: { writeBack: { moment: 'printed' } } });
  await desk.look();
  await desk.book();
  expect(only(await desk.tell()).told).toBe('waits_for_print');
  const { state } = await desk.command('mark_printed');
  expect(only(state)).toMatchObject({ told: 'not_yet', labelHandedOut: true });
  expect(only(await desk.tell()).told).toBe('told');
});

test('a record that the shop refused is told again on a retry', async () => {
  const desk = await booked();
  desk.shop.nextCreate = () =>
    Promise.reject(new AppError('The shop said no.', { kind: 'refused', code: 'bigcommerce_refused' }));
  expect(only(await desk.tell()).attention?.code).toBe('shop_refused_shipment');
  expect(nextStep(only((await desk.command('retry', { n: 1 })).state))).toBe('tell');
  expect(only(await desk.tell())).toMatchObject({ told: 'told', attention: null });
});

test("the engine's cancel takes back what can be taken back, and says why the rest stays", async () => {
  const desk = await booked();
  await desk.scan();
  const state = await desk.steps.cancelForEngine(desk.ref);
  expect(only(state)).toMatchObject({ phase: 'booked', cancelling: false });
  expect(await desk.timeline()).toContainEqual(
    expect.objectContaining({ who: 'engine', words: expect.stringContaining('what follows is a return') }),
  );
  const other = await planned();
  expect(only(await other.steps.cancelForEngine(other.ref)).phase).toBe('cancelled');
  expect((await other.steps.cancelForEngine(other.ref)).phase).toBe('cancelled');
});

test('other settings wake the orders that wait', async () => {
  const desk = await anOrderDesk(pool, { settings: { mode: 'observe' } });
  expect((await desk.look()).phase).toBe('waiting');
  expect(await hintWaitingOrders(pool, desk.store.id, 'api')).toBe(1);
  desk.chooseSettings({});
  expect((await desk.look()).phase).toBe('under_way');
  expect(await hintWaitingOrders(pool, desk.store.id, 'api')).toBe(0);
});
