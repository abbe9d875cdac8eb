import type { OrderRef } from '../../../workflows/contract.ts';
import { inTransaction, type Db, type Pool } from '../../db/pool.ts';
import { maybeOne } from '../../db/rows.ts';
import { addToTimeline } from '../../orders/timeline.sql.ts';

export interface LabelView {
  readonly id: number;
  readonly n: number;
  readonly attempt: number;
  readonly attemptState: string;
  readonly kind: string;
  readonly media: string;
  readonly kept: boolean;
  readonly handedOutAt: Date | null;
  readonly printedAt: Date | null;
}

export async function labelsOf(db: Db, ref: OrderRef): Promise<LabelView[]> {
  const { rows } = await db.query<LabelView>(
    `select l.id, s.n, a.attempt, a.state as "attemptState", l.kind, l.media, l.pdf is not null as kept,
            l.handed_out_at as "handedOutAt", l.printed_at as "printedAt"
     from lahetti.labels l
     join lahetti.booking_attempts a on a.id = l.attempt_id
     join lahetti.shipments s on s.id = l.shipment_id
     join lahetti.orders o on o.id = s.order_pk
     join lahetti.stores st on st.id = o.store_id
     where st.store_hash = $1 and o.order_id = $2
     order by l.id`,
    [ref.storeHash, ref.orderId],
  );
  return rows;
}

export type HandOut =
  | { readonly outcome: 'handed_out'; readonly pdf: Buffer }
  | { readonly outcome: 'unknown' | 'not_kept' | 'withdrawn' | 'erased' };

interface LabelRow {
  readonly orderPk: number;
  readonly n: number;
  readonly attemptState: string;
  readonly cancelling: boolean;
  readonly pdf: Buffer | null;
  readonly erased: boolean;
  readonly handedOutAt: Date | null;
}

/**
 * Gives a label out and writes that down first. Behind the order's lock, as everything that supersedes or withdraws an
 * attempt: a label is either handed out before, and then known to be out, or not at all.
 */
export async function handOutLabel(pool: Pool, labelId: number, who: string): Promise<HandOut> {
  return inTransaction(pool, async (tx) => {
    await tx.query(
      `select o.id from lahetti.orders o
       join lahetti.shipments s on s.order_pk = o.id
       join lahetti.labels l on l.shipment_id = s.id
       where l.id = $1 for update of o`,
      [labelId],
    );
    const label = await findLabel(tx, labelId);
    if (!label) return { outcome: 'unknown' };
    if (label.erased && !label.pdf) return { outcome: 'erased' };
    if (label.attemptState !== 'live' || label.cancelling) return { outcome: 'withdrawn' };
    if (!label.pdf) return { outcome: 'not_kept' };
    if (!label.handedOutAt) {
      await tx.query(`update lahetti.labels set handed_out_at = now() where id = $1`, [labelId]);
      const words = `The label of shipment ${label.n} was handed out.`;
      await addToTimeline(tx, label.orderPk, { n: label.n, what: 'label_handed_out', words, who });
    }
    return { outcome: 'handed_out', pdf: label.pdf };
  });
}

async function findLabel(tx: Db, labelId: number): Promise<LabelRow | undefined> {
  const { rows } = await tx.query<LabelRow>(
    `select s.order_pk as "orderPk", s.n, a.state as "attemptState", s.cancelling, l.pdf,
            o.erased_at is not null as erased, l.handed_out_at as "handedOutAt"
     from lahetti.labels l
     join lahetti.booking_attempts a on a.id = l.attempt_id
     join lahetti.shipments s on s.id = l.shipment_id
     join lahetti.orders o on o.id = s.order_pk
     where l.id = $1`,
    [labelId],
  );
  return maybeOne(rows);
}
