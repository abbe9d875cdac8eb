import { randomUUID } from 'node:crypto';
import type { ShipmentRef } from '../domain/order-ref.ts';
import { inRepeatedTransaction, inTransaction, type Db, type Pool } from '../db/pool.ts';
import { maybeOne, one } from '../db/rows.ts';
import { type LockedShipment, lockShipment } from '../shipments/shipments.sql.ts';
import { endOrWithdraw, markBooked } from '../shipments/transitions.sql.ts';
import { raiseOn, type Need } from '../shipments/raise.ts';
import { digestOf } from '../planning/shipment-plan.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { notLookedAt } from '../labels/labels.sql.ts';
import type { Booking, BookingAnswer } from '../carriers/port.ts';
import { failsAlone, isUnknownTooOften } from './failing-order.sql.ts';
import { partyInTodaysForm } from './old-parties.ts';
import { bookingReference } from './reference.ts';

/** How long after it was sent an attempt may be called unknown; longer than any try of it can live (src/health/try-limits.ts). */
export interface AttemptFence {
  readonly takeOverAfterMs: number;
}

/**
 * What an attempt's outcome needs a person for. Written down with the outcome: a worker that died in between would leave a
 * shipment that nothing keeps from being booked again.
 */
export interface AttemptNeeds {
  readonly refused?: Need | undefined;
  /** Only where being wrong would cost. */
  readonly unknown?: Need | undefined;
  /** Where it fails again and again for this order, and not for others. */
  readonly keepsFailing?: Need | undefined;
  /** Where nobody can say again and again whether Posti booked it, and Posti books nothing else. */
  readonly staysUnknown?: Need | undefined;
}

export type Opening =
  /** Nothing to book now: booked already, blocked, cancelled, waiting for a person, or to be looked at first. */
  | { readonly open: 'nothing' }
  /** Another try sent it and may still write the answer down. */
  | { readonly open: 'out'; readonly waitMs: number }
  /** The one that was out is unknown now; ask again. */
  | { readonly open: 'taken_over' }
  | { readonly open: 'opened'; readonly attempt: OpenAttempt; readonly booking: Booking };

export interface OpenAttempt {
  readonly id: number;
  readonly attempt: number;
  readonly reference: string;
  readonly owner: string;
}

/**
 * Opens the next attempt at booking a shipment, and commits it before anything is sent: the row is our memory of having
 * asked. Finds an attempt that is out instead, and takes it over once nobody can still be waiting for its answer.
 */
export async function openAttempt(
  pool: Pool,
  ref: ShipmentRef,
  fence: AttemptFence,
  needs: AttemptNeeds = {},
): Promise<Opening> {
  return inTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    if (shipment.phase !== 'planned') return { open: 'nothing' };

    const out = await attemptOut(tx, shipment.id);
    if (out && out.waitMs > 0) return { open: 'out', waitMs: out.waitMs };
    if (out) {
      await markUnknown(tx, shipment, out.id, out.attempt, 'answer_never_came', []);
      await endIfCancelling(tx, shipment);
      await raiseIfNeeded(tx, ref, shipment, needs.unknown);
      return { open: 'taken_over' };
    }

    const { plan, recipient } = shipment;
    if (shipment.blocked ?? shipment.attentionCode) return { open: 'nothing' };
    if (shipment.cancelling || shipment.lookAgain || !plan.booking || !recipient) return { open: 'nothing' };
    const attempt = (await lastAttempt(tx, shipment.id)) + 1;
    const reference = bookingReference({ storeNumber: shipment.storeId, orderId: ref.orderId, n: ref.n, attempt });
    const booking: Booking = {
      ...plan.booking,
      reference,
      sender: partyInTodaysForm(plan.booking.sender),
      receiver: partyInTodaysForm(recipient),
      parcels: plan.booking.parcels.map(({ weightGrams, contents = null }) => ({ weightGrams, contents })),
    };
    const owner = randomUUID();
    const { rows } = await tx.query<{ id: number }>(
      `insert into lahetti.booking_attempts (shipment_id, attempt, revision, reference, request_hash, owner, state, take_over_at)
       values ($1, $2, $3, $4, $5, $6, 'sent', now() + $7 * interval '1 millisecond') returning id`,
      [shipment.id, attempt, shipment.revision, reference, digestOf(booking), owner, fence.takeOverAfterMs],
    );
    return { open: 'opened', attempt: { id: one(rows).id, attempt, reference, owner }, booking };
  });
}

