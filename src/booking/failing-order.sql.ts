import type { Db } from '../db/pool.ts';

/**
 * Answers that tell of this order alone, by themselves: Posti took it in, so that it works, and gave no label for it.
 * `label_lost`: the label could not be had afterwards.
 */
const withoutLabel = ['posti_label_missing', 'posti_parcel_number_missing', 'label_lost'];

export const isAnsweredWithoutLabel = (code: string): boolean => withoutLabel.includes(code);

/** Answers that came, and were no refusal: trouble of Posti's, or of something in this order that Posti stumbles over. */
const troubled = `(a.code ~ '^posti_http_' or a.code in ('posti_unreadable', 'posti_address_unknown'))`;

/** A person is asked after so many attempts that failed for this order and not for others, and again after as many more. */
const askAfter = 4;

export interface FailingOrder {
  /** What went wrong is the order's: the account's health is not touched by it. */
  readonly alone: boolean;
  /** It has gone wrong so often that a person has to look. */
  readonly often: boolean;
}

/**
 * Whether an attempt that came to this code, and is the last one of its shipment, failed for its order alone: by its
 * answer, or because Posti booked others between an earlier failure of the shipment and this one.
 */
export async function failsAlone(db: Db, shipmentId: number, code: string | null): Promise<FailingOrder> {
  const byItself = code !== null && isAnsweredWithoutLabel(code);
  const isTroubled =
    code !== null && (/^posti_http_/.test(code) || ['posti_unreadable', 'posti_address_unknown'].includes(code));
  if (!byItself && !isTroubled) return { alone: false, often: false };
  const earlier = await earlierFailures(db, shipmentId);
  const alone = byItself || earlier > 0;
  return { alone, often: alone && (earlier + 1) % askAfter === 0 };
}

/** Of this shipment since its last booking that came to a label, before the last attempt. */
async function earlierFailures(db: Db, shipmentId: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `with tries as (
       select a.id, a.attempt, a.state, a.code, a.closed_at,
              lead(a.sent_at) over (order by a.attempt) as next_sent_at
         from lahetti.booking_attempts a where a.shipment_id = $1
     )
     select count(*)::int as count
       from tries a
       join lahetti.shipments s on s.id = $1
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
      where a.next_sent_at is not null
        and a.attempt > (select coalesce(max(attempt), 0) from tries
                          where state in ('live', 'superseded', 'withdrawn') and code is distinct from 'label_lost')
        and (a.code = any($2::text[]) or ${troubled} and exists (
          select from lahetti.booking_attempts b
            join lahetti.shipments bs on bs.id = b.shipment_id and bs.id <> $1
            join lahetti.orders bo on bo.id = bs.order_pk
            join lahetti.stores bst on bst.id = bo.store_id and bst.carrier_account_id = st.carrier_account_id
           where b.id > a.id and b.state in ('live', 'superseded', 'withdrawn') and b.code is distinct from 'label_lost'
             and b.closed_at > a.closed_at and b.closed_at < a.next_sent_at))`,
    [shipmentId, withoutLabel],
  );
  return rows[0]?.count ?? 0;
}
