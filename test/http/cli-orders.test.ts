import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findCommand } from '../../src/inbox/commands.sql.ts';
import { readBacklog } from '../../src/inbox/inbox.sql.ts';
import { stopUntil } from '../../src/health/system-health.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { aHint } from '../db/inbox-rows.ts';
import { aLabelFile, anOrderDesk, type OrderDesk } from '../db/order-desk.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aWorkerFor } from './carry-out.ts';
import { aCli, type RunCli } from './run-cli.ts';

let db: TestDatabase;
let cli: RunCli;
let desk: OrderDesk;
let stopWorking: () => Promise<void>;

beforeAll(async () => {
  db = await testDatabase();
  cli = aCli(db.pool);
});
beforeEach(async () => {
  await db.pool.query('truncate lahetti.commands, lahetti.inbox, lahetti.system_health');
  desk = await anOrderDesk(db.pool);
  stopWorking = aWorkerFor(db.pool, desk);
});
afterEach(() => stopWorking());

const named = (words: string, rest = ''): string =>
  `orders ${words} ${desk.ref.storeHash} ${desk.ref.orderId}${rest && ` ${rest}`}`;
const stateNow = async () => (await loadOrderState(db.pool, desk.ref))!;

describe('a command for an order', () => {
  test('a command for an order is kept with who asked, carried out by a worker, and its outcome is printed', async () => {
    await desk.look();
    expect(await cli(named('hold'))).toMatchObject({ code: 0, said: expect.stringContaining('Done: hold') });
    expect((await stateNow()).onHold).toBe(true);
    const { rows } = await db.pool.query(`select kind, who, source, outcome from lahetti.commands`);
    expect(rows).toEqual([{ kind: 'hold', who: 'cli:aino', source: 'cli', outcome: 'done' }]);
  });

  test('a command for an order that does not apply is refused with the reason and the state, and ends with 1', async () => {
    await desk.look();
    const answer = await cli(named('resolve', '1'));
    expect(answer.code).toBe(1);
    expect(answer.said).toBe('');
    expect(answer.complained).toContain('Shipment 1 does not need attention');
    expect(answer.complained).toContain('shipment 1: planned');
    const missing = await cli(named('cancel', '9 --json'));
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.said)).toMatchObject({ outcome: 'refused', state: { phase: 'under_way' } });
  });

  test('a command for an order that is given again with its id is the same command; the id of another one is refused', async () => {
    await desk.look();
    const id = randomUUID();
    expect((await cli(named('hold', `--command-id ${id}`))).code).toBe(0);
    expect((await cli(named('hold', `--command-id ${id}`))).code).toBe(0);
    expect((await cli(named('unhold', `--command-id ${id}`))).code).toBe(1);
    const { rows } = await db.pool.query(`select count(*)::int as count from lahetti.commands`);
    expect(rows).toEqual([{ count: 1 }]);
    expect((await stateNow()).onHold).toBe(true);
  });

  test('a command for an order that is not carried out in time is kept, and the output says where to look', async () => {
    await desk.look();
    await stopWorking();
    const answer = await cli(named('cancel', '1 --json'), { patienceMs: 100 });
    expect(answer.code).toBe(75);
    const { commandId, relaysRunning } = JSON.parse(answer.said) as { commandId: string; relaysRunning: number };
    expect(relaysRunning).toBe(0);
    expect(await findCommand(db.pool, commandId)).toMatchObject({ kind: 'cancel', n: 1, outcome: null });

    const plain = await cli(named('cancel', `1 --command-id ${commandId}`), { patienceMs: 0 });
    expect(plain.complained).toContain('No API or worker seems to run');
    expect(plain.complained).toContain(commandId);
  });

  test('a command for an order changes service, parcels, pickup point and address at once', async () => {
    await desk.look();
    const answer = await cli(
      named('change', '1 --pickup-point 331003256 --service PO2103 --parcel-weights 1200,800 --address -'),
      { readStandardInput: () => Promise.resolve('{"lastName":"Kuusela","phone":"+358401234567"}') },
    );
    expect(answer).toMatchObject({ code: 0 });
    await desk.look();
    await desk.book();
    expect(desk.carrier.booked).toMatchObject([
      { service: 'PO2103', pickupPointId: '331003256', parcels: [{ weightGrams: 1200 }, { weightGrams: 800 }] },
    ]);
  });

  test('a command for an order never takes an address on the command line, and quotes none that it cannot read', async () => {
    const onTheLine = await cli(named('change', '1 --address {"lastName":"Kanarialintu"}'));
    expect(onTheLine.code).toBe(64);
    const unreadable = await cli(named('change', '1 --address -'), {
      readStandardInput: () => Promise.resolve('Kanarialintu, Keksitty katu 1'),
    });
    expect(unreadable.code).toBe(64);
    const mistyped = await cli(named('change', '1 --address -'), {
      readStandardInput: () => Promise.resolve('{"sirname":"Kanarialintu"}'),
    });
    expect(mistyped.code).toBe(1);
    expect(onTheLine.complained + unreadable.complained + mistyped.complained).not.toContain('Kanarialintu');
    expect((await readBacklog(db.pool)).commands).toBe(0);
  });

  test('a command for an order cancels a printed label only with the confirmation that it was destroyed', async () => {
    await desk.look();
    await desk.book();
    await desk.handOut();
    const refused = await cli(named('cancel', '1'));
    expect(refused.code).toBe(1);
    expect(refused.complained).toContain('destroy it');
    expect(refused.complained).toContain('needs attention');
    expect((await cli(named('cancel', '1 --label-destroyed'))).code).toBe(0);
    expect((await stateNow()).shipments).toMatchObject([{ cancelling: true }]);
  });

  test('a command for an order closes a booking of unknown outcome with the number and label that were found', async () => {
    desk.chooseSettings({ onUnknown: 'ask' });
    await desk.look();
    desk.carrier.answers.push(() => ({ outcome: 'unknown', code: 'timeout', trackingNumbers: [] }));
    await desk.book();
    const shown = await cli(named('show'));
    expect(shown.said).toContain('booking_outcome_unknown');
    expect(shown.said).toContain('it may have booked it, but nobody has a label');
    expect(shown.said).toContain(`helps: orders resolve ${desk.ref.storeHash} ${desk.ref.orderId} 1`);

    const number = 'JJFI60010012345678901';
    expect((await cli(named('resolve', `1 --tracking-number ${number}`))).code).toBe(1);
    const answer = await cli(named('resolve', `1 --tracking-number ${number} --label found.pdf`), {
      readFile: () => Promise.resolve(Buffer.from(aLabelFile, 'base64')),
    });
    expect(answer.complained).toBe('');
    expect((await stateNow()).shipments).toMatchObject([{ phase: 'booked', trackingNumbers: [number] }]);
  });
});

