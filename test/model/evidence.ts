import type { OrderWithCommands } from '../../src/domain/order-state.ts';
import type { OrderInShop } from '../protocol/order.ts';
import type { PostiBooking } from '../protocol/world.ts';
import { changesOf, type Change } from './change-log.ts';
import type { OrderInPlay } from './order-in-play.ts';

/** An attempt with what it booked, and what became of its label. */
export interface KnownAttempt {
  readonly n: number;
  readonly reference: string;
  readonly state: string;
  readonly watch: string | null;
  readonly numbers: readonly string[];
  readonly lines: readonly { readonly lineId: number; readonly quantity: number }[];
  readonly labelHandedOut: boolean;
}

export interface LineInShop {
  readonly id: number;
  readonly quantity: number;
  readonly quantityShipped: number;
  readonly quantityRefunded: number;
}

export interface Evidence {
  readonly stored: OrderWithCommands;
  /** Null where no run is under way. */
  readonly live: OrderWithCommands | null;
  /** What people are shown. */
  readonly view: OrderWithCommands | null;
  readonly attempts: readonly KnownAttempt[];
  /** What each shipment has of the order, as it is planned now. */
  readonly planned: readonly { readonly n: number; readonly units: number }[];
  /** Shipments of which a person accepted something, by number. */
  readonly accepted: readonly number[];
  /** Stable names of what happened, the oldest first. */
  readonly timeline: readonly string[];
  readonly changes: readonly Change[];
  readonly bookings: readonly PostiBooking[];
  readonly inShop: Omit<OrderInShop, 'lines'> & { readonly lines: readonly LineInShop[] };
  readonly failedRuns: readonly string[];
}

/** Everything that can be known of an order that is at rest, from its own rows, its workflow and both stand-ins' books. */
export async function gather(order: OrderInPlay, stored: OrderWithCommands, changesAfter: number): Promise<Evidence> {
  const { pool } = order.world;
  const ids = [order.ref.storeHash, order.ref.orderId];
  const ofOrder = `join lahetti.orders o on o.id = s.order_pk join lahetti.stores st on st.id = o.store_id
    where st.store_hash = $1 and o.order_id = $2`;
  const [live, view, attempts, planned, accepted, timeline, changes, bookings, inShop, failedRuns] = await Promise.all([
    order.live(),
    order.view(),
    pool.query<KnownAttempt>(
      `select s.n, a.reference, a.state, a.watch, r.content->'lines' as lines,
              case when a.watch is not null then a.watched_numbers else
                array(select p.tracking_number from lahetti.parcels p where p.attempt_id = a.id order by p.position) end as numbers,
              exists (select from lahetti.labels l where l.attempt_id = a.id and l.handed_out_at is not null) as "labelHandedOut"
         from lahetti.booking_attempts a join lahetti.shipments s on s.id = a.shipment_id
         join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = a.revision ${ofOrder} order by s.n, a.attempt`,
      ids,
    ),
    pool.query<{ n: number; units: number }>(
      `select s.n, (select coalesce(sum((u->>'quantity')::int), 0)::int from jsonb_array_elements(r.content->'lines') u) as units
         from lahetti.shipments s join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision ${ofOrder}`,
      ids,
    ),
    pool.query<{ n: number }>(`select s.n from lahetti.shipments s ${ofOrder} and s.accepted <> '{}'`, ids),
    pool.query<{ what: string }>(`select s.what from lahetti.timeline s ${ofOrder} order by s.id`, ids),
    changesOf(pool, order.ref, changesAfter),
    order.hand.bookings(),
    order.hand.inShop(),
    order.failedRuns(),
  ]);
  return {
    ...{ stored, live, view, changes, bookings, failedRuns },
    attempts: attempts.rows,
    planned: planned.rows,
    accepted: accepted.rows.map(({ n }) => n),
    timeline: timeline.rows.map(({ what }) => what),
    inShop: inShop as Evidence['inShop'],
  };
}
