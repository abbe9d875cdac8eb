import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
let token: string;

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  token = (await createToken(db.pool, 'looker', 'viewer')).token;
  await app.stores.connect(aStore('kauppa1'));
  await app.stores.connect(aStore('kauppa2'));
  await anOrder(1, 101, { firstName: 'Aino', lastName: 'Kuusela', email: 'aino.kuusela@example.fi' }, '2026-01-01');
  await anOrder(1, 102, { firstName: 'Väinö', lastName: "O'Mäkelä", company: 'Tuuli & Meri Oy' }, '2026-01-02');
  await anOrder(2, 103, { firstName: 'Aino', lastName: 'Laine', email: 'AINO@example.org' }, '2026-01-03');
});
afterAll(() => app.close());

interface Person {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly company?: string;
  readonly email?: string;
}

async function anOrder(storeId: number, orderId: number, person: Person, placed = '2026-02-01'): Promise<void> {
  await db.pool.query(
    `insert into lahetti.orders (store_id, order_id, status_id, channel_id, currency, total_minor, units_total,
       created_at, modified_at, digest, people_order, phase)
     values ($1, $2, 11, 1, 'EUR', 4990, 1, $3, now(), 'd', $4, 'under_way')`,
    [
      storeId,
      orderId,
      `${placed}T12:00:00Z`,
      JSON.stringify({ billing: {}, addresses: [{ ...person, city: 'Oulu' }] }),
    ],
  );
}

async function aShipment(orderId: number, changes: { phase?: string; attention?: string; changedTo?: Person } = {}) {
  await db.pool.query(
    `insert into lahetti.shipments (order_pk, n, address_id, phase, attention, people_override)
     select id, 1, 5, $2, $3, $4 from lahetti.orders where order_id = $1`,
    [
      orderId,
      changes.phase ?? 'planned',
      changes.attention ? JSON.stringify({ code: changes.attention, since: new Date(), commands: [] }) : null,
      changes.changedTo ? JSON.stringify({ address: changes.changedTo }) : null,
    ],
  );
}

