import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { freePorts } from '../../src/embedded/free-port.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { makeNamespace } from '../workflows/support/namespace.ts';
import { cutOffProxy } from './cut-off-proxy.ts';
import { programEnv } from '../support/program-env.ts';

// Each starts a real process, which takes seconds where the machine is busy.
const slow = 60_000;

let db: TestDatabase;
let stateDir: string;
beforeAll(async () => {
  db = await testDatabase();
  stateDir = await mkdtemp(join(tmpdir(), 'lahetti-start-'));
  return () => rm(stateDir, { recursive: true, force: true });
});

/** Nobody listens there. */
const closed = async () => `127.0.0.1:${(await freePorts(1))[0]}`;

type Env = Readonly<Record<string, string>>;

/** One of our entry points as a process of its own. */
function start(program: 'api' | 'worker' | 'serve' | 'cli', env: Env, ...args: string[]) {
  const script = fileURLToPath(new URL(`../../src/main/${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    env: { ...programEnv, HTTP_PORT: '0', LAHETTI_STATE_DIR: stateDir, ...env },
  });
  const heard = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => void (heard.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => void (heard.err += text.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ended,
    /** Messages of its log. */
    log: () =>
      heard.out
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    all: () => heard.out + heard.err,
    complaint: () => heard.err,
    stop: () => child.kill('SIGTERM'),
    said: (words: string) => eventually(() => heard.out.includes(words), { within: 30_000, every: 50 }),
  };
}

describe('a process that starts while the database does not answer', () => {
  const databaseAt = (place: string) => ({ DATABASE_URL: `postgres://lahetti:hunter2@${place}/lahetti` });

  test.each(['api', 'worker', 'serve'] as const)(
    'a start without a database (%s) waits for a while, and ends with 69 and says what does not answer and what to do',
    async (program) => {
      const place = await closed();
      const engine = { TEMPORAL_ADDRESS: inject('temporalAddress') };
      const started = start(program, { ...databaseAt(place), ...engine, LAHETTI_START_WITHIN_SECONDS: '1' });
      expect(await started.ended).toBe(69);
      expect(started.complaint()).toBe(
        `PostgreSQL at ${place} does not answer (ECONNREFUSED). Start PostgreSQL, and check host and port in DATABASE_URL and the firewall between.\n`,
      );
      const [first] = started.log();
      expect(first).toBe(`PostgreSQL at ${place} does not answer (ECONNREFUSED). Trying again for 1 s.`);
      expect(started.all()).not.toContain('hunter2');
    },
    slow,
  );

  test(
    'a start without a database goes on once it answers',
    async () => {
      const { host, pathname, username, password } = new URL(db.url);
      const proxy = await cutOffProxy(host);
      onTestFinished(() => proxy.close());
      proxy.cut();
      const url = `postgres://${username}:${password}@${proxy.address}${pathname}`;
      const api = start('api', { DATABASE_URL: url, TEMPORAL_ADDRESS: await closed() });
      await api.said('Trying again');
      proxy.mend();
      await api.said('the API listens');
      expect(api.log()).toContain('it answers now: the start goes on');
      api.stop();
      expect(await api.ended).toBe(0);
    },
    slow,
  );

  test(
    'a start without a database ends at once when it is asked to, and not as a failure',
    async () => {
      const api = start('api', { ...databaseAt(await closed()), TEMPORAL_ADDRESS: await closed() });
      await api.said('Trying again');
      api.stop();
      expect(await api.ended).toBe(0);
    },
    slow,
  );
});

test(
  'a process whose database does not exist ends at once with 78, as with any configuration that cannot work',
  async () => {
    const url = new URL(db.url);
    url.pathname = '/nobodys';
    const api = start('api', { DATABASE_URL: url.href, TEMPORAL_ADDRESS: await closed() });
    expect(await api.ended).toBe(78);
    expect(api.complaint()).toBe(
      'The server has no database of that name (3D000). Make it (createdb), or correct the name at the end of DATABASE_URL.\n',
    );
  },
  slow,
);

test(
  'a worker that starts while the engine does not answer waits for a while, and ends with 69 and a sentence',
  async () => {
    const place = await closed();
    const worker = start('worker', {
      ...{ DATABASE_URL: db.url, TEMPORAL_ADDRESS: place, LAHETTI_START_WITHIN_SECONDS: '4' },
    });
    expect(await worker.ended).toBe(69);
    const words = worker.log();
    expect(words).toContainEqual(
      expect.stringMatching(`^The engine \\(Temporal\\) at ${place} does not answer.* Trying`),
    );
    expect(words).toContainEqual(
      expect.stringMatching(`^The engine \\(Temporal\\) at ${place} does not answer.*correct TEMPORAL_ADDRESS`),
    );
    expect(worker.all()).not.toContain('    at ');
  },
  slow,
);

test(
  'a worker carries orders as soon as the engine answers',
  async () => {
    const address = inject('temporalAddress');
    const connection = await Connection.connect({ address });
    onTestFinished(() => connection.close());
    // A namespace of its own: this worker polls the queues that orders have everywhere.
    await makeNamespace(connection, 'start-unreached');
    const proxy = await cutOffProxy(address);
    onTestFinished(() => proxy.close());
    proxy.cut();
    const worker = start('worker', {
      ...{ DATABASE_URL: db.url, TEMPORAL_ADDRESS: proxy.address, TEMPORAL_NAMESPACE: 'start-unreached' },
    });
    await worker.said('Trying again');
    proxy.mend();
    await worker.said('the worker carries orders');
    worker.stop();
    expect(await worker.ended).toBe(0);
  },
  slow,
);

test(
  'a command on the command line says in a sentence that the database does not answer',
  async () => {
    const cli = start(
      'cli',
      { DATABASE_URL: `postgres://lahetti:hunter2@${await closed()}/lahetti` },
      'orders',
      'list',
    );
    expect(await cli.ended).toBe(1);
    expect(cli.complaint()).toMatch(/^PostgreSQL does not answer \(ECONNREFUSED\)\. Start PostgreSQL, .*\n$/);
  },
  slow,
);

describe('a port that another program has', () => {
  test.each([
    ['HTTP_PORT', 'api'],
    ['LAHETTI_METRICS_PORT', 'api'],
  ] as const)(
    'a start on a port that is taken (%s) ends with 69 and names the variable, without a stack',
    async (variable, program) => {
      const taken = createServer();
      await once(taken.listen(0, '127.0.0.1'), 'listening');
      onTestFinished(() => void taken.close());
      const port = String((taken.address() as AddressInfo).port);
      const started = start(program, {
        ...{ DATABASE_URL: db.url, TEMPORAL_ADDRESS: inject('temporalAddress'), [variable]: port },
      });
      expect(await started.ended).toBe(69);
      expect(started.log()).toContain(
        `Port ${port} of 127.0.0.1 is in use by another program. Set ${variable} to another one (0 takes any that is free), or end that program.`,
      );
      expect(started.all()).not.toContain('    at ');
    },
    slow,
  );
});

test(
  '`health` says that the embedded database does not run, and starts none of its own for the question',
  async () => {
    const empty = await mkdtemp(join(tmpdir(), 'lahetti-health-'));
    onTestFinished(() => rm(empty, { recursive: true, force: true }));
    const cli = start('cli', { LAHETTI_STATE_DIR: empty }, 'health');
    expect(await cli.ended).toBe(1);
    expect(cli.complaint()).toMatch(
      /^The embedded PostgreSQL of .* does not run, and neither does its Temporal: .*\nStart the system \(npm start\)\. .*\n$/,
    );
    expect(readdirSync(empty)).toEqual([]);
  },
  slow,
);

test(
  'a start says each of its steps, how long it took, and where to look',
  async () => {
    const api = start('api', { DATABASE_URL: db.url, TEMPORAL_ADDRESS: inject('temporalAddress') });
    await api.said('started in');
    expect(api.log()).toEqual([
      expect.stringMatching(/^the API listens; what it can do is shown at http:\/\/127\.0\.0\.1:\d+\/api\/v1\/docs$/),
      expect.stringMatching(/^started in \d+\.\d s$/),
    ]);
    api.stop();
    expect(await api.ended).toBe(0);
  },
  slow,
);
