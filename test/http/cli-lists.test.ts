import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CliContext } from '../../src/cli/command.ts';
import { insertExchanges } from '../../src/exchanges/exchanges.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { anOrderDesk, type OrderDesk } from '../db/order-desk.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aWorkerFor } from './carry-out.ts';
import { aCli, engineAway, type RunCli } from './run-cli.ts';

let db: TestDatabase;
let cli: RunCli;
let desk: OrderDesk;
let name: string;

beforeAll(async () => {
  db = await testDatabase();
  cli = aCli(db.pool);
});
beforeEach(async () => {
  await db.pool.query('truncate lahetti.exchanges, lahetti.audit');
  desk = await anOrderDesk(db.pool);
  name = `${desk.ref.storeHash}/${desk.ref.orderId}`;
});

describe('orders', () => {
  test('orders on the command line are found by number, by tracking number and by recipient', async () => {
    await desk.look();
    await desk.book();
    await (await anOrderDesk(db.pool)).look();
    const [number] = (await loadOrderState(db.pool, desk.ref))!.shipments[0]!.trackingNumbers;
    const { rows } = await db.pool.query<{ name: string }>(
      `select people_order->'addresses'->0->>'lastName' as name from lahetti.orders where order_id = $1`,
      [desk.ref.orderId],
    );
    const store = `--store ${desk.ref.storeHash}`;
    for (const search of [
      `--number ${desk.ref.orderId}`,
      `--tracking ${number}`,
      `--recipient ${rows[0]!.name} ${store}`,
    ]) {
      const { code, said } = await cli(`orders list ${search}`);
      expect({ search, code, lines: said.split('\n').length }).toEqual({ search, code: 0, lines: 1 });
      expect(said).toContain(name);
    }
    expect((await cli('orders list --number 999999999')).said).toBe('There are no such orders.');
  });

  test('orders on the command line show what happened to them, and by whom', async () => {
    await desk.look();
    await desk.command('hold');
    const { said } = await cli(`orders timeline ${desk.ref.storeHash} ${desk.ref.orderId}`);
    expect(said).toMatch(/On hold: nothing more is booked\. \(aino\)$/m);
    expect((await cli('orders timeline kauppa1 1')).code).toBe(1);
  });
});

test('what waits for a person is listed with its words and the commands that help, and counted', async () => {
  desk.chooseSettings({ services: {}, defaultService: null });
  await desk.look();
  const { said } = await cli(`attention --store ${desk.ref.storeHash}`);
  expect(said).toMatch(new RegExp(`^${name}  shipment 1, planned, since .*: service not chosen$`, 'm'));
  expect(said).toContain('→ Name a service for this method');
  expect(said).toContain(`helps: orders change ${desk.ref.storeHash} ${desk.ref.orderId} 1`);
  expect((await cli(`attention --counts --store ${desk.ref.storeHash}`)).said).toMatch(/^ +1 .*service not chosen/);
  expect((await cli(`attention --store ${desk.ref.storeHash} --reason street_missing`)).said).toBe(
    'Nothing waits for a person.',
  );
});

test('the audit is listed, of one order or of all', async () => {
  await desk.look();
  await desk.command('hold');
  const { said } = await cli(`audit --subject order/${name}`);
  expect(said).toContain('aino  command_hold');
  expect((await cli('audit --who nobody')).said).toBe('Nothing such was done.');
});

test('calls are listed, those that failed or those of an order alone', async () => {
  const call = { system: 'posti', account: '1', at: new Date(), method: 'POST', path: '/x', durationMs: 12 } as const;
  const rest = { requestId: null, request: { secret: 'body' }, response: null };
  await insertExchanges(db.pool, [
    { ...call, ...rest, purpose: 'book shipment', status: 200, errorCode: null, about: desk.ref },
    { ...call, ...rest, purpose: 'log in', status: 404, errorCode: 'posti_not_found', about: {} },
  ]);
  const all = (await cli('exchanges')).said;
  expect(all.split('\n')).toHaveLength(2);
  expect(all).not.toContain('secret');
  expect((await cli('exchanges --failed')).said).toMatch(/posti +log in: POST \/x → 404 posti_not_found, 12 ms$/);
  expect((await cli(`exchanges --order ${name}`)).said).toMatch(/book shipment: POST \/x → 200, 12 ms$/);
  expect((await cli('exchanges --order kauppa1/1')).code).toBe(1);
  expect((await cli('exchanges --order kauppa1')).code).toBe(64);
});

