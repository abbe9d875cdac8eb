import {
  orderPhase,
  type Attention,
  type OrderPhase,
  type OrderState,
  type OrderWithCommands,
  type ShipmentState,
  type ShopStatus,
} from '../domain/order-state.ts';
import type { OrderRef } from '../domain/order-ref.ts';
import type { UnshippedReason } from '../domain/reasons.ts';
import { whyNotShipped } from '../domain/why-not-shipped.ts';
import { withCommands } from '../domain/offered-commands.ts';
import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';
import { savePhase } from './orders.sql.ts';
import { addToTimeline } from './timeline.sql.ts';

/** What {@link orderState} gives of an order. */
export interface OrderStateRow {
  readonly phase: OrderPhase;
  readonly since: Date;
  readonly attention: Attention | null;
  readonly onHold: boolean;
  readonly unshipped: Partial<Record<UnshippedReason, number>>;
  readonly shipments: ShipmentState[];
  /** Null where no version that keeps it has planned the order. */
  readonly shopStatus: ShopStatus | null;
}

type StateRow = OrderStateRow & { readonly id: number };

/** One order as Postgres has it: the object that its workflow answers too while it runs. Undefined for one never read. */
export async function loadOrderState(db: Db, ref: OrderRef): Promise<OrderWithCommands | undefined> {
  const row = await loadRow(db, ref);
  return row && withCommands(toState(ref, row));
}

/**
 * Brings an order's phase in line with its parts and gives its state: the last statement of every transaction that
 * changed a part, so that there is one place where an order's state changes.
 */
export async function settleOrder(tx: Db, ref: OrderRef): Promise<OrderState> {
  const row = await loadRow(tx, ref);
  if (!row) throw new Error(`Order ${ref.orderId} of store ${ref.storeHash} has no row to settle.`);
  const phase = orderPhase(row);
  if (phase !== row.phase) {
    await savePhase(tx, row.id, phase);
    await addToTimeline(tx, row.id, { what: `order_${phase}`, words: wordsOf(phase, toState(ref, row)) });
  }
  return toState(ref, phase === row.phase ? row : { ...row, phase, since: new Date() });
}

/** The state of an order that has no row: nobody has read it, or the shop does not have it. */
export const ignoredOrder = (ref: OrderRef): OrderState => ({
  storeHash: ref.storeHash,
  orderId: ref.orderId,
  phase: 'ignored',
  since: new Date().toISOString(),
  attention: null,
  onHold: false,
  unshipped: {},
  shipments: [],
});

const phaseWords: Readonly<Record<OrderPhase, string>> = {
  waiting: 'The order waits: nothing can be done without news from the shop or a command.',
  under_way: 'The order is under way.',
  needs_attention: 'The order needs a person.',
  done: 'Everything of the order has reached its end.',
  ignored: 'Nothing of the order is ours to ship.',
  cancelled: 'The order is cancelled; nothing of it is shipped.',
};

/** With what would have to change, where nothing goes on. */
function wordsOf(phase: OrderPhase, state: OrderState): string {
  const why = phase === 'waiting' || phase === 'ignored' ? whyNotShipped(state) : [];
  return [phaseWords[phase], ...why].join(' ');
}

async function loadRow(db: Db, ref: OrderRef): Promise<StateRow | undefined> {
  const { rows } = await db.query<StateRow>(
    `select o.id, ${orderState}
       from lahetti.orders o join lahetti.stores st on st.id = o.store_id
      where st.store_hash = $1 and o.order_id = $2`,
    [ref.storeHash, ref.orderId],
  );
  return maybeOne(rows);
}

/** Columns that make the state of the order `o`. */
export const orderState = `o.phase, o.since, o.attention, o.on_hold as "onHold", o.unshipped, o.shop_status as "shopStatus",
            coalesce((select jsonb_agg(jsonb_build_object(
              'n', s.n,
              'phase', s.phase,
              'since', to_char(s.since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'blocked', s.blocked,
              'attention', s.attention,
              'cancelling', s.cancelling,
              'lookAgain', s.look_again,
              'bookable', exists (select from lahetti.plan_revisions r where r.shipment_id = s.id and r.revision = s.revision
                                     and jsonb_typeof(r.content->'booking') = 'object'),
              'keptBack', s.kept_back,
              'attempts', (select count(*) from lahetti.booking_attempts a where a.shipment_id = s.id),
              'attemptOut', exists (select from lahetti.booking_attempts a where a.shipment_id = s.id and a.state = 'sent'),
              'labelKept', exists (select from lahetti.booking_attempts a join lahetti.labels l on l.attempt_id = a.id
                                    where a.shipment_id = s.id and a.state = 'live' and l.pdf is not null),
              'labelHandedOut', exists (select from lahetti.booking_attempts a join lahetti.labels l on l.attempt_id = a.id
                                    where a.shipment_id = s.id and a.state = 'live' and l.handed_out_at is not null),
              'told', s.told,
              'trackingNumbers', coalesce((select jsonb_agg(p.tracking_number order by p.position)
                                             from lahetti.booking_attempts a join lahetti.parcels p on p.attempt_id = a.id
                                            where a.shipment_id = s.id and a.state = 'live'), '[]'),
              'deliveryStatus', s.delivery_status,
              'transition', s.transition) order by s.n)
              from lahetti.shipments s where s.order_pk = o.id), '[]') as shipments`;

/** The state in a row with the columns of {@link orderState}. */
export function toState(ref: OrderRef, row: OrderStateRow): OrderState {
  return {
    storeHash: ref.storeHash,
    orderId: ref.orderId,
    phase: row.phase,
    since: row.since.toISOString(),
    attention: row.attention,
    onHold: row.onHold,
    unshipped: row.unshipped,
    shipments: row.shipments,
    ...(row.shopStatus ? { shopStatus: row.shopStatus } : {}),
  };
}
