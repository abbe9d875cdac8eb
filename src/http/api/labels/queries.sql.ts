import type { OrderRef } from '../../../domain/order-ref.ts';
import type { Db } from '../../../db/pool.ts';

export interface LabelView {
  readonly id: number;
  readonly n: number;
  readonly attempt: number;
  readonly attemptState: string;
  readonly kind: string;
  readonly media: string;
  readonly kept: boolean;
  /** What is odd about its file (src/labels/label-check.ts). */
  readonly doubts: string[];
  readonly handedOutAt: Date | null;
  readonly printedAt: Date | null;
}

export async function labelsOf(db: Db, ref: OrderRef): Promise<LabelView[]> {
  const { rows } = await db.query<LabelView>(
    `select l.id, s.n, a.attempt, a.state as "attemptState", l.kind, l.media, l.pdf is not null as kept, l.doubts,
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
