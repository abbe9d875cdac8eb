import type { Attention, OrderPhase, ShopStatus } from '../domain/order-state.ts';
import type { UnshippedReason } from '../domain/reasons.ts';
import type { Db } from '../db/pool.ts';
import { maybeOne, one } from '../db/rows.ts';
import { setByTheShop } from '../planning/admission.ts';
import type { Order } from './order.ts';

/** What Postgres remembers of an order, locked for the rest of the transaction. */
export interface OrderRow {
  readonly id: number;
  readonly digest: string;
  readonly triggered: boolean;
  readonly bookedByHand: boolean;
  readonly onHold: boolean;
  /** A person cancelled the whole order. */
  readonly keptBack: boolean;
  readonly statusId: number;
  /** The last one that the shop does not set by itself (src/planning/decisive-status.ts). */
  readonly chosenStatusId: number | null;
  /** Nothing is known of its people any more. */
  readonly erased: boolean;
}

/** Locks an order's row; all planning and all changes of its shipments go through this lock. */
export async function lockOrder(tx: Db, storeId: number, orderId: number): Promise<OrderRow | undefined> {
  const { rows } = await tx.query<OrderRow>(
    `select id, digest, triggered_at is not null as triggered, booked_by_hand as "bookedByHand", on_hold as "onHold",
            kept_back as "keptBack", status_id as "statusId", chosen_status_id as "chosenStatusId", erased_at is not null as erased
       from lahetti.orders where store_id = $1 and order_id = $2 for update`,
    [storeId, orderId],
  );
  return maybeOne(rows);
}

/**
 * Writes down an order as it was just read. Everything about people goes into one column; of an order that stays erased
 * nothing does.
 */
export async function saveOrder(
  tx: Db,
  storeId: number,
  order: Order,
  digest: string,
  { staysErased = false }: { readonly staysErased?: boolean } = {},
): Promise<OrderRow> {
  const { rows } = await tx.query<OrderRow>(
    `insert into lahetti.orders as o
       (store_id, order_id, status_id, channel_id, currency, total_minor, units_total, archived, created_at, modified_at, digest, people_order, chosen_status_id, phase)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $14, 'waiting')
     on conflict (store_id, order_id) do update set
       status_id = excluded.status_id, channel_id = excluded.channel_id, currency = excluded.currency, total_minor = excluded.total_minor,
       units_total = excluded.units_total, archived = excluded.archived, modified_at = excluded.modified_at, digest = excluded.digest,
       people_order = excluded.people_order, chosen_status_id = coalesce(excluded.chosen_status_id, o.chosen_status_id), read_at = now(), erased_at = case when $13 then o.erased_at end
     returning id, digest, triggered_at is not null as triggered, booked_by_hand as "bookedByHand", on_hold as "onHold",
               kept_back as "keptBack", status_id as "statusId", chosen_status_id as "chosenStatusId", erased_at is not null as erased`,
    [
      storeId,
      order.orderId,
      order.statusId,
      order.channelId,
      order.currency,
      order.totalMinor,
      order.unitsTotal,
      order.archived,
      order.createdAt,
      order.modifiedAt,
      digest,
      staysErased ? '{}' : JSON.stringify(peopleOf(order)),
      staysErased,
      setByTheShop.includes(order.statusId) ? null : order.statusId,
    ],
  );
  const row = one(rows);
  await saveLines(tx, row.id, order);
  return row;
}

const peopleOf = (order: Order) => ({
  billing: order.billing,
  addresses: order.addresses,
  customerMessage: order.customerMessage,
  staffNotes: order.staffNotes,
  cartId: order.cartId,
  customerLocale: order.customerLocale,
  pickupPointInMetafield: order.pickupPointInMetafield,
  warehouseInMetafield: order.warehouseInMetafield,
});

async function saveLines(tx: Db, orderPk: number, order: Order): Promise<void> {
  await tx.query(`delete from lahetti.order_lines where order_pk = $1 and not line_id = any($2::bigint[])`, [
    orderPk,
    order.lines.map((line) => line.lineId),
  ]);
  await tx.query(
    `insert into lahetti.order_lines
       (order_pk, line_id, address_id, sku, name, kind, quantity, quantity_shipped, quantity_refunded, weight_grams, unit_price_minor, merchant_pickup, size_millimetres)
     select $1, l.* from jsonb_to_recordset($2::jsonb) as l(line_id bigint, address_id bigint, sku text, name text, kind text,
       quantity int, quantity_shipped int, quantity_refunded int, weight_grams int, unit_price_minor bigint, merchant_pickup boolean, size_millimetres int[])
     on conflict (order_pk, line_id) do update set
       address_id = excluded.address_id, sku = excluded.sku, name = excluded.name, kind = excluded.kind, quantity = excluded.quantity,
       quantity_shipped = excluded.quantity_shipped, quantity_refunded = excluded.quantity_refunded,
       weight_grams = excluded.weight_grams, unit_price_minor = excluded.unit_price_minor, merchant_pickup = excluded.merchant_pickup,
       size_millimetres = excluded.size_millimetres`,
    [
      orderPk,
      JSON.stringify(
        order.lines.map((line) => ({
          line_id: line.lineId,
          address_id: line.addressId,
          sku: line.sku,
          name: line.name,
          kind: line.kind,
          quantity: line.quantity,
          quantity_shipped: line.quantityShipped,
          quantity_refunded: line.quantityRefunded,
          weight_grams: line.weightGrams,
          unit_price_minor: line.unitPriceMinor,
          merchant_pickup: line.merchantPickup,
          size_millimetres: line.sizeMillimetres ?? null,
        })),
      ),
    ],
  );
}

/** Keeps what a plan said of the order as a whole. */
export async function savePlanOfOrder(
  tx: Db,
  orderPk: number,
  plan: {
    readonly unshipped: Partial<Record<UnshippedReason, number>>;
    readonly triggers: boolean;
    readonly shopStatus: ShopStatus;
  },
): Promise<void> {
  await tx.query(
    `update lahetti.orders
        set unshipped = $2, triggered_at = case when $3 then coalesce(triggered_at, now()) else triggered_at end,
            shop_status = $4
      where id = $1`,
    [orderPk, JSON.stringify(plan.unshipped), plan.triggers, JSON.stringify(plan.shopStatus)],
  );
}

/** Keeps what an order comes to; `since` moves only when the phase does. Gives the phase that was there before. */
export async function savePhase(tx: Db, orderPk: number, phase: OrderPhase): Promise<OrderPhase> {
  const { rows } = await tx.query<{ before: OrderPhase }>(
    `with before as (select phase from lahetti.orders where id = $1)
     update lahetti.orders o set phase = $2, since = case when o.phase = $2 then o.since else now() end
       from before where o.id = $1 returning before.phase as before`,
    [orderPk, phase],
  );
  return one(rows).before;
}

/** What the order itself needs a person for; null: nothing. Gives whether that is news. */
export async function saveOrderAttention(tx: Db, orderPk: number, attention: Attention | null): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lahetti.orders set attention = $2
      where id = $1 and attention->>'code' is distinct from $2::jsonb->>'code'`,
    [orderPk, attention === null ? null : JSON.stringify(attention)],
  );
  return rowCount === 1;
}
