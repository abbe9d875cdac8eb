import type { OrderRef } from '../domain/order-ref.ts';
import { addToAudit } from '../audit/audit.sql.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';

/** Whose data: of one order, or all orders of one e-mail address, in one store or in all. */
export type WhoseData =
  { readonly order: OrderRef } | { readonly email: string; readonly storeHash?: string | undefined };

/**
 * Remembers that these orders are to be erased, each with its audit entry, and gives them. The request stands with
 * the orders from then on: a process that dies here loses nothing, and the address is kept nowhere.
 */
export async function askToErase(pool: Pool, whose: WhoseData, who: string): Promise<OrderToBeErased[]> {
  return inTransaction(pool, async (tx) => {
    const found = 'order' in whose ? await theOrder(tx, whose.order) : await ordersOf(tx, whose);
    // In the order of their keys: two requests for the same orders follow each other.
    await tx.query(`select from lahetti.orders where id = any($1::bigint[]) order by id for update`, [
      found.map(({ id }) => id),
    ]);
    await tx.query(
      `update lahetti.orders set erasure_asked_at = now(), erasure_asked_by = $2 where id = any($1::bigint[])`,
      [found.map(({ id }) => id), who],
    );
    for (const { storeHash, orderId } of found) {
      await addToAudit(tx, { who, what: 'erasure_asked', subject: `order/${storeHash}/${orderId}` });
    }
    return found;
  });
}

export type OrderToBeErased = OrderRef & { readonly id: number };

const found = `select o.id, st.store_hash as "storeHash", o.order_id as "orderId"
  from lahetti.orders o join lahetti.stores st on st.id = o.store_id`;

async function theOrder(tx: Db, { storeHash, orderId }: OrderRef): Promise<OrderToBeErased[]> {
  const { rows } = await tx.query<OrderToBeErased>(`${found} where st.store_hash = $1 and o.order_id = $2`, [
    storeHash,
    orderId,
  ]);
  return rows;
}

/**
 * Wherever the address is: billing, shipping, what a person changed, what was planned once. The text index finds the
 * candidates of an order as it is now, the exact comparison decides; upper and lower case alike, composed or not. Marks
 * count there: Äijälä's address may be another one than Aijala's.
 */
async function ordersOf(
  tx: Db,
  { email, storeHash }: { email: string; storeHash?: string | undefined },
): Promise<OrderToBeErased[]> {
  const same = (address: string) => `lower(normalize(trim(${address}), NFC)) = lower(normalize(trim($1), NFC))`;
  const named = (given: string) =>
    `exists (select from jsonb_path_query(${given}, '$.**.email') e where ${same(`e #>> '{}'`)})`;
  const words = `plainto_tsquery('simple', lahetti.without_marks($1))`;
  const { rows } = await tx.query<OrderToBeErased>(
    `${found}
      where ($2::text is null or st.store_hash = $2) and o.id in (
        select id from lahetti.orders
         where people_words @@ ${words} and ${named('people_order')}
        union all
        select order_pk from lahetti.shipments
         where people_override is not null and lahetti.people_words(people_override) @@ ${words}
           and ${named('people_override')}
        union all
        select s.order_pk from lahetti.plan_revisions r join lahetti.shipments s on s.id = r.shipment_id
         where r.recipient is not null and ${same(`r.recipient->>'email'`)}
        union all
        select w.id from lahetti.commands c
          join lahetti.orders w on w.store_id = c.store_id and w.order_id = c.order_id
         where c.people_body <> '{}' and ${named('c.people_body')})
      order by o.id`,
    [email, storeHash ?? null],
  );
  return rows;
}
