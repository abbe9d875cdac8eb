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

/** A person is asked after so many unknown outcomes in a row, where Posti booked nothing else meanwhile: ten minutes of its pauses. */
const askAfterUnknown = 8;
/** Where more other shipments than this have unknown outcomes too, it is an outage. */
const fewOthers = 3;
/** Then a person is asked after so many. */
const askInAnOutageAfter = 40;

/**
 * Whether a person has to look at a shipment, whose last attempt has an unknown outcome, because all its attempts have:
 * each may have left a booking at Posti, so that it is not asked without end.
 *
 * On a quiet account no booking of another order shows whether Posti or this order is in trouble. An outage must not ask
 * for each of a thousand orders. So:
 * - Only unknown outcomes count: the booking was sent, and so the account was open or this was the one order that tried
 *   after its pause. While it is paused or closed no attempt is made. An attempt that certainly created nothing (no
 *   connection, 429, maintenance, a refused log-in, no such address) leaves nothing at Posti, and neither counts nor ends the
 *   row. Nor does an attempt whose worker died: that tells of us.
 * - Where many others have unknown outcomes in the same time it is an outage, and nobody is asked; the orders that wait take
 *   turns at trying, so that with many of them none gets to its eighth attempt before others are seen to fail.
 * - An outage that lasts is tried once in five minutes by one order of the account, so that forty attempts of one order
 *   are hours apart from those of the next: even then only a few are asked about.
 */
export async function isUnknownTooOften(db: Db, shipmentId: number): Promise<boolean> {
  const { rows } = await db.query<{ count: number; others: number }>(
    `with tries as (
       select a.attempt, a.sent_at, a.code from lahetti.booking_attempts a
        where a.shipment_id = $1 and a.state = 'unknown'
          and a.code <> all($2::text[]) and a.code <> 'answer_never_came' and a.code !~ '^late_'
          and a.attempt > (select coalesce(max(attempt), 0) from lahetti.booking_attempts
                            where shipment_id = $1 and state in ('live', 'superseded', 'withdrawn', 'refused'))
     ), row_of_tries as (select min(sent_at) as since from (select sent_at from tries order by attempt desc limit $3) t)
     select (select count(*)::int from tries) as count,
            (select count(distinct b.shipment_id)::int
               from lahetti.shipments s
               join lahetti.orders o on o.id = s.order_pk
               join lahetti.stores st on st.id = o.store_id
               join lahetti.stores bst on bst.carrier_account_id = st.carrier_account_id
               join lahetti.orders bo on bo.store_id = bst.id
               join lahetti.shipments bs on bs.order_pk = bo.id and bs.id <> s.id
               join lahetti.booking_attempts b on b.shipment_id = bs.id and b.state = 'unknown'
                and b.code <> all($2::text[]) and b.closed_at >= (select since from row_of_tries)
              where s.id = $1) as others`,
    [shipmentId, withoutLabel, askAfterUnknown],
  );
  const { count = 0, others = 0 } = rows[0] ?? {};
  if (count === 0 || count % askAfterUnknown !== 0) return false;
  return others <= fewOthers || count % askInAnOutageAfter === 0;
}
