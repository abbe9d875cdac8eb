import type { Db } from '../db/pool.ts';
import type { OrderMemory } from '../planning/admission.ts';
import type { Order, OrderLine } from './order.ts';

/** An order as its last reading left it in the database, with what is remembered of it. */
export interface KeptOrder {
  readonly pk: number;
  readonly order: Order;
  readonly memory: Omit<OrderMemory, 'told'>;
  /** When it was read from the shop. */
  readonly readAt: Date;
  /** Read by a version that kept everything of its lines that the plan asks for (migrations 0002 and 0004). */
  readonly whole: boolean;
}

type People = Pick<Order, 'billing' | 'addresses' | 'customerMessage' | 'staffNotes'> &
  Partial<Pick<Order, 'cartId' | 'customerLocale' | 'pickupPointInMetafield' | 'warehouseInMetafield'>>;

interface Row extends Omit<KeptOrder['memory'], never> {
  pk: number;
  readAt: Date;
  whole: boolean;
  orderId: number;
  statusId: number;
  channelId: number;
  archived: boolean;
  createdAt: Date;
  modifiedAt: Date;
  currency: string;
  totalMinor: number;
  unitsTotal: number;
  people: Partial<People>;
  lines: OrderLine[];
}

/**
 * Orders of a store that were made since then, youngest first; one whose people were erased is left out. What the plan
 * does not ask for (products, digital) is not kept, and not made up from anything: it has neutral values.
 */
export async function keptOrders(
  db: Db,
  page: {
    readonly storeId: number;
    readonly since: Date;
    readonly limit: number;
    /** The last one of the page before. */
    readonly before?: { readonly createdAt: Date; readonly pk: number } | undefined;
  },
): Promise<KeptOrder[]> {
  const { rows } = await db.query<Row>(
    `${keptOrder}
      where o.store_id = $1 and o.created_at >= $2 and o.people_order ?& array['addresses', 'billing']
        and ($3::timestamptz is null or (o.created_at, o.id) < ($3, $4::bigint))
      order by o.created_at desc, o.id desc limit $5`,
    [page.storeId, page.since, page.before?.createdAt ?? null, page.before?.pk ?? null, page.limit],
  );
  return rows.map(toKept);
}

/** Of the same orders those whose people were erased: how many, and the ids of the youngest. */
export async function erasedOrders(
  db: Db,
  page: { readonly storeId: number; readonly since: Date; readonly limit: number },
): Promise<{ readonly count: number; readonly orderIds: readonly number[] }> {
  const { rows } = await db.query<{ orderId: number; count: number }>(
    `select o.order_id as "orderId", count(*) over ()::int as count from lahetti.orders o
      where o.store_id = $1 and o.created_at >= $2 and not o.people_order ?& array['addresses', 'billing']
      order by o.created_at desc, o.id desc limit $3`,
    [page.storeId, page.since, page.limit],
  );
  return { count: rows[0]?.count ?? 0, orderIds: rows.map(({ orderId }) => orderId) };
}

/** One of them, by its key; undefined where its people were erased. */
export async function keptOrderOf(db: Db, orderPk: number): Promise<KeptOrder | undefined> {
  const { rows } = await db.query<Row>(
    `${keptOrder} where o.id = $1 and o.people_order ?& array['addresses', 'billing']`,
    [orderPk],
  );
  return rows.map(toKept)[0];
}

const keptOrder = `select o.id as pk, o.order_id as "orderId", o.status_id as "statusId", o.channel_id as "channelId", o.archived,
          o.created_at as "createdAt", o.modified_at as "modifiedAt", o.currency, o.total_minor as "totalMinor",
          o.units_total as "unitsTotal", o.people_order as people,
          o.triggered_at is not null as triggered, o.booked_by_hand as "bookedByHand", o.on_hold as "onHold",
          o.kept_back as "keptBack", o.chosen_status_id as "chosenStatusId", o.read_at as "readAt",
          not exists (select from lahetti.migrations m where m.number in (2, 4) and m.applied_at > o.read_at) as whole,
          coalesce((select jsonb_agg(jsonb_build_object(
              'lineId', l.line_id, 'addressId', l.address_id, 'sku', l.sku, 'name', l.name, 'kind', l.kind,
              'quantity', l.quantity, 'quantityShipped', l.quantity_shipped, 'quantityRefunded', l.quantity_refunded,
              'weightGrams', l.weight_grams, 'sizeMillimetres', l.size_millimetres, 'unitPriceMinor', l.unit_price_minor,
              'merchantPickup', l.merchant_pickup, 'productId', 0, 'variantId', null) order by l.line_id)
             from lahetti.order_lines l where l.order_pk = o.id), '[]') as lines
     from lahetti.orders o`;

function toKept({
  pk,
  people,
  triggered,
  bookedByHand,
  onHold,
  keptBack,
  chosenStatusId,
  readAt,
  whole,
  ...row
}: Row): KeptOrder {
  const units = row.lines.reduce((sum, line) => sum + line.quantityShipped, 0);
  const order: Order = {
    ...row,
    digital: false,
    unitsShipped: units,
    // Optional members that are absent stay absent: the plan tells them from null.
    ...(people as People),
  };
  return { pk, order, memory: { triggered, bookedByHand, onHold, keptBack, chosenStatusId }, readAt, whole };
}