async function attemptOut(
  tx: Db,
  shipmentId: number,
): Promise<{ id: number; attempt: number; waitMs: number } | undefined> {
  const { rows } = await tx.query<{ id: number; attempt: number; waitMs: number }>(
    `select id, attempt, ceil(extract(epoch from take_over_at - now()) * 1000)::int as "waitMs"
       from lahetti.booking_attempts where shipment_id = $1 and state = 'sent'`,
    [shipmentId],
  );
  return maybeOne(rows);
}

async function lastAttempt(tx: Db, shipmentId: number): Promise<number> {
  const { rows } = await tx.query<{ last: number }>(
    `select coalesce(max(attempt), 0) as last from lahetti.booking_attempts where shipment_id = $1`,
    [shipmentId],
  );
  return one(rows).last;
}

/** What closing an attempt came to. `fails_alone`: it failed, or its outcome is unknown, for this order and not for others. */
export type Closing = 'booked' | 'refused' | 'failed' | 'unknown' | 'fails_alone' | 'taken_over';

/**
 * Writes down what came of an attempt, with parcels and labels in the same transaction – if the row is still ours. An
 * answer whose row was taken over is recorded as an orphan, without its label. Posti says it once: what was lost here would be
 * booked again. So what is odd about a label is looked at afterwards (src/labels/examine.ts).
 */
export async function closeAttempt(
  pool: Pool,
  ref: ShipmentRef,
  attempt: OpenAttempt,
  answer: BookingAnswer,
  linkLifeMs: number,
  needs: AttemptNeeds = {},
): Promise<Closing> {
  return inRepeatedTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    const ours = await isStillOurs(tx, attempt);
    if (!ours) {
      await recordLateAnswer(tx, shipment, attempt, answer);
      return 'taken_over';
    }
    switch (answer.outcome) {
      case 'created':
        await keepBooking(tx, shipment, attempt, answer, linkLifeMs);
        return 'booked';
      case 'refused':
        await close(tx, attempt.id, 'refused', answer.code);
        await endIfCancelling(tx, shipment);
        await raiseIfNeeded(tx, ref, shipment, needs.refused);
        return 'refused';
      case 'not_let_in':
      case 'not_created':
        await close(tx, attempt.id, 'failed', answer.code);
        await endIfCancelling(tx, shipment);
        return (await raiseIfItKeepsFailing()) ? 'fails_alone' : 'failed';
      case 'unknown':
        await markUnknown(tx, shipment, attempt.id, attempt.attempt, answer.code, answer.trackingNumbers);
        await endIfCancelling(tx, shipment);
        await raiseIfNeeded(tx, ref, shipment, needs.unknown);
        return (await raiseIfItKeepsFailing()) ? 'fails_alone' : 'unknown';
      default:
        return answer satisfies never;
    }

    async function raiseIfItKeepsFailing(): Promise<boolean> {
      const { alone, often } = await failsAlone(tx, shipment.id, answer.outcome === 'created' ? null : answer.code);
      if (needs.unknown) return alone;
      if (often) await raiseIfNeeded(tx, ref, shipment, needs.keepsFailing);
      else if (!alone && answer.outcome === 'unknown' && (await isUnknownTooOften(tx, shipment.id)))
        await raiseIfNeeded(tx, ref, shipment, needs.staysUnknown);
      return alone;
    }
  });
}

const raiseIfNeeded = async (tx: Db, ref: ShipmentRef, shipment: LockedShipment, need: Need | undefined) =>
  need && raiseOn(tx, ref, shipment, [need.problem], need.now);

/** A shipment that was cancelled while its attempt was out has nothing to take back once that came to no booking. */
async function endIfCancelling(tx: Db, shipment: LockedShipment): Promise<void> {
  if (!shipment.cancelling || shipment.phase !== 'planned') return;
  await endOrWithdraw(tx, shipment.orderPk, shipment.n);
  await addToTimeline(tx, shipment.orderPk, {
    n: shipment.n,
    what: 'cancelled',
    words: 'Cancelled: the attempt that was out came to no booking of ours.',
  });
}

async function isStillOurs(tx: Db, attempt: OpenAttempt): Promise<boolean> {
  const { rows } = await tx.query(
    `select from lahetti.booking_attempts where id = $1 and owner = $2 and state = 'sent' for update`,
    [attempt.id, attempt.owner],
  );
  return rows.length === 1;
}

