import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { closeAttempt, openAttempt, type OpenAttempt, type Opening } from '../../src/booking/attempts.sql.ts';
import { outcomeUnknown, postiRefused } from '../../src/booking/attentions.ts';
import type { BookingAnswer } from '../../src/carriers/port.ts';
import type { Pool } from '../../src/db/pool.ts';
import { createLabelChecker } from '../../src/labels/checker.ts';
import { examineLabels } from '../../src/labels/examine.ts';
import { keepPdf, missingLabel } from '../../src/labels/labels.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { aSheet } from '../unit/labels/corpus/write-pdf.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, created, only, type OrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

const late = { takeOverAfterMs: 60_000 };
const atOnce = { takeOverAfterMs: 0 };
const linkLifeMs = 60_000;

const planned = async (): Promise<OrderDesk> => {
  const desk = await anOrderDesk(pool);
  await desk.look();
  return desk;
};

const opened = (opening: Opening) => {
  if (opening.open !== 'opened') throw new Error(`The attempt was expected to be opened, and is ${opening.open}.`);
  return opening;
};

const answered = (desk: OrderDesk, attempt: OpenAttempt, answer: BookingAnswer) =>
  closeAttempt(pool, desk.shipment(1), attempt, answer, linkLifeMs);

const stateOf = async (desk: OrderDesk) => only((await loadOrderState(pool, desk.ref)) ?? null);

test('two workers that book one shipment at once send one booking, and the other waits', async () => {
  const desk = await planned();
  const openings = await Promise.all([1, 2, 3].map(() => openAttempt(pool, desk.shipment(1), late)));
  expect(openings.map((o) => o.open).sort()).toEqual(['opened', 'out', 'out']);
  for (const o of openings) if (o.open === 'out') expect(o.waitMs).toBeGreaterThan(0);
  expect(await desk.attempts()).toHaveLength(1);
});

test('a label with a script is kept and live, needs a look, and holds nothing up', async () => {
  const desk = await planned();
  const pdf = aSheet({ media: '/MediaBox [0 0 420 595]', catalog: '/OpenAction << /S /JavaScript /JS (1) >>' });
  desk.carrier.answers.push((booking) =>
    Promise.resolve({
      ...created(booking),
      labels: [{ kind: 'ADDRESSLABEL', media: 'laser-a5', pdf, link: null }],
    }),
  );
  const state = only(await desk.book());
  expect(state).toMatchObject({ phase: 'booked', labelKept: true, attention: { code: 'label_looks_odd' } });
  expect(nextStep(state)).toBe('tell');
  const { rows } = await pool.query<{ pdf: Buffer; doubts: string[] }>(
    `select l.pdf, l.doubts from lahetti.labels l join lahetti.shipments s on s.id = l.shipment_id
       join lahetti.orders o on o.id = s.order_pk where o.order_id = $1`,
    [desk.ref.orderId],
  );
  expect(rows[0]!.doubts).toEqual(['label_with_script']);
  expect(rows[0]!.pdf.equals(Buffer.from(pdf))).toBe(true);

  await desk.command('resolve');
  expect(await stateOf(desk)).toMatchObject({ phase: 'booked', attention: null });
});

test('a label that is only of a size that is not known is kept with that noted, and nobody is asked', async () => {
  const desk = await planned();
  const pdf = aSheet({ media: '/MediaBox [0 0 595 842]' });
  const labels = [{ kind: 'ADDRESSLABEL', media: 'laser-a5', pdf, link: null }];
  desk.carrier.answers.push((booking) => Promise.resolve({ ...created(booking), labels }));
  expect(only(await desk.book())).toMatchObject({ phase: 'booked', attention: null });
});

test('a booking is written down before anybody looks into its label, and a label that nobody can look into needs a look', async () => {
  const desk = await planned();
  const { attempt, booking } = opened(await openAttempt(pool, desk.shipment(1), late));
  const pdf = aSheet({ media: '/MediaBox [0 0 420 595]' });
  const labels = [{ kind: 'ADDRESSLABEL', media: 'laser-a5', pdf, link: null }];
  await answered(desk, attempt, { ...created(booking), labels } as BookingAnswer);
  expect(await stateOf(desk)).toMatchObject({ phase: 'booked', labelKept: true, attention: null });
  const doubts = async () => {
    const { rows } = await pool.query<{ doubts: string[] }>(
      `select l.doubts from lahetti.labels l where l.attempt_id = $1`,
      [attempt.id],
    );
    return rows[0]!.doubts;
  };
  expect(await doubts()).toEqual(['label_not_examined']);

  const inTime = createLabelChecker();
  const tooLate = createLabelChecker({ limitMs: 1 });
  const now = () => new Date();
  await examineLabels({ pool, checker: tooLate, now }, desk.shipment(1));
  expect(await stateOf(desk)).toMatchObject({ phase: 'booked', attention: { code: 'label_looks_odd' } });
  await examineLabels({ pool, checker: inTime, now }, desk.shipment(1));
  expect(await doubts()).toEqual([]);
  await Promise.all([inTime.close(), tooLate.close()]);
});

