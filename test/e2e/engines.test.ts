import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isZombie } from '../../src/embedded/process-identity.ts';
import { eventually } from '../support/wait.ts';

interface Ready {
  url: string;
  address: string;
  owned: [boolean, boolean];
}

interface EngineUser {
  child: ChildProcess;
  ready: Promise<Ready>;
  said: Record<string, unknown>[];
  ended: Promise<unknown>;
}

const program = fileURLToPath(new URL('engines-process.ts', import.meta.url));
let stateDir: string;
let users: EngineUser[];

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'lahetti-engines-'));
  users = [];
});
afterEach(async () => {
  for (const { child } of users) child.kill('SIGKILL');
  for (const { pid } of enginesRunning()) process.kill(pid, 'SIGKILL');
  await eventually(() => enginesRunning().length === 0);
  await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts a process of ours, in a process group of its own as a terminal would. */
function startUser(): EngineUser {
  const child = spawn(process.execPath, ['--import', 'tsx', program, stateDir], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const said: Record<string, unknown>[] = [];
  createInterface(child.stdout).on('line', (line) => said.push(JSON.parse(line) as Record<string, unknown>));
  const user: EngineUser = {
    child,
    said,
    ended: once(child, 'exit'),
    ready: eventually(
      () => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`The process ended before it was ready: ${complaint}`);
        return said[0] as unknown as Ready | undefined;
      },
      { within: 60_000 },
    ),
  };
  users.push(user);
  return user;
}

async function stopUser(user: EngineUser): Promise<void> {
  user.child.kill('SIGTERM');
  await user.ended;
}

/** The servers that run for this state folder, as the system's list of processes has them. */
function enginesRunning(): { name: string; pid: number }[] {
  const list = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' });
  return list.split('\n').flatMap((line) => {
    const [, pid, state, args] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!args?.includes(stateDir) || state?.startsWith('Z')) return [];
    if (args.includes('bin/postgres -D')) return [{ name: 'postgres', pid: Number(pid) }];
    if (args.includes('server start-dev')) return [{ name: 'temporal', pid: Number(pid) }];
    return [];
  });
}

const names = () =>
  enginesRunning()
    .map(({ name }) => name)
    .sort();
const recordedPid = (name: string) =>
  (JSON.parse(readFileSync(join(stateDir, `${name}.json`), 'utf8')) as { pid: number }).pid;

