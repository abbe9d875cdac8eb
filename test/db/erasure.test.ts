import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createErasureActivities } from '../../activities/erasure.ts';
import type { Pool } from '../../src/db/pool.ts';
import { eraseOrder } from '../../src/erasure/erasure.sql.ts';
import { eraseOnRequest } from '../../src/erasure/on-request.ts';
import { findOrderHead, searchOrders } from '../../src/orders/search.sql.ts';
import { createLabelDesk } from '../../src/labels/desk.ts';
import { listRuns } from '../../src/stores/runs.sql.ts';
import { defaultSettings, type Settings } from '../../src/settings/settings.ts';
import type { Store } from '../../src/stores/store.ts';
import { testDatabase } from '../support/postgres.ts';
import { columnsThatHold, columnsWith } from '../support/person-scan.ts';
import { anOrderOfTheCanary, canary, endedDaysAgo } from './erased-order.ts';
import type { OrderDesk } from './order-desk.ts';
import { aWireLine } from './wire-order.ts';

let pool: Pool;
let desk: OrderDesk;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});
beforeEach(async () => {
  await pool.query(
    'truncate lahetti.stores, lahetti.inbox, lahetti.exchanges, lahetti.audit, lahetti.runs, lahetti.api_tokens cascade',
  );
  desk = await anOrderOfTheCanary(pool);
});

/** The daily run. */
function runErasure(
  personalDataDays: Settings['personalDataDays'] = 90,
  { on = pool, stores = [desk.store] }: { on?: Pool; stores?: Store[] } = {},
) {
  const { eraseWhatIsDue } = createErasureActivities({
    pool: on,
    stores: {
      list: () => Promise.resolve(stores),
      settings: () => Promise.resolve({ settings: { ...defaultSettings(), personalDataDays }, version: 1 }),
    },
    log: { info: () => {}, warn: () => {} },
    now: () => new Date(),
  });
  return new MockActivityEnvironment().run(eraseWhatIsDue);
}

const holding = () => columnsThatHold(pool, canary);
const head = () => findOrderHead(pool, desk.ref);

