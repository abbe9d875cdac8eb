import type { OrderRef } from '../domain/order-ref.ts';
import { addToAudit } from '../audit/audit.sql.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { eraseTextsOfShipments } from '../shipments/problems.sql.ts';

/**
 * Why the people of an order are needed still:
 * - `shipment_open`: something of it is to be booked, or on its way
 * - `needs_attention`: a person has to look at it, and at whom it is for
 * - `command_open`: somebody's command has no outcome yet
 * - `booking_watched`: a booking of it may turn up at Posti, where its postcode tells it from a stranger's
 */
export type StillNeeded = 'shipment_open' | 'needs_attention' | 'command_open' | 'booking_watched';

/**
 * {@link StillNeeded} of the order `o`, or null. That an order can no longer be read needs nobody whom it was for: it would
 * keep them for ever where the shop is gone. An end that needs a person is one with a stray scan (`needsPerson` of src/domain/order-state.ts).
 */
const stillNeeded = `case
  when exists (select from lahetti.shipments s where s.order_pk = o.id and s.phase in ('planned', 'booked')) then 'shipment_open'
  when o.attention->>'code' is distinct from 'order_unreadable' and o.attention is not null or exists (select from lahetti.shipments s
         where s.order_pk = o.id and s.attention->>'code' = 'scan_on_orphan') then 'needs_attention'
  when exists (select from lahetti.commands c
         where c.store_id = o.store_id and c.order_id = o.order_id and c.closed_at is null) then 'command_open'
  when exists (select from lahetti.shipments s join lahetti.booking_attempts a on a.shipment_id = s.id
         where s.order_pk = o.id and a.watch in ('possible_orphan', 'confirmed_orphan', 'superseded')
           and a.watch_until > now()) then 'booking_watched'
end`;

/** When the last shipment of the order `o` came to its end; of an order without shipments its last change. */
const closedAt = `coalesce((select max(s.since) from lahetti.shipments s where s.order_pk = o.id), greatest(o.modified_at, o.since))`;

export interface PageOfOrders {
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: number | undefined;
}

/** Keys of a store's orders that were over before then, and hold people. */
export async function ordersOver(
  db: Db,
  { storeId, before, limit, after }: PageOfOrders & { readonly storeId: number; readonly before: Date },
): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select o.id from lahetti.orders o
      where o.store_id = $1 and o.erased_at is null and o.id > $3 and o.created_at < $2
        and ${closedAt} < $2 and (${stillNeeded}) is null
      order by o.id limit $4`,
    [storeId, before, after ?? 0, limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * Keys of orders that can be erased whatever their store keeps: those that somebody asked for, and erased ones to which a
 * later look or command brought something back, or a call that was under way and logged after.
 */
export async function ordersToErase(db: Db, { limit, after }: PageOfOrders): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select o.id from lahetti.orders o
      where o.id in (
              select id from lahetti.orders where erasure_asked_at is not null
              union all select id from lahetti.orders where read_at > erased_at
              union all select e.id from lahetti.commands c
                          join lahetti.orders e on e.store_id = c.store_id and e.order_id = c.order_id
                         where c.people_body <> '{}' and e.erased_at is not null
              union all select e.id from lahetti.orders e
                          join lahetti.stores st on st.id = e.store_id
                          join lahetti.exchanges x on x.store_hash = st.store_hash and x.order_id = e.order_id
                         where e.erased_at > now() - interval '3 days' and (x.request is not null or x.response is not null))
        and o.id > $1 and (${stillNeeded}) is null
      order by o.id limit $2`,
    [after ?? 0, limit],
  );
  return rows.map(({ id }) => id);
}

export interface ErasureOfOrder {
  /** `order_pk`. */
  readonly pk: number;
  /** Whose doing it is where nobody asked for it. */
  readonly who: string;
  /** Only where the order was over before then; left out: in any case. */
  readonly ifOverBefore?: Date;
}

export type Erased = { readonly ref: OrderRef } & (
  | { readonly outcome: 'erased' }
  | { readonly outcome: 'waits'; readonly reason: StillNeeded }
  /** It became younger since it was chosen. */
  | { readonly outcome: 'not_over' }
);

interface OrderToErase extends OrderRef {
  readonly storeId: number;
  readonly needed: StillNeeded | null;
  readonly over: boolean;
  /** It was erased before: what is erased now came back with a later look or command. */
  readonly again: boolean;
  readonly askedBy: string | null;
}

/**
 * Erases what is known of the people of an order, in one transaction that holds its row: behind the same lock as planning
 * and booking, so that nothing begins meanwhile that would need them. Ids, amounts, phases and tracking numbers stay.
 * Safe to repeat. Undefined for an order that is not there.
 */
