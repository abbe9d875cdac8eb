import { randomUUID } from 'node:crypto';
import type { Pool } from '../../src/db/pool.ts';
import { insertExchanges } from '../../src/exchanges/exchanges.sql.ts';
import type { Canary } from '../support/person-scan.ts';
import { created, anOrderDesk, type OrderDesk } from './order-desk.ts';

export const canary: Canary = {
  firstName: 'Sirkku',
  lastName: 'Kanarialintunen',
  street: 'Kanariakuja 77 B',
  phone: '449000777',
  email: 'sirkku.kanaria@example.com',
};

const address = {
  first_name: canary.firstName,
  last_name: canary.lastName,
  street_1: canary.street,
  phone: `0${canary.phone}`,
  email: canary.email,
};

/** An order of the canary's, booked and told to the shop, whose people are in every place that can hold some. */
export async function anOrderOfTheCanary(pool: Pool, changes: { orderId?: number } = {}): Promise<OrderDesk> {
  const desk = await anOrderDesk(pool, changes);
  const { wire } = desk.shop;
  desk.shop.wire = {
    ...wire,
    order: {
      ...wire.order,
      billing_address: { ...wire.order.billing_address, ...address },
      customer_message: `Ring ${canary.lastName}`,
      staff_notes: `Regular: ${canary.email}`,
    },
    addresses: wire.addresses.map((to) => ({ ...to, ...address })),
  };
  const pdf = Buffer.from(`%PDF-1.7\n(${canary.lastName}, ${canary.street})\n`);
  desk.carrier.answers.push((booking) => {
    const answer = created(booking);
    if (answer.outcome !== 'created') throw new Error('The carrier in memory books.');
    const link = `https://labels.example/?to=${canary.email}`;
    return { ...answer, labels: answer.labels.map((label) => ({ ...label, pdf, link })) };
  });
  await desk.look();
  await desk.command('change', { n: 1, body: { address: { lastName: canary.lastName, phone: `0${canary.phone}` } } });
  await desk.look();
  await desk.book();
  await desk.tell();
  await desk.handOut();
  await plantQuotes(pool, desk);
  return desk;
}

/** What others wrote may quote a person wherever there is text: as bad as it can be. */
async function plantQuotes(pool: Pool, { ref, store }: OrderDesk): Promise<void> {
  const quote = `${canary.firstName} ${canary.lastName}, ${canary.street}, ${canary.email}`;
  const { rows } = await pool.query<{ pk: number; shipment: number; parcel: number }>(
    `select o.id as pk, s.id as shipment, p.id as parcel from lahetti.orders o
       join lahetti.shipments s on s.order_pk = o.id join lahetti.parcels p on p.shipment_id = s.id
      where o.store_id = $1 and o.order_id = $2`,
    [store.id, ref.orderId],
  );
  const { pk, shipment, parcel } = rows[0]!;
  await pool.query(
    `update lahetti.shipments set people_problem = jsonb_build_object('problems', jsonb_build_array($2::text)),
            people_override = jsonb_build_object('address', jsonb_build_object('email', $3::text)) where id = $1`,
    [shipment, quote, canary.email],
  );
  await pool.query(
    `insert into lahetti.tracking_events (parcel_id, event_key, code, at, place, texts)
     values ($1, $2, 'DELIVERED', now(), $3, jsonb_build_object('en', $4::text))`,
    [parcel, randomUUID(), canary.street, `Signed by ${quote}`],
  );
  await pool.query(
    `insert into lahetti.tracking_events (parcel_id, event_key, code, at, at_raw) values ($1, $2, 'DELIVERED', null, $3)`,
    [parcel, randomUUID(), `1/6/2026 to ${canary.lastName}`],
  );
  await pool.query(`insert into lahetti.timeline (order_pk, what, words) values ($1, 'posti_refused', $2)`, [
    pk,
    quote,
  ]);
  await pool.query(
    `insert into lahetti.audit (who, what, subject, people_before, people_after)
     values ('aino', 'command_change', $1, jsonb_build_object('was', $2::text), jsonb_build_object('is', $2::text))`,
    [`order/${ref.storeHash}/${ref.orderId}`, quote],
  );
  await pool.query(`update lahetti.commands set reason = $3 where store_id = $1 and order_id = $2`, [
    ...[store.id, ref.orderId],
    quote,
  ]);
  await pool.query(
    `with t as (insert into lahetti.api_tokens (name, role, hash) values ($1::text, 'operator', sha256(convert_to($1::text, 'UTF8'))) returning id)
     insert into lahetti.idempotency_keys (token_id, key, request_hash, command_ids)
     select t.id, $2, 'h', array(select id from lahetti.commands where store_id = $3 and order_id = $4) from t`,
    [`till ${ref.storeHash}`, `change-${canary.email}`, store.id, ref.orderId],
  );
  const call = { system: 'posti' as const, account: 'a', method: 'POST', status: 200, durationMs: 5 };
  await insertExchanges(pool, [
    {
      ...{ ...call, at: new Date(), purpose: 'book', errorCode: null, requestId: null },
      about: { storeHash: ref.storeHash, orderId: ref.orderId, shipment: 1 },
      path: `/orders?to=${canary.email}`,
      request: { quote },
      response: { quote },
    },
  ]);
}

/** The order came to its end so many days ago. */
export async function endedDaysAgo(pool: Pool, { ref, store }: OrderDesk, days: number): Promise<void> {
  await pool.query(
    `update lahetti.orders set created_at = now() - ($3 + 5) * interval '1 day', phase = 'done',
            since = now() - $3 * interval '1 day' where store_id = $1 and order_id = $2`,
    [store.id, ref.orderId, days],
  );
  await pool.query(
    `update lahetti.shipments s set phase = 'delivered', attention = null, since = now() - $3 * interval '1 day'
       from lahetti.orders o where o.id = s.order_pk and o.store_id = $1 and o.order_id = $2`,
    [store.id, ref.orderId, days],
  );
  await pool.query(`update lahetti.commands set closed_at = now() where store_id = $1 and order_id = $2`, [
    ...[store.id, ref.orderId],
  ]);
}