describe('a person', () => {
  test('a person’s data is found in every place that can hold it before it is erased', async () => {
    expect(await holding()).toEqual(
      expect.arrayContaining([
        ...['audit.people_before', 'audit.people_after', 'commands.people_body', 'commands.reason'],
        ...['exchanges.path', 'exchanges.request', 'exchanges.response', 'idempotency_keys.key'],
        ...['labels.link', 'labels.pdf', 'orders.people_order', 'orders.people_words'],
        ...['plan_revisions.recipient', 'shipments.people_override', 'shipments.people_problem'],
        ...['timeline.words', 'tracking_events.place', 'tracking_events.texts', 'tracking_events.at_raw'],
      ]),
    );
  });

  test('a person’s data is nowhere in the database once their time is over', async () => {
    await endedDaysAgo(pool, desk, 91);
    expect(await runErasure()).toMatchObject({ over: 1, asked: 0 });
    expect(await holding()).toEqual([]);
    expect(await head()).toMatchObject({ phase: 'done', erasedAt: expect.any(Date) as Date, destinations: [] });
    expect(await listRuns(pool, { kind: 'erasure', limit: 1 })).toMatchObject([{ counts: { over: 1 }, failure: null }]);
  });

  test.each([
    ['their order', () => ({ order: desk.ref })],
    ['their e-mail address, in whatever letters', () => ({ email: canary.email.toUpperCase() })],
    ['their e-mail address at one store', () => ({ email: canary.email, storeHash: desk.store.storeHash })],
  ])('a person’s data is nowhere in the database after a request by %s', async (_by, whose) => {
    await endedDaysAgo(pool, desk, 1);
    expect(await eraseOnRequest(pool, whose(), 'token:aino')).toEqual([
      { ...desk.ref, outcome: 'erased', reason: null },
    ]);
    expect(await holding()).toEqual([]);
    const { rows } = await pool.query<{ what: string; who: string }>(
      `select what, who from lahetti.audit where what in ('erasure_asked', 'order_erased') order by id`,
    );
    expect(rows).toEqual([
      { what: 'erasure_asked', who: 'token:aino' },
      { what: 'order_erased', who: 'token:aino' },
    ]);
  });

  test('a person’s data of an order of the same number at another store stays there', async () => {
    const other = await anOrderOfTheCanary(pool, { orderId: desk.ref.orderId });
    for (const each of [desk, other]) await endedDaysAgo(pool, each, 1);
    await pool.query(`update lahetti.commands set closed_at = null where store_id = $1`, [other.store.id]);
    const before = await holding();
    for (const whose of [{ email: canary.email, storeHash: desk.store.storeHash }, { order: desk.ref }]) {
      expect(await eraseOnRequest(pool, whose, 'token:aino')).toMatchObject([{ ...desk.ref, outcome: 'erased' }]);
    }
    expect(await head()).toMatchObject({ erasedAt: expect.any(Date) as Date });
    expect(await findOrderHead(pool, other.ref)).toMatchObject({ erasedAt: null });
    // Wherever there was something of both there is still that of the other.
    expect(await holding()).toEqual(before);
  });

  test('a person’s data is found by an address that was written in another form of the same letters, and is erased whole', async () => {
    const address = 'äijälä@example.com';
    const other = await anOrderOfTheCanary(pool);
    // Rows of before texts were composed where they come in.
    for (const [each, email] of [
      [desk, address.normalize('NFD')],
      [other, 'aijala@example.com'],
    ] as const) {
      await endedDaysAgo(pool, each, 1);
      await pool.query(
        `update lahetti.orders set people_order = jsonb_build_object('billing', jsonb_build_object('email', $3::text))
          where store_id = $1 and order_id = $2`,
        [each.store.id, each.ref.orderId, email],
      );
    }
    expect(await eraseOnRequest(pool, { email: address.toUpperCase() }, 'token:aino')).toEqual([
      { ...desk.ref, outcome: 'erased', reason: null },
    ]);
    // The other address differs by its marks: it may be somebody else's.
    expect(await searchOrders(pool, { limit: 10, recipient: address })).toMatchObject([other.ref]);
    expect(await eraseOnRequest(pool, { email: 'aijala@example.com' }, 'token:aino')).toHaveLength(1);
    expect(await columnsWith(pool, ['aijala', 'aija', address, address.normalize('NFD')])).toEqual([]);
  });

  test('personal data would be found in a table that is added later', async () => {
    await pool.query(`create table lahetti.later (note text)`);
    try {
      await pool.query(`insert into lahetti.later values ($1)`, [`for ${canary.lastName}`]);
      expect(await holding()).toContain('later.note');
    } finally {
      await pool.query(`drop table lahetti.later`);
    }
  });
});

