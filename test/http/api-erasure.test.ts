import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import { roles, type Role } from '../../src/auth/roles.ts';
import { anOrderOfTheCanary, canary, endedDaysAgo } from '../db/erased-order.ts';
import type { OrderDesk } from '../db/order-desk.ts';
import { columnsThatHold } from '../support/person-scan.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aCli, type RunCli } from './run-cli.ts';
import { serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
let cli: RunCli;
let desk: OrderDesk;
let tokens: Record<Role, string>;

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  cli = aCli(db.pool);
});
afterAll(() => app.close());
beforeEach(async () => {
  await db.pool.query('truncate lahetti.stores, lahetti.exchanges, lahetti.audit, lahetti.api_tokens cascade');
  tokens = {} as typeof tokens;
  for (const role of roles) tokens[role] = (await createToken(db.pool, `the ${role}`, role)).token;
  desk = await anOrderOfTheCanary(db.pool);
});

const ask = async (method: string, path: string, body?: unknown, role: Role = 'admin') => {
  const answer = await fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[role]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const pathOf = ({ ref }: OrderDesk) => `/orders/${ref.storeHash}/${ref.orderId}`;
const holding = () => columnsThatHold(db.pool, canary);

test('an admin erases a person by their address, and what is left of the order can be read', async () => {
  await endedDaysAgo(db.pool, desk, 1);
  expect(await ask('POST', '/erasures', { email: canary.email })).toEqual({
    status: 200,
    body: { erased: 1, waiting: 0, orders: [{ ...desk.ref, outcome: 'erased', reason: null }] },
  });
  expect(await holding()).toEqual([]);
  expect(app.logged()).not.toContain(canary.email);

  const { status, body } = await ask('GET', pathOf(desk));
  expect(status).toBe(200);
  expect(body).toMatchObject({
    order: { erasedAt: expect.any(String) as string, destinations: [] },
    state: { shipments: [{ phase: 'delivered' }] },
  });
  const command = await db.pool.query<{ id: string }>('select id from lahetti.commands');
  const parts = ['timeline', 'exchanges', 'labels'].map((part) => `${pathOf(desk)}/${part}`);
  for (const path of [...parts, `/commands/${command.rows[0]!.id}`, '/orders', '/attention']) {
    expect([path, (await ask('GET', path)).status]).toEqual([path, 200]);
  }
  const { rows } = await db.pool.query<{ id: number }>('select id from lahetti.labels');
  expect(await ask('GET', `/labels/${rows[0]!.id}.pdf`)).toMatchObject({ status: 410, body: { code: 'label_erased' } });
  const shown = await cli(`orders show ${desk.ref.storeHash} ${desk.ref.orderId}`);
  expect(shown).toMatchObject({ code: 0, said: expect.stringContaining('were erased') as string });
  expect(await ask('GET', `/audit?subject=order/${desk.ref.storeHash}/${desk.ref.orderId}&limit=1`)).toMatchObject({
    body: { audit: [{ who: 'token:the admin', what: 'order_erased', after: { because: 'request' } }] },
  });
});

test('what is under way waits and says why', async () => {
  await db.pool.query('update lahetti.commands set closed_at = now()');
  expect(await ask('POST', '/erasures', { order: desk.ref })).toEqual({
    status: 200,
    body: { erased: 0, waiting: 1, orders: [{ ...desk.ref, outcome: 'waits', reason: 'shipment_open' }] },
  });
  expect(await holding()).toContain('orders.people_order');
});

test('only an admin may, for one kind of subject at a time, and of a store and order that there are', async () => {
  const { ref } = desk;
  expect((await ask('POST', '/erasures', { order: ref }, 'operator')).status).toBe(403);
  const codes: [unknown, number][] = [
    [{}, 400],
    [{ order: ref, email: canary.email }, 400],
    [{ email: 'nobody' }, 400],
    [{ email: canary.email, storeHash: 'stranger9' }, 404],
    [{ order: { ...ref, orderId: 1 } }, 404],
  ];
  for (const [body, status] of codes) expect((await ask('POST', '/erasures', body)).status).toBe(status);
  expect(await holding()).toContain('orders.people_order');
});

test('the command line erases too, and says what waits', async () => {
  const order = `${desk.ref.storeHash}/${desk.ref.orderId}`;
  await db.pool.query('update lahetti.commands set closed_at = now()');
  expect(await cli(`erase --order ${order}`)).toMatchObject({
    ...{ code: 75, complained: expect.stringContaining('waits: a shipment of it is planned or on its way') as string },
  });
  await endedDaysAgo(db.pool, desk, 1);
  const fromInput = { readStandardInput: () => Promise.resolve(`${canary.email}\n`) };
  expect(await cli('erase --email -', fromInput)).toMatchObject({ code: 0, said: `${order} was erased.` });
  expect(await holding()).toEqual([]);
  expect(await cli(`erase --email ${canary.email}`)).toMatchObject({
    ...{ code: 0, said: 'There is no order with this address.' },
  });
  expect(await cli('erase')).toMatchObject({ code: 64 });
  expect(await cli('erase --order kauppa1')).toMatchObject({ code: 64 });
});