async function sql(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function withTemporal<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

async function leaveTraces({ url, address }: Ready): Promise<void> {
  await sql(url, 'create table traces as select 42 as answer');
  await withTemporal(address, (client) =>
    client.workflow.start('anything', { workflowId: 'trace', taskQueue: 'nobody-listens' }),
  );
}

async function expectTraces({ url, address }: Ready): Promise<void> {
  expect(await sql(url, 'select answer from traces')).toEqual([{ answer: 42 }]);
  const { status } = await withTemporal(address, (client) => client.workflow.getHandle('trace').describe());
  expect(status.name).toBe('RUNNING');
}

test('two processes that start at once in an empty folder share one PostgreSQL and one Temporal server', async () => {
  const [a, b] = await Promise.all([startUser().ready, startUser().ready]);

  expect(b).toMatchObject({ url: a.url, address: a.address });
  expect([a.owned, b.owned].map(([postgres]) => postgres).sort()).toEqual([false, true]);
  expect([a.owned, b.owned].map(([, temporal]) => temporal).sort()).toEqual([false, true]);
  expect(names()).toEqual(['postgres', 'temporal']);
});

test('no other user of the machine can get at what the engines keep', async () => {
  const user = startUser();
  await user.ready;
  expect(statSync(stateDir).mode & 0o007).toBe(0);
  const open = readdirSync(stateDir, { withFileTypes: true })
    .filter((entry) => (statSync(join(stateDir, entry.name)).mode & 0o077) !== 0)
    .map(({ name }) => name);
  expect(open).toEqual([]);
  expect(readdirSync(stateDir)).toContain('temporal.sqlite');
});

test('the last process to leave stops the engines, and nothing is left running', async () => {
  const first = startUser();
  await first.ready;
  const second = startUser();
  const ready = await second.ready;

  await stopUser(first);
  expect(names()).toEqual(['postgres', 'temporal']);
  expect(await sql(ready.url, 'select 1 as one')).toEqual([{ one: 1 }]);

  await stopUser(second);
  expect(names()).toEqual([]);
});

test('what was kept is there after a stop and a start', async () => {
  const first = startUser();
  await leaveTraces(await first.ready);
  await stopUser(first);
  await expectTraces(await startUser().ready);
});

test('engines whose owner was killed with SIGKILL are adopted by the next start, which stops them at its end', async () => {
  const first = startUser();
  const before = await first.ready;
  await leaveTraces(before);
  const pids = [recordedPid('postgres'), recordedPid('temporal')];
  first.child.kill('SIGKILL');
  await first.ended;
  expect(names()).toEqual(['postgres', 'temporal']);

  const second = startUser();
  const after = await second.ready;
  expect(after).toEqual({ ...before, owned: [true, true] });
  expect([recordedPid('postgres'), recordedPid('temporal')]).toEqual(pids);
  expect(names()).toEqual(['postgres', 'temporal']);
  await expectTraces(after);

  await stopUser(second);
  expect(names()).toEqual([]);
});

test('a process that is killed while another uses the engines takes nothing with it, and nothing stays behind', async () => {
  const first = startUser();
  await first.ready;
  const second = startUser();
  const ready = await second.ready;
  first.child.kill('SIGKILL');
  await first.ended;
  expect(await sql(ready.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await stopUser(second);
  expect(names()).toEqual([]);
});

test('engines that were killed themselves are started anew, with what they kept', async () => {
  const first = startUser();
  await leaveTraces(await first.ready);
  for (const name of ['postgres', 'temporal']) process.kill(recordedPid(name), 'SIGKILL');
  first.child.kill('SIGKILL');
  await first.ended;

  const ready = await startUser().ready;
  expect(ready.owned).toEqual([true, true]);
  await expectTraces(ready);
  expect(names()).toEqual(['postgres', 'temporal']);
});

test('engines that die while they are used are back within seconds at their ports, started by whoever is left', async () => {
  const first = startUser();
  await first.ready;
  const second = startUser();
  const ready = await second.ready;
  await leaveTraces(ready);
  first.child.kill('SIGKILL');
  await first.ended;

  const killed = [recordedPid('postgres'), recordedPid('temporal')];
  for (const pid of killed) process.kill(pid, 'SIGKILL');
  const areBack = () => names().length === 2 && !enginesRunning().some(({ pid }) => killed.includes(pid));
  await eventually(areBack, { within: 15_000 });
  await eventually(() => expectTraces(ready).then(() => true), { within: 40_000, every: 200 });
  // Nobody else, who only looks in and leaves, takes them with it.
  const third = startUser();
  expect(await third.ready).toEqual({ ...ready, owned: [false, false] });
  await stopUser(third);
  await expectTraces(ready);
  await stopUser(second);
  expect(names()).toEqual([]);
});

test('the engines have the ports of the last start again, unless somebody else took one', async () => {
  const first = startUser();
  const before = await first.ready;
  await stopUser(first);
  const second = startUser();
  expect(await second.ready).toMatchObject({ url: before.url, address: before.address });
  await stopUser(second);

  const taken = createServer();
  await once(taken.listen(Number(new URL(before.url).port), '127.0.0.1'), 'listening');
  try {
    const third = startUser();
    const after = await third.ready;
    expect(after.url).not.toBe(before.url);
    expect(after.address).toBe(before.address);
    await stopUser(third);
  } finally {
    taken.close();
  }
});

test('a PostgreSQL that was killed is started anew although nobody has reaped it', async () => {
  const first = startUser();
  await first.ready;
  await stopUser(first);
  // A child that has ended, of a parent that never asks for it; its number where a killed server leaves its own. A shell
  // may ask for its children between two commands: the child ends only when its parent is a shell no more.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  await eventually(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
  process.kill(Number(line), 'SIGKILL');
  await eventually(() => isZombie(Number(line)));
  await writeFile(join(stateDir, 'postgres/postmaster.pid'), `${line}\n${join(stateDir, 'postgres')}\n`);
  try {
    const second = startUser();
    expect((await second.ready).owned).toEqual([true, true]);
    await stopUser(second);
  } finally {
    parent.kill('SIGKILL');
  }
});

test('Ctrl-C reaches us and not the engines, so that we can finish our work before we stop them', async () => {
  const user = startUser();
  await user.ready;
  process.kill(-user.child.pid!, 'SIGINT'); // the whole foreground group, as a terminal does
  await user.ended;
  expect(user.said[1]).toEqual({ signal: 'SIGINT', databaseAnswers: true });
  expect(names()).toEqual([]);
});

test('an exception that nobody catches leaves no engine behind', async () => {
  const user = startUser();
  await user.ready;
  user.child.stdin!.write('throw\n');
  await user.ended;
  await eventually(() => names().length === 0, { within: 10_000 });
});