describe('people are kept', () => {
  test('personal data is kept for as many days as the store says, or for ever', async () => {
    await endedDaysAgo(pool, desk, 89);
    expect(await runErasure(90)).toMatchObject({ over: 0 });
    await endedDaysAgo(pool, desk, 900);
    expect(await runErasure(null)).toMatchObject({ over: 0 });
    expect(await holding()).toContain('orders.people_order');
    await endedDaysAgo(pool, desk, 31);
    expect(await runErasure(30)).toMatchObject({ over: 1 });
  });

  test('personal data is kept until as many days have passed since the end of the last of its shipments', async () => {
    await endedDaysAgo(pool, desk, 200);
    await pool.query(
      `insert into lahetti.shipments (order_pk, n, address_id, phase, since)
       select order_pk, 2, address_id, 'delivered', now() - interval '10 days' from lahetti.shipments where n = 1`,
    );
    expect(await runErasure(90)).toMatchObject({ over: 0 });
    expect(await holding()).toContain('orders.people_order');
    await pool.query(`update lahetti.shipments set since = now() - interval '91 days' where n = 2`);
    expect(await runErasure(90)).toMatchObject({ over: 1 });
  });

  test('personal data is kept where the order came to its end again after a run had chosen it', async () => {
    const { rows } = await pool.query<{ id: number }>(`select id from lahetti.orders`);
    const { id: pk } = rows[0]!;
    await endedDaysAgo(pool, desk, 10);
    const ninetyDaysAgo = new Date(Date.now() - 90 * 24 * 3_600_000);
    expect(await eraseOrder(pool, { pk, who: 'lahetti', ifOverBefore: ninetyDaysAgo })).toMatchObject({
      outcome: 'not_over',
    });
    expect(await holding()).toContain('orders.people_order');
  });

  test.each(['planned', 'booked'])(
    'personal data is kept while one of its shipments is %s, and the others have ended long ago',
    async (phase) => {
      await endedDaysAgo(pool, desk, 200);
      await pool.query(
        `insert into lahetti.shipments (order_pk, n, address_id, phase, since)
       select order_pk, 2, address_id, $1, now() - interval '150 days' from lahetti.shipments where n = 1`,
        [phase],
      );
      expect(await runErasure(90)).toMatchObject({ over: 0 });
      expect(await eraseOnRequest(pool, { order: desk.ref }, 'aino')).toMatchObject([{ reason: 'shipment_open' }]);
      expect(await holding()).toContain('orders.people_order');
    },
  );

  test('personal data that is erased leaves no digest of a label either, which would prove whose it was', async () => {
    const digests = () => pool.query(`select sha256 from lahetti.labels where sha256 is not null`);
    await endedDaysAgo(pool, desk, 91);
    await pool.query(`update lahetti.labels set sha256 = encode(sha256('label'), 'hex')`);
    await runErasure(90);
    expect((await digests()).rows).toEqual([]);
  });

  test('personal data is kept no longer than usual where the order can no longer be read', async () => {
    await endedDaysAgo(pool, desk, 91);
    await pool.query(`update lahetti.orders set attention = '{"code": "order_unreadable", "commands": ["reprocess"]}'`);
    expect(await runErasure(90)).toMatchObject({ over: 1 });
  });

  const needs: [string, string, (pool: Pool, desk: OrderDesk) => Promise<unknown>][] = [
    ['a shipment is on its way', 'shipment_open', () => pool.query(`update lahetti.shipments set phase = 'booked'`)],
    [
      'a stray parcel needs a person',
      'needs_attention',
      () => pool.query(`update lahetti.shipments set attention = '{"code": "scan_on_orphan", "commands": []}'`),
    ],
    ['a command waits', 'command_open', () => pool.query(`update lahetti.commands set closed_at = null`)],
    [
      'a booking of unknown outcome is watched by its postcode',
      'booking_watched',
      () =>
        pool.query(
          `update lahetti.booking_attempts set watch = 'possible_orphan', watch_until = now() + interval '1 day'`,
        ),
    ],
  ];
  test.each(needs)(
    'personal data is kept while %s; a request is remembered, and carried out when that is over',
    async (_while, reason, make) => {
      await endedDaysAgo(pool, desk, 91);
      await make(pool, desk);
      expect(await runErasure()).toMatchObject({ over: 0 });
      expect(await eraseOnRequest(pool, { order: desk.ref }, 'aino')).toEqual([
        { ...desk.ref, outcome: 'waits', reason },
      ]);
      expect(await holding()).toContain('orders.people_order');
      expect(await runErasure(null)).toMatchObject({ asked: 0 });

      await endedDaysAgo(pool, desk, 0);
      await pool.query(`update lahetti.booking_attempts set watch_until = now() where watch_until is not null`);
      expect(await runErasure(null)).toMatchObject({ over: 0, asked: 1 });
      expect(await holding()).toEqual([]);
      const { rows } = await pool.query(`select who from lahetti.audit where what = 'order_erased'`);
      expect(rows).toEqual([{ who: 'aino' }]);
    },
  );
});

