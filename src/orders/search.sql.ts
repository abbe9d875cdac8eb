import type { OrderPhase } from '../domain/order-state.ts';
import type { OrderRef } from '../domain/order-ref.ts';
import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';

/** An order as lists and pages start with it. Of the people in it only where the goods go. */
export interface OrderHead extends OrderRef {
  readonly statusId: number;
  readonly channelId: number;
  readonly currency: string;
  readonly totalMinor: number;
  readonly unitsTotal: number;
  readonly archived: boolean;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly readAt: Date;
  readonly phase: OrderPhase;
  readonly since: Date;
  /** When what was known of its people was erased; then no list of it by people finds it. */
  readonly erasedAt: Date | null;
  readonly destinations: readonly { readonly city: string | null; readonly country: string | null }[];
}

const head = `st.store_hash as "storeHash", o.order_id as "orderId", o.status_id as "statusId",
  o.channel_id as "channelId", o.currency, o.total_minor as "totalMinor", o.units_total as "unitsTotal", o.archived,
  o.created_at as "createdAt", o.modified_at as "modifiedAt", o.read_at as "readAt", o.phase, o.since,
  o.erased_at as "erasedAt",
  coalesce((select jsonb_agg(jsonb_build_object('city', a->'city', 'country', a->'country'))
              from jsonb_array_elements(o.people_order->'addresses') a), '[]') as destinations`;
const fromOrders = `from lahetti.orders o join lahetti.stores st on st.id = o.store_id`;

export async function findOrderHead(db: Db, ref: OrderRef): Promise<OrderHead | undefined> {
  const { rows } = await db.query<OrderHead>(
    `select ${head} ${fromOrders} where st.store_hash = $1 and o.order_id = $2`,
    [ref.storeHash, ref.orderId],
  );
  return maybeOne(rows);
}

/**
 * A text search for words that begin so, all of them. Quoted: nothing that is typed is an operator. With a space in front: of
 * a word that is nothing but marks something has to be left, since '' is a mistake to PostgreSQL.
 */
const beginningsOf = (text: string): string =>
  text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => `' ${word.replaceAll(/['\\]/g, '$&$&')}':*`)
    .join(' & ');

export interface Page {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: number | undefined;
}

/** What is given has to fit, all of it (`orderSearch` in src/http/api/orders/schemas.ts). */
export interface OrderSearch extends Page {
  readonly store?: string | undefined;
  readonly number?: number | undefined;
  readonly tracking?: string | undefined;
  readonly recipient?: string | undefined;
  readonly phase?: OrderPhase | undefined;
  readonly attention?: string | undefined;
  readonly placedFrom?: Date | undefined;
  readonly placedBefore?: Date | undefined;
}

/** One page, the order that we heard of last first. A tracking number also finds orders by a label that was superseded since. */
export async function searchOrders(db: Db, search: OrderSearch): Promise<(OrderHead & { readonly id: number })[]> {
  const { rows } = await db.query<OrderHead & { id: number }>(
    `select o.id, ${head} ${fromOrders}
     where ($1::text is null or st.store_hash = $1)
       and ($2::bigint is null or o.order_id = $2)
       and ($3::text is null or o.phase = $3)
       and ($4::text is null or o.id in (
             select s.order_pk from lahetti.parcels p join lahetti.shipments s on s.id = p.shipment_id
              where p.tracking_number = upper($4)))
       and ($5::bigint is null or o.id < $5)
       and ($7::text is null or o.people_words @@ to_tsquery('simple', lahetti.without_marks($7)) or o.id in (
             select s.order_pk from lahetti.shipments s
              where s.people_override is not null
                and lahetti.people_words(s.people_override) @@ to_tsquery('simple', lahetti.without_marks($7))))
       and ($8::text is null or o.attention->>'code' = $8 or o.id in (
             select s.order_pk from lahetti.shipments s
              where s.attention is not null and s.attention->>'code' = $8
                and (s.phase in ('planned', 'booked') or $8 = 'scan_on_orphan')))
       and ($9::timestamptz is null or o.created_at >= $9)
       and ($10::timestamptz is null or o.created_at < $10)
     order by o.id desc limit $6`,
    [
      search.store ?? null,
      search.number ?? null,
      search.phase ?? null,
      search.tracking?.replaceAll(/\s/g, '') ?? null,
      search.after ?? null,
      search.limit,
      search.recipient === undefined ? null : beginningsOf(search.recipient),
      search.attention ?? null,
      search.placedFrom ?? null,
      search.placedBefore ?? null,
    ],
  );
  return rows;
}