async function close(tx: Db, attemptId: number, state: string, code: string): Promise<void> {
  await tx.query(`update lahetti.booking_attempts set state = $2, code = $3, closed_at = now() where id = $1`, [
    attemptId,
    state,
    code,
  ]);
}

type Created = Extract<BookingAnswer, { outcome: 'created' }>;

async function keepBooking(
  tx: Db,
  shipment: LockedShipment,
  attempt: OpenAttempt,
  answer: Created,
  linkLifeMs: number,
): Promise<void> {
  await tx.query(
    `update lahetti.booking_attempts set state = 'live', closed_at = now(), carrier_shipment_id = $2 where id = $1`,
    [attempt.id, answer.carrierShipmentId],
  );
  const weights = shipment.plan.booking?.parcels.map((p) => p.weightGrams) ?? [];
  await tx.query(
    `insert into lahetti.parcels (shipment_id, attempt_id, position, tracking_number, weight_grams)
     select $1, $2, p.position, p.number, p.weight
       from unnest($3::text[], $4::int[]) with ordinality as p(number, weight, position)`,
    [shipment.id, attempt.id, answer.trackingNumbers, answer.trackingNumbers.map((_, i) => weights[i] ?? 0)],
  );
  for (const label of answer.labels) {
    const pdf = label.pdf && Buffer.from(label.pdf);
    await tx.query(
      `insert into lahetti.labels (shipment_id, attempt_id, kind, media, pdf, sha256, link, link_expires_at, doubts)
       values ($1, $2, $3, $4, $5, encode(sha256($5), 'hex'), $6, now() + $7 * interval '1 millisecond', $8)
       on conflict (attempt_id, kind) do nothing`,
      [shipment.id, attempt.id, label.kind, label.media, pdf, label.link, linkLifeMs, pdf ? notLookedAt : []],
    );
  }
  await markBooked(tx, shipment.id);
  await addToTimeline(tx, shipment.orderPk, {
    n: shipment.n,
    what: 'booked',
    words: `Booked at Posti on attempt ${attempt.attempt}: ${answer.trackingNumbers.join(', ')}.`,
  });
}

/** Nobody has the label of an unknown attempt, so that it can never become a parcel of ours: it is listed and watched. */
async function markUnknown(
  tx: Db,
  shipment: LockedShipment,
  attemptId: number,
  attempt: number,
  code: string,
  numbers: readonly string[],
): Promise<void> {
  await tx.query(
    `update lahetti.booking_attempts
        set state = 'unknown', code = $2, closed_at = now(), watch = $4, watch_until = now() + interval '7 days', watched_numbers = $3
      where id = $1 and state = 'sent'`,
    [attemptId, code, numbers, numbers.length > 0 ? 'confirmed_orphan' : 'possible_orphan'],
  );
  await addToTimeline(tx, shipment.orderPk, {
    n: shipment.n,
    what: 'attempt_unknown',
    words: `Nobody can say whether Posti booked attempt ${attempt} (${code}). Nobody has its label; its reference is watched for seven days.`,
  });
}

async function recordLateAnswer(
  tx: Db,
  shipment: LockedShipment,
  attempt: OpenAttempt,
  answer: BookingAnswer,
): Promise<void> {
  const numbers = answer.outcome === 'created' ? answer.trackingNumbers : [];
  const nothing = answer.outcome === 'refused' || answer.outcome === 'not_created' || answer.outcome === 'not_let_in';
  if (answer.outcome === 'unknown') return;
  // Only what was taken over: closing twice, or after a person found the booking, changes nothing.
  const { rowCount } = await tx.query(
    `update lahetti.booking_attempts set watch = $2, watched_numbers = $3, code = $4 where id = $1 and state = 'unknown'`,
    [attempt.id, nothing ? 'cleared' : 'confirmed_orphan', numbers, `late_${answer.outcome}`],
  );
  if (rowCount === 0) return;
  await addToTimeline(tx, shipment.orderPk, {
    n: shipment.n,
    what: 'late_answer',
    words: nothing
      ? `Posti's late answer to attempt ${attempt.attempt} says that nothing was booked.`
      : `Posti's late answer to attempt ${attempt.attempt} says that it was booked (${numbers.join(', ')}). Its label was not kept; the numbers are watched.`,
  });
}