test('two workers that fetch a missing label at once keep the first file, which may be printed already', async () => {
  const desk = await planned();
  const labels = [{ kind: 'ADDRESSLABEL', media: 'laser-a5', pdf: null, link: 'https://labels.example/1' }];
  desk.carrier.answers.push((booking) => Promise.resolve({ ...created(booking), labels } as BookingAnswer));
  await desk.book();
  const { id } = (await missingLabel(pool, desk.shipment(1)))!;
  await keepPdf(pool, desk.shipment(1), id, Buffer.from('the first'));
  await pool.query(`update lahetti.labels set doubts = '{}' where id = $1`, [id]);
  await keepPdf(pool, desk.shipment(1), id, Buffer.from('the second'));
  const { rows } = await pool.query<{ pdf: Buffer; doubts: string[] }>(
    'select pdf, doubts from lahetti.labels where id = $1',
    [id],
  );
  expect(rows).toEqual([{ pdf: Buffer.from('the first'), doubts: [] }]);
});

test('the attempt is committed before anything is sent', async () => {
  const desk = await planned();
  let seen: unknown;
  desk.carrier.answers.push(async (booking) => {
    seen = (await desk.attempts()).map((a) => a.state);
    return created(booking);
  });
  await desk.book();
  expect(seen).toEqual(['sent']);
});

test('an attempt is called unknown only after its time, and then the next one may be booked', async () => {
  const desk = await planned();
  opened(await openAttempt(pool, desk.shipment(1), late));
  expect((await openAttempt(pool, desk.shipment(1), late)).open).toBe('out');
  await pool.query(`update lahetti.booking_attempts set take_over_at = now() where state = 'sent'`);
  expect((await openAttempt(pool, desk.shipment(1), late)).open).toBe('taken_over');
  expect(await desk.attempts()).toMatchObject([{ state: 'unknown', watch: 'possible_orphan' }]);
  const next = opened(await openAttempt(pool, desk.shipment(1), late));
  expect(next.attempt.attempt).toBe(2);
  expect(next.attempt.reference).toMatch(/-1-2$/);
});

test('an answer that comes after the attempt was taken over is recorded as an orphan, and never becomes a parcel', async () => {
  const desk = await planned();
  const first = opened(await openAttempt(pool, desk.shipment(1), atOnce));
  expect((await openAttempt(pool, desk.shipment(1), late)).open).toBe('taken_over');
  const second = opened(await openAttempt(pool, desk.shipment(1), late));
  expect(await answered(desk, second.attempt, created(second.booking))).toBe('booked');
  expect(await answered(desk, first.attempt, created(first.booking))).toBe('taken_over');

  const state = await stateOf(desk);
  expect(state.trackingNumbers).toHaveLength(1);
  expect(await desk.attempts()).toMatchObject([
    {
      attempt: 1,
      state: 'unknown',
      watch: 'confirmed_orphan',
      numbers: [expect.not.stringMatching(state.trackingNumbers[0]!)],
    },
    { attempt: 2, state: 'live', watch: null },
  ]);
});

test('a late answer that says "nothing was booked" clears the watch', async () => {
  const desk = await planned();
  const first = opened(await openAttempt(pool, desk.shipment(1), atOnce));
  await openAttempt(pool, desk.shipment(1), late);
  await answered(desk, first.attempt, { outcome: 'refused', code: 'E41', words: '' });
  expect(await desk.attempts()).toMatchObject([{ state: 'unknown', watch: 'cleared', numbers: [] }]);
});