test('an address with hundreds of orders has two hundred erased at once, and the others are remembered', async () => {
  const { rows } = await pool.query<{ column_name: string }>(
    `select column_name from information_schema.columns
      where table_schema = 'lahetti' and table_name = 'orders' and is_generated = 'NEVER' and column_name not in ('id', 'order_id')`,
  );
  const columns = rows.map(({ column_name }) => column_name).join(', ');
  await pool.query(
    `insert into lahetti.orders (order_id, ${columns})
     select order_id + n, ${columns} from lahetti.orders, generate_series(1, 201) n where order_id = $1`,
    [desk.ref.orderId],
  );
  const asked = await eraseOnRequest(pool, { email: canary.email }, 'aino');
  expect(asked).toHaveLength(202);
  // The first is on its way to her, and waits for that.
  const counted = asked.map(({ outcome, reason }) => reason ?? outcome);
  expect(counted.filter((what) => what === 'erased')).toHaveLength(199);
  expect(counted.slice(-2)).toEqual(['many_orders', 'many_orders']);
  const { rows: remembered } = await pool.query(
    'select from lahetti.orders where erased_at is null and erasure_asked_by is not null',
  );
  expect(remembered).toHaveLength(3);
});

test('a request for an address that nobody has comes to nothing, one for an order that we do not have is an error', async () => {
  expect(await eraseOnRequest(pool, { email: 'nobody@example.com' }, 'aino')).toEqual([]);
  expect(await eraseOnRequest(pool, { email: canary.email, storeHash: 'another' }, 'aino')).toEqual([]);
  await expect(eraseOnRequest(pool, { order: { ...desk.ref, orderId: 1 } }, 'aino')).rejects.toMatchObject({
    code: 'unknown_order',
  });
  expect(await holding()).toContain('orders.people_order');
});

describe('an erased order', () => {
  beforeEach(async () => {
    await endedDaysAgo(pool, desk, 91);
    await runErasure();
  });

  test('an erased order is found by its number and no longer by its receiver', async () => {
    const search = (given: object) => searchOrders(pool, { limit: 10, ...given });
    expect(await search({ number: desk.ref.orderId })).toHaveLength(1);
    expect(await search({ recipient: canary.lastName })).toEqual([]);
  });

  test('an erased order shows that the files of its labels are gone', async () => {
    const { rows } = await pool.query<{ id: number }>(`select id from lahetti.labels`);
    const label = rows[0]!.id;
    const noMerger = { merge: () => Promise.reject(new Error('nothing to merge')), close: () => Promise.resolve() };
    const labels = createLabelDesk({ pool, merger: noMerger });
    const refusal = { labels: [{ label, problem: 'label_erased', ...desk.ref, n: 1 }] };
    const handingOut = { who: 'aino', source: 'api' } as const;
    await expect(labels.one(label, handingOut)).rejects.toMatchObject(refusal);
    await expect(labels.pdf({ labels: [label] }, handingOut)).rejects.toMatchObject(refusal);
    await expect(labels.pdf({ orders: [desk.ref] }, handingOut)).rejects.toMatchObject(refusal);
    await expect(labels.zip({ labels: [label] }, handingOut)).rejects.toMatchObject(refusal);
  });

  test('an erased order stays erased when the shop is read again, and the calls of that are erased the next day', async () => {
    desk.shop.wire = { ...desk.shop.wire, order: { ...desk.shop.wire.order, staff_notes: 'Edited' } };
    expect(await desk.look()).toMatchObject({ phase: 'done' });
    expect(await holding()).toEqual([]);
    expect(await head()).toMatchObject({ erasedAt: expect.any(Date) as Date });
    await pool.query(
      `insert into lahetti.exchanges (at, system, account, store_hash, order_id, purpose, method, path, duration_ms, response)
       values (now(), 'bigcommerce', 'a', $1, $2, 'read order', 'GET', '/', 1, to_jsonb($3::text))`,
      [desk.ref.storeHash, desk.ref.orderId, canary.lastName],
    );
    expect(await runErasure()).toMatchObject({ over: 0, asked: 1 });
    expect(await holding()).toEqual([]);
    expect(await runErasure()).toMatchObject({ over: 0, asked: 0 });
    expect((await desk.timeline()).filter(({ what }) => what === 'erased')).toHaveLength(1);
  });

  test.each([
    [
      'a look that was on its way',
      `update lahetti.orders set read_at = now(), people_order = jsonb_build_object('billing', jsonb_build_object('lastName', $1::text))`,
    ],
    [
      'a command that came late',
      `update lahetti.commands set people_body = jsonb_build_object('lastName', $1::text), closed_at = now()`,
    ],
  ])('an erased order loses again the personal data that %s brought back', async (_what, bringBack) => {
    await pool.query(bringBack, [canary.lastName]);
    expect(await holding()).not.toEqual([]);
    expect(await runErasure()).toMatchObject({ asked: 1 });
    expect(await holding()).toEqual([]);
  });

  test('an erased order loses the calls that were not yet logged when it was erased', async () => {
    await pool.query(
      `insert into lahetti.exchanges (at, system, account, store_hash, order_id, purpose, method, path, duration_ms, request)
       values (now() - interval '1 minute', 'posti', 'a', $1, $2, 'tracking', 'GET', '/', 1, to_jsonb($3::text))`,
      [desk.ref.storeHash, desk.ref.orderId, canary.street],
    );
    expect(await runErasure()).toMatchObject({ asked: 1 });
    expect(await holding()).toEqual([]);
    expect(await runErasure()).toMatchObject({ asked: 0 });
  });

  test('an erased order gets its personal data back while more of it has to be shipped, and is erased again later', async () => {
    const { wire } = desk.shop;
    desk.shop.wire = { ...wire, lines: [...wire.lines, aWireLine({ id: 2 })] };
    desk.shop.setStatus(11);
    const state = await desk.look();
    expect(state.shipments).toMatchObject([{ phase: 'delivered' }, { phase: 'planned', attention: null }]);
    expect(await head()).toMatchObject({ erasedAt: null });
    await desk.book(2);
    expect(desk.carrier.booked.at(-1)?.receiver).toMatchObject({
      name: expect.stringContaining(canary.lastName) as string,
    });

    await endedDaysAgo(pool, desk, 91);
    expect(await runErasure()).toMatchObject({ over: 1 });
    expect(await holding()).toEqual([]);
  });
});