async function search(query: Record<string, string | number>) {
  const given = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const answer = await fetch(`${app.url}/api/v1/orders?${given.toString()}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const body = (await answer.json()) as { orders: { orderId: number }[]; next: number | null; detail?: string };
  return {
    status: answer.status,
    ids: body.orders?.map(({ orderId }) => orderId),
    next: body.next,
    detail: body.detail,
  };
}
const found = async (query: Record<string, string | number>) => (await search(query)).ids;

let anyOrder = 500;

/** What is typed, and the name as it is stored. */
const typedForms = [
  ['Äijälä', 'Äijälä'.normalize('NFD')],
  ['Äijälä'.normalize('NFD'), 'Äijälä'],
  ['äijä', 'Äijälä'.normalize('NFD')],
  ['Aijala', 'Äijälä'],
  ['Äijälä', 'Aijala'],
  ['Angstrom', 'Ångström'],
  ['Йовович'.normalize('NFD'), 'Йовович'],
  ['йов', 'Йовович'.normalize('NFD')],
  ['Иовович', 'Йовович'],
  ['Королёв', 'Королев'],
  ['королев', 'КОРОЛЁВ'.normalize('NFD')],
  ['Soren Lund', 'Søren Lund'],
  ['Nguyen', 'Nguyễn'],
  ['한국', '한국어'.normalize('NFD')],
].map(([typed, stored]) => [typed!, stored!] as const);

describe('orders are found', () => {
  test.each([
    ['aino', [103, 101]],
    ['Aino Kuusela', [101]],
    ['kuus ai', [101]],
    ['aino.kuusela@example.fi', [101]],
    ['aino@example.org', [103]],
    ['väinö', [102]],
    ["o'mäk", [102]],
    ['Tuuli', [102]],
    ['oulu', []],
    ["aino' | 'zzz", []],
    ['!aino', [103, 101]],
    ['& ( :* \\', []],
  ])('orders are found by name, company or e-mail of their receiver: %s', async (recipient, ids) => {
    expect(await found({ recipient })).toEqual(ids);
  });

  test.each(typedForms)(
    'orders are found with accents or without, composed or not, in any letters: %s',
    async (typed, stored) => {
      const orderId = (anyOrder += 1);
      await anOrder(2, orderId, { lastName: stored });
      expect(await found({ recipient: typed, number: orderId })).toEqual([orderId]);
    },
  );

  test.each([
    ['marks alone', '\u0301\u0308', 'Äijälä'],
    ['another vowel, where vowels are marks', 'राम', 'रोम'],
    ['another letter, where its mark makes it one', 'かお', 'がお'],
  ])('orders are not found by %s', async (_what, typed, stored) => {
    const orderId = (anyOrder += 1);
    await anOrder(2, orderId, { lastName: stored });
    expect(await found({ recipient: typed, number: orderId })).toEqual([]);
  });

  test('orders are found by a receiver’s name that a person changed since, with accents or without', async () => {
    const orderId = (anyOrder += 1);
    await anOrder(2, orderId, { lastName: 'Entinen' });
    await aShipment(orderId, { changedTo: { lastName: 'Äijälä'.normalize('NFD') } });
    expect(await found({ recipient: 'äijälä', number: orderId })).toEqual([orderId]);
    expect(await found({ recipient: 'Aijala', number: orderId })).toEqual([orderId]);
  });

  test('orders are found by a name that a person changed since', async () => {
    await anOrder(1, 104, { lastName: 'Entinen' });
    await aShipment(104, { changedTo: { lastName: 'Nykyinen' } });
    expect(await found({ recipient: 'nykyinen' })).toEqual([104]);
  });

  test('orders are no longer found by a receiver whose data was erased', async () => {
    await anOrder(1, 105, { lastName: 'Unohdettu' });
    await db.pool.query(`update lahetti.orders set people_order = '{}' where order_id = 105`);
    expect(await found({ recipient: 'unohdettu' })).toEqual([]);
  });

  test('orders are found by their open attentions', async () => {
    await anOrder(2, 106, {});
    await aShipment(106, { attention: 'postcode_invalid' });
    await anOrder(2, 107, {});
    await aShipment(107, { attention: 'postcode_invalid', phase: 'cancelled' });
    expect(await found({ attention: 'postcode_invalid' })).toEqual([106]);
  });

  test('orders are found by when they were placed, and by store', async () => {
    expect(await found({ placedFrom: '2026-01-02', placedBefore: '2026-01-03T12:00:00Z' })).toEqual([102]);
    expect(await found({ placedBefore: '2026-01-10', store: 'kauppa2' })).toEqual([103]);
  });

  test('orders are found only where all that is given fits', async () => {
    expect(await found({ recipient: 'aino', store: 'kauppa1', number: 101 })).toEqual([101]);
    expect(await found({ recipient: 'aino', number: 102 })).toEqual([]);
  });
});

test('pages leave none out and show none twice while orders come', async () => {
  const all = (await found({ limit: 200 })) ?? [];
  const seen: number[] = [];
  let after: number | null = null;
  for (let i = 0; i === 0 || after !== null; i += 1) {
    const page = await search({ limit: 2, ...(after === null ? {} : { after }) });
    seen.push(...(page.ids ?? []));
    after = page.next;
    await anOrder(1, 900 + i, {});
  }
  expect(seen).toEqual(all);
});

test.each([
  ['limit', '201'],
  ['limit', 'many'],
  ['after', '-1'],
  ['store', 'Kauppa 1'],
  ['number', '12x'],
  ['phase', 'lost'],
  ['attention', "x' or 1=1"],
  ['placedFrom', 'yesterday'],
  ['recipient', 'a'],
  ['recipient', 'ai\u0000no'],
  ['tracking', 'JJFI\u0000123'],
])('a search by %s %j is refused, and names it', async (name, value) => {
  const { status, detail } = await search({ [name]: value });
  expect([status, detail]).toEqual([400, expect.stringContaining(`${name}: `)]);
});