/** What the state leaves out: each attempt with its outcome, the parcels, the labels. Instants are ISO 8601. */
export interface ShipmentDetail {
  readonly n: number;
  readonly revision: number;
  readonly service: string | null;
  /** Code of the warehouse that it leaves from, and whose contract pays; null where none could be chosen. */
  readonly warehouse: string | null;
  readonly contractNumber: string | null;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly reference: string;
    readonly state: string;
    readonly code: string | null;
    readonly watch: string | null;
    readonly watchUntil: string | null;
    readonly sentAt: string;
    readonly closedAt: string | null;
    readonly parcels: readonly {
      readonly trackingNumber: string;
      readonly weightGrams: number;
      readonly measuredWeightGrams: number | null;
      readonly deliveryStatus: string;
    }[];
    readonly labels: readonly { readonly id: number; readonly kind: string; readonly media: string }[];
  }[];
}

export async function shipmentDetails(db: Db, ref: OrderRef): Promise<ShipmentDetail[]> {
  const { rows } = await db.query<ShipmentDetail>(
    `select s.n, s.revision, r.content->'booking'->>'service' as service,
       r.content->>'warehouse' as warehouse, r.content->'booking'->>'contractNumber' as "contractNumber",
       coalesce((select jsonb_agg(jsonb_build_object(
          'attempt', a.attempt, 'reference', a.reference, 'state', a.state, 'code', a.code,
          'watch', a.watch, 'watchUntil', a.watch_until, 'sentAt', a.sent_at, 'closedAt', a.closed_at,
          'parcels', coalesce((select jsonb_agg(jsonb_build_object(
              'trackingNumber', p.tracking_number, 'weightGrams', p.weight_grams,
              'measuredWeightGrams', p.measured_weight_grams, 'deliveryStatus', p.delivery_status) order by p.position)
             from lahetti.parcels p where p.attempt_id = a.id), '[]'),
          'labels', coalesce((select jsonb_agg(jsonb_build_object(
              'id', l.id, 'kind', l.kind, 'media', l.media) order by l.id)
             from lahetti.labels l where l.attempt_id = a.id and l.pdf is not null), '[]')) order by a.attempt)
         from lahetti.booking_attempts a where a.shipment_id = s.id), '[]') as attempts
     from lahetti.shipments s
     join lahetti.orders o on o.id = s.order_pk
     join lahetti.stores st on st.id = o.store_id
     left join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision
     where st.store_hash = $1 and o.order_id = $2
     order by s.n`,
    [ref.storeHash, ref.orderId],
  );
  return rows;
}

export interface TimelineEntry {
  readonly id: number;
  readonly n: number | null;
  readonly at: Date;
  readonly what: string;
  readonly words: string;
  readonly who: string;
}

/** Oldest first. */
export async function timelineOf(db: Db, ref: OrderRef, { limit, after }: Page): Promise<TimelineEntry[]> {
  const { rows } = await db.query<TimelineEntry>(
    `select t.id, t.shipment_n as n, t.at, t.what, t.words, t.who
     from lahetti.timeline t
     join lahetti.orders o on o.id = t.order_pk
     join lahetti.stores st on st.id = o.store_id
     where st.store_hash = $1 and o.order_id = $2 and t.id > $3
     order by t.id limit $4`,
    [ref.storeHash, ref.orderId, after ?? 0, limit],
  );
  return rows;
}

/** A logged call; bodies were redacted before they were kept. */
export interface ExchangeView {
  readonly id: number;
  readonly at: Date;
  readonly system: string;
  readonly n: number | null;
  readonly purpose: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly durationMs: number;
  readonly errorCode: string | null;
  readonly requestId: string | null;
  readonly request: unknown;
  readonly response: unknown;
}

/** Oldest first. */
export async function exchangesOf(db: Db, ref: OrderRef, { limit, after }: Page): Promise<ExchangeView[]> {
  const { rows } = await db.query<ExchangeView>(
    `select id, at, system, shipment_n as n, purpose, method, path, status, duration_ms as "durationMs",
            error_code as "errorCode", request_id as "requestId", request, response
     from lahetti.exchanges where store_hash = $1 and order_id = $2 and id > $3
     order by id limit $4`,
    [ref.storeHash, ref.orderId, after ?? 0, limit],
  );
  return rows;
}