test('calls about no single order keep their bodies as long as their store keeps people', async () => {
  await pool.query(
    `insert into lahetti.exchanges (at, system, account, store_hash, purpose, method, path, duration_ms, response)
     select now() - days * interval '1 day', 'bigcommerce', 'a', $1, 'list orders', 'GET', '/', 1, '{"orders": 1}'
       from unnest(array[29, 31, 400]) as days`,
    [desk.store.storeHash],
  );
  // Of another store, and of an order that is not over.
  await pool.query(
    `insert into lahetti.exchanges (at, system, account, store_hash, order_id, purpose, method, path, duration_ms, response)
     select now() - interval '400 days', 'bigcommerce', 'a', store, about, 'list orders', 'GET', '/', 1, '{"orders": 1}'
       from (values ('another', null::bigint), ($1, 1)) as calls (store, about)`,
    [desk.store.storeHash],
  );
  expect(await runErasure(30)).toMatchObject({ exchanges: 2 });
  expect(await runErasure(30)).toMatchObject({ exchanges: 0 });
});

test('a run that died is finished by the next one', async () => {
  const other = await anOrderOfTheCanary(pool);
  for (const each of [desk, other]) await endedDaysAgo(pool, each, 91);
  let transactions = 0;
  const dying = new Proxy(pool, {
    get(target, key) {
      if (key === 'connect' && ++transactions > 1) return () => Promise.reject(new Error('killed'));
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  const stores = [desk.store, other.store];
  await expect(runErasure(90, { on: dying, stores })).rejects.toThrow('killed');
  expect(await holding()).not.toEqual([]);
  expect(await runErasure(90, { stores })).toMatchObject({ over: 1 });
  expect(await holding()).toEqual([]);
  expect(await listRuns(pool, { kind: 'erasure', limit: 2 })).toMatchObject([{ failure: null }, { failure: 'killed' }]);
});
