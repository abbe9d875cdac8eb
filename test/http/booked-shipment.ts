import type { Db } from '../../src/db/pool.ts';

export interface BookedShipment {
  readonly storeHash: string;
  readonly orderId: number;
  readonly attemptState: string;
  readonly cancelling: boolean;
  readonly media: string;
  readonly pdf: Buffer | null;
  /** What was known of its people is gone, its label with it. */
  readonly erased: boolean;
}

/** An order of one shipment that is booked and has one label, as the steps would have left it. Gives the label's id. */
export async function aBookedShipment(
  db: Db,
  given: Pick<BookedShipment, 'storeHash' | 'orderId' | 'pdf'> & Partial<BookedShipment>,
): Promise<number> {
  const { storeHash, orderId, pdf, attemptState = 'live', cancelling = false, media = 'laser-a5' } = given;
  const { rows } = await db.query<{ id: number }>(
    `with o as (
       insert into lahetti.orders (store_id, order_id, status_id, channel_id, currency, total_minor, units_total,
         created_at, modified_at, digest, people_order, phase)
       select st.id, $2, 11, 1, 'EUR', 4990, 1, now(), now(), 'd', '{"addresses": []}', 'under_way'
         from lahetti.stores st where st.store_hash = $1 returning id
     ), s as (
       insert into lahetti.shipments (order_pk, n, address_id, phase, booked_at, cancelling)
       select id, 1, 5, 'booked', now(), $4 from o returning id
     ), a as (
       insert into lahetti.booking_attempts
         (shipment_id, attempt, revision, reference, request_hash, owner, state, take_over_at)
       select s.id, 1, 1, $1 || '-' || $2 || '-1-1', 'h', gen_random_uuid(), $3, now() from s returning id, shipment_id
     )
     insert into lahetti.labels (shipment_id, attempt_id, kind, media, pdf)
     select shipment_id, id, 'ADDRESSLABEL', $5, $6 from a returning id`,
    [storeHash, orderId, attemptState, cancelling, media, pdf],
  );
  if (given.erased) {
    await db.query(
      `insert into lahetti.timeline (order_pk, what, words)
       select o.id, 'erased', 'erased' from lahetti.orders o join lahetti.stores st on st.id = o.store_id
        where st.store_hash = $1 and o.order_id = $2`,
      [storeHash, orderId],
    );
  }
  return rows[0]!.id;
}
