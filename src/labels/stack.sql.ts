import { randomUUID } from 'node:crypto';
import type { OrderRef } from '../domain/order-ref.ts';
import { addToAudit } from '../audit/audit.sql.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { insertCommand } from '../inbox/commands.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';

/** A label that was chosen, without its bytes. */
export interface ChosenLabel {
  readonly id: number;
  readonly storeHash: string;
  readonly orderId: number;
  readonly n: number;
  readonly media: string;
  /** Null where the file is not here (yet). */
  readonly bytes: number | null;
  /** The file was here, and went with all that was known of the people of its order. */
  readonly erased: boolean;
  /** Of the booking that counts, which nobody is taking back. */
  readonly usable: boolean;
}

/** An order, or one shipment of it, whose labels are wanted. */
export interface ChosenOrder extends OrderRef {
  readonly n?: number | undefined;
}

interface LabelRow extends ChosenLabel {
  readonly orderPk: number;
  readonly storeId: number;
  readonly handedOut: boolean;
  readonly printed: boolean;
}

/** In no order; ids that are nobody's are left out. */
export async function findLabels(db: Db, ids: readonly number[]): Promise<LabelRow[]> {
  const { rows } = await db.query<LabelRow>(
    `select l.id, st.store_hash as "storeHash", st.id as "storeId", o.order_id as "orderId", o.id as "orderPk", s.n,
            l.media, octet_length(l.pdf) as bytes, a.state = 'live' and not s.cancelling as usable,
            l.pdf is null and exists (select from lahetti.timeline t where t.order_pk = o.id and t.what = 'erased'
                                         and t.at > l.created_at) as erased,
            l.handed_out_at is not null as "handedOut", l.printed_at is not null as printed
       from lahetti.labels l
       join lahetti.booking_attempts a on a.id = l.attempt_id
       join lahetti.shipments s on s.id = l.shipment_id
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
      where l.id = any($1::bigint[])`,
    [ids],
  );
  return rows;
}

/** Ids of the labels that count now, for each of the given orders, in their order. Null for an order that we do not have. */
export async function labelsOfOrders(db: Db, orders: readonly ChosenOrder[]): Promise<(readonly number[] | null)[]> {
  const { rows } = await db.query<{ known: boolean; ids: number[] }>(
    `select o.id is not null as known,
            array(select l.id
                    from lahetti.shipments s
                    join lahetti.booking_attempts a on a.shipment_id = s.id and a.state = 'live'
                    join lahetti.labels l on l.attempt_id = a.id
                   where s.order_pk = o.id and not s.cancelling and (w.n is null or s.n = w.n)
                   order by s.n, l.id) as ids
       from unnest($1::text[], $2::bigint[], $3::int[]) with ordinality as w(store_hash, order_id, n, position)
       left join lahetti.stores st on st.store_hash = w.store_hash
       left join lahetti.orders o on o.store_id = st.id and o.order_id = w.order_id
      order by w.position`,
    [orders.map((o) => o.storeHash), orders.map((o) => o.orderId), orders.map((o) => o.n ?? null)],
  );
  return rows.map(({ known, ids }) => (known ? ids.map(Number) : null));
}

/** The files of these labels, by id; those that have none are left out. */
export async function readPdfs(db: Db, ids: readonly number[]): Promise<Map<number, Buffer>> {
  const { rows } = await db.query<{ id: number; pdf: Buffer }>(
    `select id, pdf from lahetti.labels where id = any($1::bigint[]) and pdf is not null`,
    [ids],
  );
  return new Map(rows.map(({ id, pdf }) => [id, pdf]));
}

export interface HandingOut {
  readonly who: string;
  /** How they asked. */
  readonly source: 'api' | 'cli';
  /** Asks, for each shipment that has a label not printed yet, to mark it as printed. */
  readonly markPrinted?: boolean | undefined;
}

/**
 * Writes down that all of these labels are given out, or gives those that must not be, and writes nothing. Behind the
 * orders' locks, as everything that supersedes or withdraws an attempt: a label is either handed out before, and then
 * known to be out, or not at all. The locks are taken in one order, so that two stacks can't wait for each other.
 */
export async function handOutLabels(
  pool: Pool,
  ids: readonly number[],
  handingOut: HandingOut,
): Promise<ChosenLabel[]> {
  return inTransaction(pool, async (tx) => {
    await tx.query(
      `select o.id from lahetti.orders o
        where o.id in (select s.order_pk from lahetti.shipments s join lahetti.labels l on l.shipment_id = s.id
                        where l.id = any($1::bigint[]))
        order by o.id for update`,
      [ids],
    );
    const labels = await findLabels(tx, ids);
    const unusable = labels.filter(({ usable, bytes }) => !usable || bytes === null);
    if (unusable.length > 0) return unusable;

    await tx.query(
      `update lahetti.labels set handed_out_at = now() where id = any($1::bigint[]) and handed_out_at is null`,
      [ids],
    );
    for (const label of labels.filter(({ handedOut }) => !handedOut)) {
      const words = `The label of shipment ${label.n} was handed out.`;
      await addToTimeline(tx, label.orderPk, { n: label.n, what: 'label_handed_out', words, who: handingOut.who });
    }
    const again = labels.filter(({ handedOut }) => handedOut);
    if (again.length > 0) await addToAudit(tx, ...again.map((label) => reprintOf(label, handingOut)));
    if (handingOut.markPrinted) await askToMarkPrinted(tx, labels, handingOut);
    return [];
  });
}

/** For the audit alone: an order's timeline says once that its label is out. */
const reprintOf = ({ id, storeHash, orderId, n }: LabelRow, { who, source }: HandingOut) => ({
  ...{ who, what: 'label_reprinted', subject: `order/${storeHash}/${orderId}` },
  after: { label: id, shipment: n, source },
});

/** Commands like any other, one for each shipment: what follows from "printed" is the order's own business. */
async function askToMarkPrinted(tx: Db, labels: readonly LabelRow[], { who, source }: HandingOut): Promise<void> {
  const shipments = new Map(
    labels.filter(({ printed }) => !printed).map((label) => [`${label.orderPk}/${label.n}`, label]),
  );
  for (const { storeId, orderId, n } of shipments.values()) {
    const command = { storeId, orderId, n, kind: 'mark_printed', body: {}, who, source } as const;
    await insertCommand(tx, { id: randomUUID(), ...command });
  }
}
