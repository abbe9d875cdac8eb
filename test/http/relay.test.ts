import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import pino from 'pino';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createEngine, type Engine } from '../../src/temporal/client.ts';
import { openEngineConnection } from '../../src/temporal/connection.ts';
import { timingsAt } from '../../src/temporal/timings.ts';
import { AppError } from '../../src/errors.ts';
import { retryOrderNow } from '../../src/health/retry-now.sql.ts';
import { findCommand, insertCommand } from '../../src/inbox/commands.sql.ts';
import { insertHint, insertHints, readBacklog } from '../../src/inbox/inbox.sql.ts';
import { createRelay, type Relay } from '../../src/inbox/relay.ts';
import { createRelayWaker } from '../../src/inbox/wake-relay.ts';
import type { CommandOutcome } from '../../src/domain/commands.ts';
import { aCommand, aHint, aStore } from '../db/inbox-rows.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { testTemporal, type TestTemporal } from '../support/temporal.ts';
import { eventually } from '../support/wait.ts';
import { cutOffProxy } from './cut-off-proxy.ts';
import type { OrderSteps } from './relay-order.ts';

let database: TestDatabase;
let temporal: TestTemporal;
let workflowBundle: WorkflowBundle;
let taskQueue: string;
let books: { looks: number[]; commands: string[] };

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  [database, temporal, workflowBundle] = await Promise.all([
    testDatabase(),
    testTemporal(),
    bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('relay-order.ts', import.meta.url)) }),
  ]);
});

beforeEach(async () => {
  await database.pool.query('truncate lahetti.inbox, lahetti.commands, lahetti.retry_now');
  taskQueue = temporal.unique('relay');
  books = { looks: [], commands: [] };
});

test('300 hints for one order at once lose none and become few looks', async () => {
  const store = await aStore(database.pool);
  await aWorker();
  const { relay } = aRelay();
  await Promise.all(Array.from({ length: 300 }, () => insertHint(database.pool, aHint(store, 10482))));

  await allDispatched();
  await eventually(() => books.looks.length > 0);
  const { hints } = relay.health();
  expect(hints.dispatched + hints.coalesced).toBe(300);
  expect(hints.dispatched).toBeLessThan(60);
  expect(books.looks.length).toBeLessThan(20);
});

test('a hint that came after a look is another look', async () => {
  const store = await aStore(database.pool);
  await aWorker();
  aRelay();
  for (const looks of [1, 2, 3]) {
    await insertHint(database.pool, aHint(store, 1));
    await eventually(() => books.looks.length === looks);
  }
});

test('two relays at once dispatch each order once', async () => {
  const store = await aStore(database.pool);
  const [one, two] = [aRelay(), aRelay()];
  await Promise.all(Array.from({ length: 40 }, (_, i) => insertHint(database.pool, aHint(store, i + 1))));
  await allDispatched();
  const dispatched = one.relay.health().hints.dispatched + two.relay.health().hints.dispatched;
  expect(dispatched).toBe(40);
});

test('a hint of a store that is paused or disconnected is closed, counted and not dispatched', async () => {
  const { relay } = aRelay();
  for (const state of ['paused', 'disconnected'] as const) {
    await insertHint(database.pool, aHint(await aStore(database.pool, { state }), 1));
  }
  await allDispatched();
  expect(relay.health().hints).toMatchObject({ dispatched: 0, ofStoresNotConnected: 2 });
});

test('hints that come while the engine is away are dispatched when it is back, and the trouble is told once', async () => {
  const store = await aStore(database.pool);
  const proxy = await cutOffProxy(temporal.address);
  onTestFinished(() => proxy.close());
  proxy.cut();
  const said: string[] = [];
  const { relay, engine } = aRelay({ address: proxy.address, said });
  for (const orderId of [1, 2, 3, 4, 5]) await insertHint(database.pool, aHint(store, orderId));

  await eventually(() => (relay.health().trouble.engine?.failures ?? 0) > 1, { within: 15_000 });
  expect(await engine.liveState({ storeHash: store.storeHash, orderId: 1 })).toEqual({ kind: 'engine_away' });
  expect((await readBacklog(database.pool)).hints).toBe(5);

  proxy.mend();
  await aWorker();
  await allDispatched(30_000);
  await eventually(() => new Set(books.looks).size === 5);
  await eventually(() => relay.health().trouble.engine === null);
  expect(said.filter((message) => message.includes('cannot dispatch'))).toHaveLength(1);
}, 60_000);

