import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAudit } from '../../src/audit/audit.sql.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { revokeToken } from '../../src/auth/tokens.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { anOrderDesk } from '../db/order-desk.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
let token: string;
beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  token = (await createToken(db.pool, 'console', 'viewer', 'cli:aino')).token;
});
afterAll(() => app.close());

const get = async <T>(path: string): Promise<T> =>
  (await fetch(`${app.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<T>;
interface Page {
  readonly attention: { readonly orderId: number; readonly attention: { readonly code: string } }[];
  readonly next: number | null;
}

test('what waits for a person is listed with words and commands, filtered, paged, and counted by reason', async () => {
  const noService = { settings: { defaultService: null } };
  const desks = [await anOrderDesk(db.pool, noService), await anOrderDesk(db.pool, noService)];
  const homeless = await anOrderDesk(db.pool, { settings: { warehouses: [], warehouse: null } });
  const fine = await anOrderDesk(db.pool);
  for (const desk of [...desks, homeless, fine]) await desk.look();

  const all = await get<Page>('/attention');
  expect(all.attention.map(({ attention }) => attention.code)).toEqual([
    ...['service_not_chosen', 'service_not_chosen', 'warehouse_missing'],
  ]);
  expect(all.attention[0]).toMatchObject({
    storeHash: desks[0]!.ref.storeHash,
    orderId: desks[0]!.ref.orderId,
    n: 1,
    // Asking again would not help before something is corrected.
    attention: { commands: ['change', 'cancel'] },
    problems: [{ code: 'service_not_chosen', remedy: expect.any(String) }],
  });
  expect((await get<Page>('/attention?reason=warehouse_missing')).attention).toHaveLength(1);
  expect((await get<Page>(`/attention?store=${fine.ref.storeHash}`)).attention).toEqual([]);
  const first = await get<Page>('/attention?limit=2');
  const second = await get<Page>(`/attention?limit=2&after=${first.next}`);
  expect([...first.attention, ...second.attention]).toEqual(all.attention);

  expect(await get('/attention/counts')).toMatchObject({ total: 3 });
  expect(await get(`/attention/counts?store=${homeless.ref.storeHash}`)).toMatchObject({
    total: 1,
    counts: [{ reason: 'warehouse_missing', count: 1 }],
  });
});

test('each is listed with the commands that its order offers now, and not with those of the day it was raised', async () => {
  const refused = () => ({ outcome: 'refused', code: 'E99', words: 'no' }) as const;
  const desks = [await anOrderDesk(db.pool), await anOrderDesk(db.pool, { settings: { defaultService: null } })];
  const handedOut = await anOrderDesk(db.pool);
  for (const desk of [...desks, handedOut]) await desk.look();
  desks[0]!.carrier.answers.push(refused);
  await desks[0]!.book();
  await handedOut.book();
  await handedOut.handOut();
  await handedOut.command('cancel', { n: 1 });
  await handedOut.tell();
  await handedOut.scan();

  const offered: unknown[] = [];
  for (const { ref } of [...desks, handedOut]) {
    const { attention } = await get<Page>(`/attention?store=${ref.storeHash}`);
    const [shipment] = (await loadOrderState(db.pool, ref))!.shipments;
    expect(attention).toMatchObject([{ orderId: ref.orderId, attention: shipment!.attention }]);
    offered.push(shipment!.attention?.commands);
  }
  expect(offered).toEqual([['change', 'retry', 'cancel'], ['change', 'cancel'], ['resolve']]);
});

test('the audit shows who made and revoked a token, without the token', async () => {
  const { token: made } = await createToken(db.pool, 'leaver', 'operator', 'cli:aino');
  await revokeToken(db.pool, 'leaver', 'cli:eino');
  await revokeToken(db.pool, 'leaver', 'cli:eino');
  const entries = await listAudit(db.pool, { subject: 'token/leaver', limit: 10 });
  expect(entries).toMatchObject([
    { who: 'cli:eino', what: 'token_revoked' },
    { who: 'cli:aino', what: 'token_created', after: { role: 'operator' } },
  ]);
  expect(JSON.stringify(entries)).not.toContain(made);
});
