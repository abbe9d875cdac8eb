import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import {
  closeCommand,
  findCommand,
  insertCommand,
  leaseCommands,
  releaseCommand,
} from '../../src/inbox/commands.sql.ts';
import { gatherWhile, manyHints } from '../../src/inbox/gathering.ts';
import {
  closeHints,
  countWaiting,
  insertHint,
  insertHints,
  leaseHints,
  nextGatheredIn,
  readBacklog,
  releaseHints,
} from '../../src/inbox/inbox.sql.ts';
import { testDatabase } from '../support/postgres.ts';
import { aCommand, aHint, aStore } from './inbox-rows.ts';

let pool: Pool;
const lease = { limit: 50, leaseMs: 30_000 };

beforeAll(async () => {
  ({ pool } = await testDatabase());
});
beforeEach(async () => {
  await pool.query('truncate lahetti.inbox, lahetti.commands');
});

describe('hints', () => {
  test('a delivery that comes again is kept once', async () => {
    const store = await aStore(pool);
    const hint = aHint(store, 10482, { deliveryKey: 'msg_1' });
    expect(await insertHint(pool, hint)).toBe(true);
    expect(await insertHint(pool, hint)).toBe(false);
    const other = aHint(store, 10483);
    expect(await insertHints(pool, [hint, other, other])).toEqual([false, true, false]);
  });

  test('the same delivery key of two stores is two deliveries', async () => {
    const [one, two] = [await aStore(pool), await aStore(pool)];
    expect(await insertHint(pool, aHint(one, 1, { deliveryKey: 'msg_1' }))).toBe(true);
    expect(await insertHint(pool, aHint(two, 1, { deliveryKey: 'msg_1' }))).toBe(true);
  });

  test('all hints of an order are leased as one, and orders in the order in which they wait', async () => {
    const store = await aStore(pool);
    for (const orderId of [7, 8, 7, 7]) await insertHint(pool, aHint(store, orderId));
    const leased = await leaseHints(pool, lease);
    expect(leased).toMatchObject([
      { storeHash: store.storeHash, orderId: 7, count: 3, tries: 1 },
      { storeHash: store.storeHash, orderId: 8, count: 1, tries: 1 },
    ]);
  });

  test('a leased order is nobody else’s, and what comes meanwhile waits for the next lease', async () => {
    const store = await aStore(pool);
    await insertHint(pool, aHint(store, 7));
    const [first] = await leaseHints(pool, lease);
    await insertHint(pool, aHint(store, 7));
    expect(await leaseHints(pool, lease)).toEqual([]);

    expect(await closeHints(pool, first!)).toBe(1);
    expect(await leaseHints(pool, lease)).toMatchObject([{ orderId: 7, count: 1 }]);
  });

  test('many who lease at once share the orders and never have one twice', async () => {
    const store = await aStore(pool);
    await insertHints(
      pool,
      Array.from({ length: 120 }, (_, i) => aHint(store, i % 40)),
    );
    const batches = await Promise.all(Array.from({ length: 8 }, () => leaseHints(pool, { ...lease, limit: 10 })));
    const orders = batches.flat().map(({ orderId }) => orderId);
    expect(new Set(orders).size).toBe(orders.length);
    expect(batches.flat().every(({ count }) => count === 3)).toBe(true);
  });

  test('a lease that nobody closed ends by itself, and counts as one more try', async () => {
    const store = await aStore(pool);
    await insertHint(pool, aHint(store, 7));
    await leaseHints(pool, { ...lease, leaseMs: 0 });
    expect(await leaseHints(pool, lease)).toMatchObject([{ orderId: 7, tries: 2 }]);
  });

  test('a lease that is given back can be had at once, or after its delay', async () => {
    const store = await aStore(pool);
    await insertHint(pool, aHint(store, 7));
    const [leased] = await leaseHints(pool, lease);
    await releaseHints(pool, { ...leased!, delayMs: 0 });
    const [again] = await leaseHints(pool, lease);
    expect(again).toMatchObject({ orderId: 7 });
    await releaseHints(pool, { ...again!, delayMs: 60_000 });
    expect(await leaseHints(pool, lease)).toEqual([]);
  });

  test('a hint that was committed late with a smaller id is not closed by a dispatch that did not know it', async () => {
    const store = await aStore(pool);
    const slow = await pool.connect();
    try {
      await slow.query('begin');
      await insertHint(slow, aHint(store, 7));
      await insertHint(pool, aHint(store, 7));
      const [leased] = await leaseHints(pool, lease);
      await slow.query('commit');
      expect(await closeHints(pool, leased!)).toBe(1);
    } finally {
      slow.release();
    }
    expect(await leaseHints(pool, lease)).toMatchObject([{ orderId: 7, count: 1 }]);
  });

  test('a hint that was committed late with a smaller id is not handed to a second relay while the first has its order', async () => {
    const store = await aStore(pool);
    const slow = await pool.connect();
    try {
      await slow.query('begin');
      await insertHint(slow, aHint(store, 7));
      await insertHint(pool, aHint(store, 7));
      expect(await leaseHints(pool, lease)).toMatchObject([{ orderId: 7, count: 1 }]);
      await slow.query('commit');
    } finally {
      slow.release();
    }
    expect(await leaseHints(pool, lease)).toEqual([]);
  });

  test('a dispatch that closes late leaves hints newer than what it saw, also those that another has leased', async () => {
    const store = await aStore(pool);
    await insertHint(pool, aHint(store, 7));
    const [late] = await leaseHints(pool, { ...lease, leaseMs: 0 });
    await insertHint(pool, aHint(store, 7));
    const [next] = await leaseHints(pool, lease);
    expect(next).toMatchObject({ count: 2 });

    expect(await closeHints(pool, late!)).toBe(1);
    expect(await countWaiting(pool, 10)).toBe(1);
    expect(await closeHints(pool, next!)).toBe(1);
  });

  test('the first hint of an order can be had at once, and later ones together when the oldest has waited', async () => {
    const store = await aStore(pool);
    const gathering = { ...lease, gatherMs: 60_000 };
    await insertHint(pool, aHint(store, 7));
    const [first] = await leaseHints(pool, gathering);
    expect(first).toMatchObject({ orderId: 7 });
    await closeHints(pool, first!);

    await insertHints(pool, [aHint(store, 7), aHint(store, 7), aHint(store, 8)]);
    expect(await leaseHints(pool, gathering)).toMatchObject([{ orderId: 8 }]);
    expect(await leaseHints(pool, { ...lease, gatherMs: 0 })).toMatchObject([{ orderId: 7, count: 2 }]);
  });

  test('hints that go on coming do not make the oldest wait longer', async () => {
    const store = await aStore(pool);
    await insertHint(pool, aHint(store, 7));
    await closeHints(pool, (await leaseHints(pool, lease))[0]!);
    await insertHint(pool, aHint(store, 7));
    await pool.query(
      `update lahetti.inbox set received_at = received_at - interval '1 minute' where dispatched_at is null`,
    );
    await insertHint(pool, aHint(store, 7));
    expect(await leaseHints(pool, { ...lease, gatherMs: 60_000 })).toMatchObject([{ orderId: 7, count: 2 }]);
  });

  test('it is known when the next gathered hints can be had', async () => {
    const store = await aStore(pool);
    expect(await nextGatheredIn(pool, 60_000)).toBeNull();
    await insertHint(pool, aHint(store, 7));
    const waitMs = await nextGatheredIn(pool, 60_000);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  test('a flood of hints is gathered for longer, and never for more than ten times as long', async () => {
    const store = await aStore(pool);
    await insertHints(pool, [aHint(store, 7), aHint(store, 8), aHint(store, 9)]);
    expect(await countWaiting(pool, manyHints)).toBe(3);
    expect(await countWaiting(pool, 2)).toBe(2);
    expect([0, 500, 1_000, 50_000].map((waiting) => gatherWhile(waiting, 2_000))).toEqual([
      2_000, 11_000, 20_000, 20_000,
    ]);
  });

  test('the backlog says how much waits and for how long', async () => {
    const store = await aStore(pool);
    await insertHints(pool, [aHint(store, 7), aHint(store, 7), aHint(store, 8)]);
    await insertCommand(pool, aCommand(store, 7));
    const backlog = await readBacklog(pool);
    expect(backlog).toMatchObject({ hints: 3, orders: 2, commands: 1 });
    expect(backlog.oldestHintMs).toBeGreaterThan(0);
    expect(backlog.oldestCommandMs).toBeGreaterThan(0);
  });
});

describe('commands', () => {
  test('one that was asked for twice under one id is one', async () => {
    const store = await aStore(pool);
    const command = aCommand(store, 7, { body: { street: 'Mannerheimintie 1' } });
    expect(await insertCommand(pool, command)).toBe(true);
    expect(await insertCommand(pool, { ...command, kind: 'cancel' })).toBe(false);
    expect(await findCommand(pool, command.id)).toMatchObject({
      ...command,
      outcome: null,
      storeHash: store.storeHash,
    });
  });

  test('those of one order are leased one after the other, in the order of their time', async () => {
    const store = await aStore(pool);
    const [hold, cancel, other] = [aCommand(store, 7), aCommand(store, 7, { kind: 'cancel' }), aCommand(store, 8)];
    for (const command of [hold, cancel, other]) await insertCommand(pool, command);

    const leased = await leaseCommands(pool, lease);
    expect(leased.map(({ id }) => id)).toEqual([hold.id, other.id]);
    expect(await leaseCommands(pool, lease)).toEqual([]);
    await closeCommand(pool, hold.id, { outcome: 'done' });
    expect((await leaseCommands(pool, lease)).map(({ id }) => id)).toEqual([cancel.id]);
  });

  test('the first outcome counts', async () => {
    const store = await aStore(pool);
    const command = aCommand(store, 7);
    await insertCommand(pool, command);
    expect(await closeCommand(pool, command.id, { outcome: 'refused', reason: 'It was scanned already.' })).toBe(true);
    expect(await closeCommand(pool, command.id, { outcome: 'done' })).toBe(false);
    expect(await findCommand(pool, command.id)).toMatchObject({
      outcome: 'refused',
      reason: 'It was scanned already.',
    });
  });

  test('one that is given back waits a little', async () => {
    const store = await aStore(pool);
    await insertCommand(pool, aCommand(store, 7));
    const [leased] = await leaseCommands(pool, lease);
    await releaseCommand(pool, leased!.id);
    expect(await leaseCommands(pool, lease)).toEqual([]);
  });
});