test('a store is paused and goes on, which the audit tells', async () => {
  const { storeHash } = desk.ref;
  expect((await cli(`stores pause ${storeHash}`)).said).toContain(`Store ${storeHash} is paused.`);
  expect((await cli('stores')).said).toMatch(new RegExp(`^${storeHash} +paused`, 'm'));
  expect((await cli(`stores resume ${storeHash}`)).said).toBe(`Store ${storeHash} goes on.`);
  expect((await cli(`audit --subject store/${storeHash}`)).said).toMatch(/cli:aino {2}store_resumed[^]*store_paused/);
  expect((await cli('stores pause nobody')).code).toBe(1);
});

test('a change of settings is previewed and not saved', async () => {
  await desk.look();
  const { storeHash } = desk.ref;
  await db.pool.query('insert into lahetti.store_settings (store_id, version, settings, who) values ($1, 1, $2, $3)', [
    ...[desk.store.id, JSON.stringify({ mode: 'live' }), 'test'],
  ]);
  const { code, said } = await cli(`settings preview ${storeHash} mode=observe --days 5`);
  expect(code).toBe(0);
  expect(said).toMatch(/^\d+ orders of the last 5 days: \d+ would differ\./);
  expect((await cli(`settings show ${storeHash}`)).said).toContain('"mode": "live"');
  expect((await cli(`settings preview ${storeHash} mode=observe --days 91`)).code).toBe(64);
});

describe('what others wrote', () => {
  test('text that others wrote reaches the terminal without control characters, as lines and as JSON', async () => {
    desk.chooseSettings({ services: {}, defaultService: null });
    await desk.look();
    await db.pool.query(
      `update lahetti.shipments set people_problem = $2 where order_pk = (select id from lahetti.orders where store_id = $1)`,
      [
        desk.store.id,
        JSON.stringify({
          problems: [
            {
              code: 'service_not_chosen',
              field: 'shippingMethod',
              problem: 'method "\u001b[2J\u009b1m\u202e"',
              remedy: 'a\nb',
            },
          ],
        }),
      ],
    );
    const { storeHash, orderId } = desk.ref;
    for (const line of [`orders show ${storeHash} ${orderId}`, `attention --store ${storeHash}`]) {
      const { said } = await cli(line);
      expect(said).toContain('method "\\u001b[2J\\u009b1m\\u202e"');
      expect(said).toContain('→ a\\u000ab');
      const json = (await cli(`${line} --json`)).said;
      expect((said + json).replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
      expect(JSON.parse(json)).toBeTypeOf('object');
    }
  });
});

describe('a refused command', () => {
  const running: CliContext['engine'] = {
    ...engineAway,
    liveState: async (ref) => ({
      kind: 'running',
      state: (await loadOrderState(db.pool, ref)) ?? null,
      activities: [],
    }),
  };

  test('a refused command says that the workflow runs, where it does', async () => {
    await desk.look();
    const stop = aWorkerFor(db.pool, desk);
    const { code, complained } = await cli(`orders resolve ${desk.ref.storeHash} ${desk.ref.orderId} 1`, {
      engine: running,
    });
    await stop();
    expect(code).toBe(1);
    expect(complained).toContain('(its workflow runs and says so)');
    expect(complained).not.toContain('no workflow runs');
  });

  test('a refused command names --label-destroyed where a printed label stands in the way', async () => {
    await desk.look();
    await desk.book();
    await desk.handOut();
    const stop = aWorkerFor(db.pool, desk);
    const { storeHash, orderId } = desk.ref;
    const line = `orders cancel ${storeHash} ${orderId} 1`;
    const { complained } = await cli(line);
    expect(complained).toContain(`To say so: npm run lahetti -- ${line} --label-destroyed`);
    const { said } = await cli(`orders show ${storeHash} ${orderId}`);
    expect(said).toContain(`helps: ${line} --label-destroyed (once every printed copy is)`);
    await stop();
  });
});