test('a hint that the engine refuses is told with its order, waits longer each time, and holds no other back', async () => {
  const store = await aStore(database.pool);
  const hints = [
    { orderId: 1, tries: 2, waits: 4 },
    { orderId: 2, tries: 4, waits: 16 },
    { orderId: 3, tries: 50, waits: 60 },
  ];
  for (const { orderId, tries } of [...hints, { orderId: 4, tries: 0 }]) await aHintOf(store, orderId, { tries });
  const lines: Record<string, unknown>[] = [];
  const { relay } = aRelay({
    lines,
    pollMs: 60_000, // so that each is tried once
    hintOrder: ({ orderId }) => (orderId <= 3 ? Promise.reject(new Error('not this one')) : Promise.resolve()),
  });

  await eventually(() => relay.health().hints.dispatched === 1 && relay.health().inFlight === 0 && lines.length >= 3);
  const waits = await waitsOfHints();
  expect(waits.map(({ orderId }) => orderId)).toEqual([1, 2, 3]);
  for (const [i, { waits: longest }] of hints.entries()) {
    expect(waits[i]!.seconds).toBeLessThanOrEqual(longest);
    expect(waits[i]!.seconds).toBeGreaterThan(longest - 4);
  }
  expect(lines.map(({ msg, store: hash, order }) => [msg, hash, order]).sort()).toEqual(
    hints.map(({ orderId }) => ['a hint was not taken', store.storeHash, orderId]),
  );
  expect(relay.health().trouble).toEqual({ database: null, engine: null });
});

test('a hint that meets an engine that is away waits for the engine alone, and is not told by itself', async () => {
  const store = await aStore(database.pool);
  await aHintOf(store, 1, { tries: 50 }); // one of its own would be a minute
  let isAway = true;
  const engineAway = () => new AppError('The engine is away.', { kind: 'retryable', code: 'engine_away' });
  const said: string[] = [];
  const { relay } = aRelay({ said, hintOrder: () => (isAway ? Promise.reject(engineAway()) : Promise.resolve()) });
  await eventually(() => relay.health().trouble.engine !== null);
  isAway = false;
  await allDispatched();
  expect(said).toEqual([expect.stringContaining('cannot dispatch'), expect.stringContaining('dispatches again')]);
});

test('a command starts an order that does not run, and its outcome is written down', async () => {
  const store = await aStore(database.pool);
  await aWorker();
  aRelay();
  const command = aCommand(store, 5);
  await insertCommand(database.pool, command);
  expect(await outcomeOf(command.id)).toMatchObject({ outcome: 'done' });
  expect(books.commands).toEqual([command.id]);
});

test('a command that the state excludes is refused with the reason', async () => {
  const store = await aStore(database.pool);
  await aWorker();
  aRelay();
  const command = aCommand(store, 5, { kind: 'unhold' });
  await insertCommand(database.pool, command);
  expect(await outcomeOf(command.id)).toMatchObject({ outcome: 'refused', reason: 'The order is not on hold.' });
  expect(books.commands).toEqual([]);
});

test('a command whose sender timed out is neither lost nor carried out twice', async () => {
  const store = await aStore(database.pool);
  const { relay } = aRelay({ commandWaitMs: 500 });
  const command = aCommand(store, 6);
  await insertCommand(database.pool, command);
  await eventually(() => relay.health().commands.sentAgain > 1, { within: 15_000 });

  await aWorker({ commandTakesMs: 2_000 });
  expect(await outcomeOf(command.id, 20_000)).toMatchObject({ outcome: 'done' });
  expect(books.commands).toEqual([command.id]);
}, 60_000);