describe('an order that is shown', () => {
  test('an order that is shown says which status it has, which ones ship, and what would help', async () => {
    desk.shop.setStatus(7);
    await desk.look();
    const words =
      'Its status is Awaiting Payment (7); this store ships Awaiting Fulfillment (11) and Awaiting Shipment (9). Change the status in the shop, or book it by hand.';
    expect((await cli(named('show'))).said).toContain(words);
    expect(JSON.parse((await cli(named('show', '--json'))).said)).toMatchObject({
      whyNotShipped: [words],
      state: { shopStatus: { id: 7 } },
    });
  });

  test('an order that is shown advises what can still be done where its parcel was handed over meanwhile', async () => {
    await desk.look();
    await desk.book();
    desk.shop.wire = {
      ...desk.shop.wire,
      lines: desk.shop.wire.lines.map((line) => ({ ...line, quantity_refunded: 1 })),
    };
    await desk.look();
    expect((await cli(named('show'))).said).toContain('→ Cancel the shipment');
    await desk.scan();
    for (const { said } of [await cli(named('show')), await cli(`attention --store ${desk.ref.storeHash}`)]) {
      expect(said).toContain('refunded');
      expect(said).toContain('→ The parcel is on its way with all of its units');
      expect(said).not.toMatch(/cancel/i);
    }
  });
});

test('orders that need attention are listed with what for', async () => {
  desk.chooseSettings({ services: {}, defaultService: null });
  await desk.look();
  const { said } = await cli(`orders list --phase needs_attention --store ${desk.ref.storeHash}`);
  expect(said).toMatch(new RegExp(`^${desk.ref.storeHash}/${desk.ref.orderId} .*service not chosen$`));
  expect((await cli(`orders list --phase done --store ${desk.ref.storeHash}`)).said).toBe('There are no such orders.');
  expect((await cli('orders list --phase lost')).code).toBe(1);
});

test('an order that needs attention for a shipment that has ended is listed with what for, and not with what is over', async () => {
  await desk.look();
  await desk.book();
  const needing = async (code: string) => {
    await db.pool.query(
      `update lahetti.shipments set phase = 'delivered', attention = jsonb_build_object('code', $2::text, 'commands', '["resolve"]'::jsonb)
        where order_pk = (select id from lahetti.orders where order_id = $1 order by id desc limit 1)`,
      [desk.ref.orderId, code],
    );
    return (await cli(`orders list --store ${desk.ref.storeHash}`)).said;
  };
  expect(await needing('scan_on_orphan')).toContain('scan on orphan');
  expect(await needing('label_handed_out')).not.toContain('label handed out');
});

test('resume hints every order that is due, and says where nobody runs to start it', async () => {
  await desk.look();
  const answer = await cli('resume');
  expect(answer).toMatchObject({ code: 0, said: expect.stringContaining('No API or worker seems to run') });
  const { rows } = await db.pool.query(`select order_id as "orderId", source from lahetti.inbox`);
  expect(rows).toContainEqual({ orderId: desk.ref.orderId, source: 'cli' });
  expect((await cli('runs --kind watchman')).said).toContain('due');
});

test('health says in words what is closed, what waits, and that the engine is away', async () => {
  await stopUntil(db.pool, { system: 'bigcommerce', account: 'kauppa1' }, 'closed', 'token_refused', 60_000);
  await stopUntil(db.pool, { system: 'posti', account: '1' }, 'paused', 'throttled', 60_000);
  const hint = aHint(desk.store, 7);
  await db.pool.query(
    `insert into lahetti.inbox (store_id, order_id, source, delivery_key) values ($1, 7, 'webhook', $2)`,
    [hint.storeId, hint.deliveryKey],
  );
  const { said } = await cli('health');
  expect(said).toContain('bigcommerce kauppa1 is closed');
  expect(said).toContain('it does not let us in (token refused)');
  expect(said).toMatch(/posti .* is paused .*it asked us to wait/);
  expect(said).toContain('1 hints for 1 orders and 0 commands');
  expect(said).toContain('The engine (Temporal) was not reached: nobody listens');
});