test('closing an attempt twice changes nothing the second time', async () => {
  const desk = await planned();
  const { attempt, booking } = opened(await openAttempt(pool, desk.shipment(1), late));
  expect(await answered(desk, attempt, created(booking))).toBe('booked');
  const state = await stateOf(desk);
  const again = await answered(desk, attempt, created(booking));
  expect(again).not.toBe('booked');
  expect(await stateOf(desk)).toEqual(state);
  expect(await desk.attempts()).toMatchObject([{ state: 'live', watch: null, numbers: [] }]);
});

test('only who opened an attempt can close it', async () => {
  const desk = await planned();
  const { attempt, booking } = opened(await openAttempt(pool, desk.shipment(1), late));
  const another = { ...attempt, owner: randomUUID() };
  expect(await answered(desk, another, created(booking))).toBe('taken_over');
  expect(await desk.attempts()).toMatchObject([{ state: 'sent', watch: null, numbers: [] }]);
  expect(await answered(desk, attempt, created(booking))).toBe('booked');
});

test('PostgreSQL itself refuses a second live attempt of a shipment', async () => {
  const desk = await planned();
  await desk.book();
  await expect(
    pool.query(
      `insert into lahetti.booking_attempts (shipment_id, attempt, revision, reference, request_hash, owner, state, take_over_at)
       select shipment_id, 99, 1, reference || 'x', '', owner, 'live', now() from lahetti.booking_attempts
        where shipment_id = (select s.id from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk
                              where o.order_id = $1 and o.store_id = $2)`,
      [desk.ref.orderId, desk.store.id],
    ),
  ).rejects.toThrow('one_live_attempt_per_shipment');
});

test('a booked shipment is not booked again', async () => {
  const desk = await planned();
  await desk.book();
  await desk.book();
  expect(desk.carrier.booked).toHaveLength(1);
});

test('an edit that meets an attempt is planned before the next attempt is sent', async () => {
  const desk = await planned();
  desk.carrier.answers.push(async () => {
    const addresses = desk.shop.wire.addresses.map((a) => ({ ...a, street_1: 'Uusi katu 3' }));
    desk.shop.wire = { ...desk.shop.wire, addresses };
    expect(only(await desk.look()).lookAgain).toBe(true);
    return { outcome: 'unknown', code: 'timeout', trackingNumbers: [] };
  });
  expect(only(await desk.book())).toMatchObject({ phase: 'planned', lookAgain: true });
  await desk.book();
  expect(desk.carrier.booked).toHaveLength(1);
  expect(only(await desk.look()).lookAgain).toBe(false);
  await desk.book();
  expect(desk.carrier.booked.map((b) => b.receiver.address1)).toEqual(['Keksitty katu 1', 'Uusi katu 3']);
});

test('an edit that meets an attempt which books is noticed at the look that follows', async () => {
  const desk = await planned();
  desk.carrier.answers.push(async (booking) => {
    const addresses = desk.shop.wire.addresses.map((a) => ({ ...a, street_1: 'Uusi katu 3' }));
    desk.shop.wire = { ...desk.shop.wire, addresses };
    await desk.look();
    return created(booking);
  });
  expect(only(await desk.book())).toMatchObject({ phase: 'booked', lookAgain: true });
  expect(only(await desk.look())).toMatchObject({ lookAgain: false, attention: { code: 'label_no_longer_matches' } });
});

test('a refusal is written down with what it needs a person for: whoever dies right after it is not asked again', async () => {
  const desk = await planned();
  const { attempt } = opened(await openAttempt(pool, desk.shipment(1), late));
  const refused = { problem: postiRefused(desk.shipment(1), { code: 'E41', words: '' }), now: new Date() };
  await closeAttempt(pool, desk.shipment(1), attempt, { outcome: 'refused', code: 'E41', words: '' }, linkLifeMs, {
    refused,
  });
  expect(await stateOf(desk)).toMatchObject({ attention: { code: 'pickup_point_inactive' } });
  expect((await openAttempt(pool, desk.shipment(1), late)).open).toBe('nothing');
});

test('where being wrong would cost, an attempt that nobody can say anything of is written down with the question', async () => {
  const desk = await planned();
  opened(await openAttempt(pool, desk.shipment(1), atOnce));
  const unknown = { problem: outcomeUnknown(desk.shipment(1)), now: new Date() };
  expect((await openAttempt(pool, desk.shipment(1), late, { unknown })).open).toBe('taken_over');
  expect(await stateOf(desk)).toMatchObject({ attention: { code: 'booking_outcome_unknown' } });
  expect((await openAttempt(pool, desk.shipment(1), late)).open).toBe('nothing');
});