test('a relay whose connections the database cut goes on', async () => {
  const store = await aStore(database.pool);
  await aWorker();
  aRelay({ pollMs: 60_000 }); // so that only what is heard wakes it
  await insertHint(database.pool, aHint(store, 1, { source: 'api' }));
  await eventually(() => books.looks.length === 1);
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'lahetti relay'`,
  );
  await insertHint(database.pool, aHint(store, 2, { source: 'api' }));
  await eventually(() => books.looks.includes(2));
  await insertHint(database.pool, aHint(store, 3, { source: 'api' }));
  await eventually(() => books.looks.includes(3));
});

test('a relay that cannot listen when it starts says so once, and hears of what came meanwhile when it can', async () => {
  const store = await aStore(database.pool);
  await aWorker();
  const url = new URL(database.url);
  const proxy = await cutOffProxy(url.host);
  onTestFinished(() => proxy.close());
  proxy.cut();
  url.host = proxy.address;
  const said: string[] = [];
  aRelay({ pollMs: 60_000, databaseUrl: url.href, said }); // so that only what is heard wakes it
  const lost = 'the relay lost the connection that tells it of inserts; it polls meanwhile';
  await eventually(() => said.includes(lost));
  await insertHint(database.pool, aHint(store, 1, { source: 'api' }));
  expect(books.looks).toEqual([]);
  proxy.mend();
  await eventually(() => books.looks.includes(1), { within: 20_000 });
  await insertHint(database.pool, aHint(store, 2, { source: 'api' }));
  await eventually(() => books.looks.includes(2));
  expect(said).toEqual([lost, 'the relay hears of inserts again']);
}, 60_000);

test('webhooks wake the relay at once, and many of them with few notifications', async () => {
  const store = await aStore(database.pool);
  const { relay } = aRelay({ pollMs: 60_000 });
  const listener = await database.pool.connect();
  onTestFinished(() => listener.release(true));
  let notifications = 0;
  listener.on('notification', () => (notifications += 1));
  await listener.query('listen lahetti_inbox');

  const wake = createRelayWaker({ pool: database.pool, everyMs: 1_000 });
  for (let orderId = 1; orderId <= 30; orderId++) {
    await insertHint(database.pool, aHint(store, orderId));
    wake();
  }
  await eventually(() => relay.health().hints.dispatched === 30, { within: 20_000 });
  expect(notifications).toBeLessThan(20);
});

test('hints that follow one that was handed over are one dispatch, and nothing but the end of their wait wakes it', async () => {
  const store = await aStore(database.pool);
  await aWorker();
  const { relay } = aRelay({ pollMs: 60_000, gatherMs: 1_500 });
  await insertHint(database.pool, aHint(store, 1, { source: 'api' }));
  await eventually(() => relay.health().hints.dispatched === 1);
  await insertHints(
    database.pool,
    [1, 2, 3, 4, 5].map(() => aHint(store, 1, { source: 'api' })),
  );
  await allDispatched();
  expect(relay.health().hints).toMatchObject({ dispatched: 2, coalesced: 4 });
  await eventually(() => books.looks.length === 2);
  // And again: the end of one wait is not the last.
  await insertHint(database.pool, aHint(store, 1, { source: 'api' }));
  await allDispatched();
  expect(relay.health().hints.dispatched).toBe(3);
});

test('an order that is to be tried at once is handed to the engine, and forgotten', async () => {
  const store = await aStore(database.pool);
  const tried: unknown[] = [];
  const { relay } = aRelay({ retrySteps: (ref, { byPerson }) => Promise.resolve(tried.push([ref.orderId, byPerson])) });
  await retryOrderNow(database.pool, store.id, 9);
  await eventually(async () => (await retriesLeft()) === 0);
  expect(tried).toEqual([[9, true]]);
  expect(relay.health().inFlight).toBe(0);
});

test('an order that is being tried at once is under way until the engine has it', async () => {
  const store = await aStore(database.pool);
  let engineHasIt = () => {};
  const { relay } = aRelay({ retrySteps: () => new Promise((resolve) => (engineHasIt = () => resolve(1))) });
  await retryOrderNow(database.pool, store.id, 9);
  await eventually(() => relay.health().inFlight === 1);
  engineHasIt();
  await eventually(() => relay.health().inFlight === 0);
});

test('what an engine cannot try at once is forgotten: it goes on by itself', async () => {
  const store = await aStore(database.pool);
  const said: string[] = [];
  aRelay({ said, retrySteps: () => Promise.reject(new Error('not here')) });
  await retryOrderNow(database.pool, store.id, 9);
  await eventually(async () => (await retriesLeft()) === 0);
  expect(said).toContain('steps could not be tried at once');
});

test('an order that is to be tried at once waits for an engine that is away', async () => {
  const store = await aStore(database.pool);
  let away = true;
  const engineAway = () => new AppError('The engine is away.', { kind: 'retryable', code: 'engine_away' });
  aRelay({ retrySteps: () => (away ? Promise.reject(engineAway()) : Promise.resolve(1)) });
  await retryOrderNow(database.pool, store.id, 9);
  await eventually(async () => {
    const { rows } = await database.pool.query('select from lahetti.retry_now where leased_until is null');
    return rows.length === 1;
  });
  away = false;
  await eventually(async () => (await retriesLeft()) === 0, { within: 20_000 });
});

test('what runs can be asked, listed and ended', async () => {
  const store = await aStore(database.pool);
  const ref = { storeHash: store.storeHash, orderId: 9 };
  const { engine } = anEngine();
  expect(await engine.liveState(ref)).toEqual({ kind: 'not_running' });
  expect(await engine.terminate(ref, 'test')).toBe(false);

  await engine.hintOrder(ref); // nobody works on it: it runs and waits
  expect(await engine.isRunning(ref)).toBe(true);
  expect(await engine.liveState(ref)).toMatchObject({ kind: 'running', state: null });
  await eventually(async () => (await engine.runningOrders()).has(`order/${store.storeHash}/9`));
  expect(await engine.cancelOrder(ref)).toBe(true);
  expect(await engine.terminate(ref, 'test')).toBe(true);
  expect(await engine.isRunning(ref)).toBe(false);
  expect(await engine.health()).toMatchObject({ ok: true, problem: null });
  expect(await engine.pollers()).toEqual({ orders: 0, posti: 0 });
  await aWorker();
  await eventually(async () => ((await engine.pollers())?.orders ?? 0) > 0);
});

/** A hint that was tried so often before, of an order that the engine was told of never. */
async function aHintOf(store: Parameters<typeof aHint>[0], orderId: number, { tries }: { tries: number }) {
  await insertHint(database.pool, aHint(store, orderId));
  await database.pool.query('update lahetti.inbox set tries = $2 where order_id = $1', [orderId, tries]);
}

/** For how long nobody may have the hints that were not dispatched; null for those that can be had. */
async function waitsOfHints(): Promise<{ orderId: number; seconds: number | null }[]> {
  const { rows } = await database.pool.query<{ orderId: number; seconds: number | null }>(
    `select order_id as "orderId", extract(epoch from leased_until - now())::float8 as seconds
       from lahetti.inbox where dispatched_at is null order by order_id`,
  );
  return rows;
}

async function retriesLeft(): Promise<number> {
  const { rows } = await database.pool.query('select from lahetti.retry_now');
  return rows.length;
}

function anEngine({ address = temporal.address, commandWaitMs = 10_000 } = {}): { engine: Engine } {
  const opened = openEngineConnection({ address, namespace: temporal.namespace, embedded: true, env: {} });
  onTestFinished(() => opened.connection.close());
  return { engine: createEngine({ ...opened, timings: timingsAt(1_000), taskQueue, commandWaitMs }) };
}

interface RelayOptions {
  address?: string;
  commandWaitMs?: number;
  pollMs?: number;
  gatherMs?: number;
  /** What the log says, and its lines as they are. */
  said?: string[];
  lines?: Record<string, unknown>[];
  retrySteps?: Engine['retrySteps'];
  hintOrder?: Engine['hintOrder'];
  /** Where it hears of inserts. */
  databaseUrl?: string;
}

function aRelay({ said = [], lines = [], pollMs = 100, gatherMs = 50, ...options }: RelayOptions = {}): {
  relay: Relay;
  engine: Engine;
} {
  const { engine } = anEngine(options);
  const write = (text: string) => {
    const line = JSON.parse(text) as { msg: string };
    lines.push(line);
    said.push(line.msg);
  };
  const log = pino({ level: 'info' }, { write });
  const { retrySteps = engine.retrySteps, hintOrder = engine.hintOrder, databaseUrl = database.url } = options;
  const asked = { ...engine, retrySteps, hintOrder };
  const relay = createRelay({
    ...{ pool: database.pool, databaseUrl, engine: asked, log, pollMs, gatherMs },
  });
  relay.start();
  onTestFinished(() => relay.stop());
  return { relay, engine };
}

async function aWorker({ commandTakesMs = 0 } = {}): Promise<void> {
  const activities: OrderSteps = {
    look(orderId) {
      books.looks.push(orderId);
      return Promise.resolve();
    },
    carryOut(commandId) {
      books.commands.push(commandId);
      return new Promise<CommandOutcome>((resolve) => setTimeout(() => resolve({ outcome: 'done' }), commandTakesMs));
    },
  };
  const worker = await Worker.create({
    connection: temporal.nativeConnection,
    namespace: temporal.namespace,
    taskQueue,
    workflowBundle,
    activities: { ...activities },
  });
  const run = worker.run();
  onTestFinished(async () => {
    worker.shutdown();
    await run;
  });
}

const allDispatched = (within = 10_000) =>
  eventually(async () => (await readBacklog(database.pool)).hints === 0, { within });

const outcomeOf = (id: string, within = 10_000) =>
  eventually(
    async () => {
      const command = await findCommand(database.pool, id);
      return command?.closedAt ? command : undefined;
    },
    { within },
  );