export async function eraseOrder(pool: Pool, { pk, who, ifOverBefore }: ErasureOfOrder): Promise<Erased | undefined> {
  return inTransaction(pool, async (tx) => {
    const order = await lockOrderToErase(tx, pk, ifOverBefore ?? null);
    if (!order) return undefined;
    const { storeHash, orderId, needed } = order;
    const ref = { storeHash, orderId };
    if (needed) return { ref, outcome: 'waits', reason: needed };
    if (!order.over) return { ref, outcome: 'not_over' };

    await eraseRowsOf(tx, pk);
    await eraseRowsBeside(tx, order);
    if (order.again && order.askedBy === null) return { ref, outcome: 'erased' };
    const by = order.askedBy ?? who;
    await addToTimeline(tx, pk, { what: 'erased', words: 'What was known of people was erased.', who: by });
    await addToAudit(tx, {
      who: by,
      what: 'order_erased',
      subject: `order/${storeHash}/${orderId}`,
      after: { because: ifOverBefore ? 'retention' : 'request' },
    });
    return { ref, outcome: 'erased' };
  });
}

async function lockOrderToErase(tx: Db, pk: number, overBefore: Date | null): Promise<OrderToErase | undefined> {
  // The lock first: what hangs on the order is read as whoever held it before has left it.
  await tx.query(`select from lahetti.orders where id = $1 for update`, [pk]);
  const { rows } = await tx.query<OrderToErase>(
    `select o.store_id as "storeId", st.store_hash as "storeHash", o.order_id as "orderId", (${stillNeeded}) as needed,
            $2::timestamptz is null or ${closedAt} < $2 as over, o.erased_at is not null as again,
            o.erasure_asked_by as "askedBy"
       from lahetti.orders o join lahetti.stores st on st.id = o.store_id where o.id = $1`,
    [pk, overBefore],
  );
  return maybeOne(rows);
}

/** The order's own row, and all that hangs on its key. */
async function eraseRowsOf(tx: Db, pk: number): Promise<void> {
  const ofOrder = `(select id from lahetti.shipments where order_pk = $1)`;
  await tx.query(
    `update lahetti.orders
        set people_order = '{}', erased_at = clock_timestamp(), erasure_asked_at = null, erasure_asked_by = null
      where id = $1`,
    [pk],
  );
  await eraseTextsOfShipments(tx, pk);
  await tx.query(`update lahetti.plan_revisions set recipient = null where shipment_id in ${ofOrder}`, [pk]);
  // Whose label it was can be read off it; the digest would prove whose it was.
  await tx.query(
    `update lahetti.labels set pdf = null, sha256 = null, link = null, link_expires_at = null where shipment_id in ${ofOrder}`,
    [pk],
  );
  // Where a parcel was is where somebody lives; texts are the carrier's, and may name who signed. So may a time that could
  // not be read: it is whatever text stood in its place.
  await tx.query(
    `update lahetti.tracking_events set place = null, texts = '{}', at_raw = null
      where parcel_id in (select id from lahetti.parcels where shipment_id in ${ofOrder})`,
    [pk],
  );
  // Sentences may quote; what happened stays, and who of the staff did it.
  await tx.query(
    `update lahetti.timeline set words = replace(what, '_', ' ') where order_pk = $1 and what <> 'erased'`,
    [pk],
  );
}

/** What names the order by its store and number. */
async function eraseRowsBeside(tx: Db, { storeId, storeHash, orderId }: OrderToErase): Promise<void> {
  // Their keys are the senders' own text.
  await tx.query(
    `delete from lahetti.idempotency_keys where command_ids &&
       array(select id from lahetti.commands where store_id = $1 and order_id = $2)`,
    [storeId, orderId],
  );
  await tx.query(
    `update lahetti.commands set people_body = '{}', reason = null where store_id = $1 and order_id = $2`,
    [storeId, orderId],
  );
  await tx.query(
    `update lahetti.exchanges set request = null, response = null, path = split_part(path, '?', 1)
      where store_hash = $1 and order_id = $2`,
    [storeHash, orderId],
  );
  await tx.query(
    `update lahetti.audit set people_before = null, people_after = null
      where subject = $1 and what not in ('erasure_asked', 'order_erased')`,
    [`order/${storeHash}/${orderId}`],
  );
}

/** Erases bodies of calls that were about no single order, the oldest first. Gives how many; `limit` where there may be more. */
export async function eraseOldBodies(
  db: Db,
  { storeHash, before, limit }: { readonly storeHash: string | null; readonly before: Date; readonly limit: number },
): Promise<number> {
  const { rowCount } = await db.query(
    `update lahetti.exchanges set request = null, response = null
      where id in (select id from lahetti.exchanges
                    where store_hash is not distinct from $1 and at < $2 and order_id is null
                      and (request is not null or response is not null)
                    order by at limit $3)`,
    [storeHash, before, limit],
  );
  return rowCount ?? 0;
}
