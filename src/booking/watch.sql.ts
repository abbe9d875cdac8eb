import type { ShipmentRef } from '../domain/order-ref.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';
import { insertHint } from '../inbox/inbox.sql.ts';
import { addProblem, setProblems } from '../shipments/problems.sql.ts';
import { lockShipment } from '../shipments/shipments.sql.ts';
import { settleOrder } from '../orders/state.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import type { Problem } from '../domain/problem.ts';
import type { AttemptFacts } from './watch.ts';

/** An attempt whose booking is not our live one, and may move at Posti all the same. */
export interface WatchedAttempt extends AttemptFacts {
  readonly id: number;
  readonly ref: ShipmentRef;
  readonly attempt: number;
  readonly reference: string;
  readonly watch: 'possible_orphan' | 'confirmed_orphan' | 'superseded';
  /** None for a possible orphan: nobody knows them. */
  readonly numbers: readonly string[];
  /** Its time is over: this is the last look. */
  readonly runOut: boolean;
}

/** Where the last whole run began, and after which attempt the next one goes on (0: with the first). */
export interface LastWatch {
  readonly startedAt: Date;
  readonly next: number;
}

export async function lastWatch(db: Db): Promise<LastWatch | undefined> {
  const { rows } = await db.query<LastWatch>(
    `select started_at as "startedAt", coalesce((counts->>'next')::bigint, 0) as next from lahetti.runs
      where kind = 'watch' and ended_at is not null and failure is null order by id desc limit 1`,
  );
  return maybeOne(rows);
}

/**
 * Attempts to look after, by their ids. Those whose time ran out since the last run are among them once more, and possible
 * orphans until a look has said what became of them.
 */
export async function watchedAttempts(
  db: Db,
  { after, since, limit }: { readonly after: number; readonly since: Date | null; readonly limit: number },
): Promise<WatchedAttempt[]> {
  type Row = Omit<WatchedAttempt, 'ref'> & ShipmentRef;
  const { rows } = await db.query<Row>(
    `select a.id, st.store_hash as "storeHash", o.order_id as "orderId", s.n, a.attempt, a.reference, a.watch,
            a.watched_numbers as numbers, a.watch_until <= now() as "runOut", a.sent_at as "sentAt",
            r.content#>>'{booking,contractNumber}' as "contractNumber", r.content#>>'{booking,service}' as service,
            r.content#>>'{booking,pickupPointId}' as "pickupPointId", nullif(r.recipient->>'postcode', '') as postcode
       from lahetti.booking_attempts a
       join lahetti.shipments s on s.id = a.shipment_id
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
       left join lahetti.plan_revisions r on r.shipment_id = a.shipment_id and r.revision = a.revision
      where a.watch in ('possible_orphan', 'confirmed_orphan', 'superseded') and a.watch_until is not null and a.id > $1
        and (a.watch = 'possible_orphan' or a.watch_until > coalesce($2, now()))
      order by a.id limit $3`,
    [after, since, limit],
  );
  return rows.map(({ storeHash, orderId, n, ...row }) => ({ ...row, ref: { storeHash, orderId, n } }));
}

/** Posti does have a possible orphan: its numbers are watched from now on. False where somebody else was faster. */
export async function confirmOrphan(
  pool: Pool,
  { id, ref, attempt }: WatchedAttempt,
  numbers: readonly string[],
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    const { rowCount } = await tx.query(
      `update lahetti.booking_attempts set watch = 'confirmed_orphan', watched_numbers = $2
        where id = $1 and watch = 'possible_orphan'`,
      [id, numbers],
    );
    if (rowCount !== 1) return false;
    await addToTimeline(tx, shipment.orderPk, {
      n: ref.n,
      what: 'orphan_confirmed',
      words: `Posti did book attempt ${attempt}: ${numbers.join(', ')}. Nobody has its label; its numbers are watched.`,
    });
    return true;
  });
}

/** The time of a possible orphan has passed without a trace of it. */
export async function clearOrphan(pool: Pool, { id, ref, attempt }: WatchedAttempt): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    const { rowCount } = await tx.query(
      `update lahetti.booking_attempts set watch = 'cleared' where id = $1 and watch = 'possible_orphan' and watch_until <= now()`,
      [id],
    );
    if (rowCount !== 1) return false;
    await addToTimeline(tx, shipment.orderPk, {
      n: ref.n,
      what: 'orphan_cleared',
      words: `Attempt ${attempt} did not show up at Posti while it was watched: it counts as never booked.`,
    });
    return true;
  });
}

/**
 * Says that a watched number moves, once: the watch of its attempt ends with it (`watch_until` is null then). What else
 * needs attention stays, with this beside it; the order is looked at, so that its workflow knows.
 */
export async function raiseStrayScan(
  pool: Pool,
  { id, ref }: WatchedAttempt,
  problem: Problem,
  now: Date,
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    const { rowCount } = await tx.query(
      `update lahetti.booking_attempts set watch_until = null
        where id = $1 and watch in ('confirmed_orphan', 'superseded') and watch_until is not null`,
      [id],
    );
    if (rowCount !== 1) return false;
    // Without a concern: it is no finding of the plan, so that a plan does not take it back (src/planning/about-booked.ts).
    if (shipment.attentionCode === null) await setProblems(tx, shipment.orderPk, ref.n, [problem], now);
    else await addProblem(tx, shipment.id, problem);
    await addToTimeline(tx, shipment.orderPk, { n: ref.n, what: problem.code, words: problem.problem });
    await insertHint(tx, {
      storeId: shipment.storeId,
      orderId: ref.orderId,
      source: 'carrier',
      deliveryKey: `watch:${id}`,
      scope: null,
    });
    await settleOrder(tx, ref);
    return true;
  });
}
