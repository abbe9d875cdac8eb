import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import { reopen, stopUntil } from '../../src/health/system-health.sql.ts';
import type { SystemAccount } from '../../src/health/system-account.ts';
import { anOrderDesk, type OrderDesk } from '../db/order-desk.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aCli } from './run-cli.ts';
import { serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
let token: string;
let posti: SystemAccount;
beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  token = (await createToken(db.pool, 'console', 'viewer', 'cli:aino')).token;
});
afterAll(() => app.close());
beforeEach(async () => {
  await db.pool.query(
    'truncate lahetti.stores, lahetti.orders, lahetti.carrier_accounts, lahetti.system_health restart identity cascade',
  );
  const { rows } = await db.pool.query<{ id: number }>(
    `insert into lahetti.carrier_accounts (client_id, client_secret, key_id, created_at)
     values ('kuusi-posti', '', 'k1', now() - interval '1 day') returning id`,
  );
  posti = { system: 'posti', account: String(rows[0]!.id) };
});

interface Health {
  readonly trouble: readonly { readonly system: string; readonly account: string }[];
  readonly booking: readonly {
    readonly waiting: number;
    readonly measured: { readonly bookedPerMinute: number; readonly plannedPerMinute: number } | null;
    readonly drainedAt: string | null;
  }[];
}

const health = async (): Promise<Health> => {
  const answer = await fetch(`${app.url}/api/v1/health`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Health;
};

/** Orders of one store each, which all send by the one account; all are planned. */
async function planned(count: number): Promise<OrderDesk[]> {
  const desks: OrderDesk[] = [];
  for (let i = 0; i < count; i++) desks.push(await anOrderDesk(db.pool));
  await db.pool.query('update lahetti.stores set carrier_account_id = $1', [Number(posti.account)]);
  for (const desk of desks) await desk.look();
  return desks;
}

const secondsAgo = (table: string, column: string, seconds: number) =>
  db.pool.query(`update lahetti.${table} set ${column} = now() - $1 * interval '1 second'`, [seconds]);

test('a Posti that is down is one trouble however many wait for it, and nobody says when they will not', async () => {
  await planned(3);
  await stopUntil(db.pool, posti, 'paused', 'posti_http_503', 60_000);
  const { trouble, booking } = await health();
  expect(trouble).toMatchObject([
    { system: 'posti', account: 'kuusi-posti', state: 'paused', reason: 'posti_http_503' },
  ]);
  expect(booking).toMatchObject([
    { account: 'kuusi-posti', state: 'paused', since: expect.any(String), waiting: 3, measured: null, drainedAt: null },
  ]);
  const { said } = await aCli(db.pool)('health');
  expect(said).toContain(
    '3 shipments wait to be booked by kuusi-posti; they are booked by themselves when it is open again.',
  );
});

test('once it is open again, the rate since then says when nothing will wait', async () => {
  const desks = await planned(12);
  await stopUntil(db.pool, posti, 'paused', 'posti_http_503', 60_000);
  await reopen(db.pool, posti);
  for (const desk of desks.slice(0, 8)) await desk.book();
  // Open for a minute; planned before that.
  await secondsAgo('system_health', 'since', 60);
  await secondsAgo('plan_revisions', 'at', 600);

  const { trouble, booking } = await health();
  expect(trouble).toEqual([]);
  expect(booking).toMatchObject([{ state: 'open', since: null, waiting: 4, measured: { plannedPerMinute: 0 } }]);
  expect(booking[0]!.measured!.bookedPerMinute).toBeCloseTo(8, 0);
  const inSeconds = (Date.parse(booking[0]!.drainedAt!) - Date.now()) / 1_000;
  expect(inSeconds).toBeGreaterThan(20);
  expect(inSeconds).toBeLessThan(35);
  expect((await aCli(db.pool)('health')).said).toMatch(
    /4 shipments wait .*; in the last 6\d s (8|7\.\d) a minute were booked and 0 came: none will wait at 20\d\d-/,
  );
});

test('where as many come as are booked, or too few were booked to say, nobody guesses', async () => {
  const desks = await planned(12);
  await secondsAgo('plan_revisions', 'at', 600);
  for (const desk of desks.slice(0, 3)) await desk.book();
  expect((await health()).booking).toMatchObject([{ waiting: 9, drainedAt: null }]);

  for (const desk of desks.slice(3, 8)) await desk.book();
  expect((await health()).booking[0]!.drainedAt).not.toBeNull();
  await secondsAgo('plan_revisions', 'at', 100);
  expect((await health()).booking).toMatchObject([{ waiting: 4, drainedAt: null }]);
});
