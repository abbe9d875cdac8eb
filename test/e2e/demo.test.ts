import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoMemory } from '../../harness/memory.ts';
import { dealt } from '../../harness/random.ts';
import { scenarios } from '../../harness/scenarios/all.ts';
import { isAlive } from '../../src/embedded/process-identity.ts';
import { eventually } from '../support/wait.ts';

const program = fileURLToPath(new URL('../../src/main/demo.ts', import.meta.url));
const running: ChildProcess[] = [];
let stateDir: string;
let elsewhere: string;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'lahetti-demo-'));
  // Of somebody's own system; the demo would not start with it.
  elsewhere = await mkdtemp(join(tmpdir(), 'lahetti-demo-started-in-'));
  await writeFile(join(elsewhere, '.env'), 'HTTP_PORT=99999\n');
});
afterAll(async () => {
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(running.map(endOf));
  for (const folder of [stateDir, elsewhere]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The demo as a terminal starts it: in the foreground group that Ctrl-C reaches. */
function startDemo(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), program, ...args, '--state-dir', stateDir],
    {
      cwd: elsewhere,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  await eventually(() => child.exitCode !== null || child.signalCode !== null, { within: 90_000 });
  return child.exitCode;
}

const memory = () => JSON.parse(readFileSync(join(stateDir, 'demo.json'), 'utf8')) as DemoMemory;
const enginesOfOurs = () =>
  execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter(
      (line) => !line.startsWith('Z') && /bin\/postgres -D|server start-dev/.test(line) && line.includes(stateDir),
    );

test('Ctrl-C in the middle leaves no process behind, and a second start finishes the orders', async () => {
  const first = startDemo('--orders', '8', '--exit');
  await eventually(() => /under way/.test(first.output()), { within: 60_000 });
  const { processes } = memory();
  expect(processes).toHaveLength(4);

  process.kill(-first.child.pid!, 'SIGINT');
  expect(await endOf(first.child), first.output()).toBe(130);
  expect(processes.filter(isAlive)).toEqual([]);
  expect(enginesOfOurs()).toEqual([]);
  const left = memory().underWay.length;
  expect(left).toBeGreaterThan(0);

  const second = startDemo('--orders', '4', '--exit', '--seed', '7');
  expect(await endOf(second.child), second.output()).toBe(0);
  expect(second.output()).toMatch(new RegExp(`${left} orders? of an earlier run (is|are) still under way`));
  expect(first.output()).toMatch(
    /The demo has ended, .* order.* under way will go on at the next start\. To begin anew, remove /,
  );
  expect(memory().underWay).toEqual([]);

  const summary = JSON.parse(second.output().trim().split('\n').at(-1)!) as Record<string, number>;
  const hand = dealt(scenarios, 7);
  const ends = Array.from({ length: 4 }, () => hand.next().value.end);
  expect(summary).toMatchObject({
    ...{ orders: 4, duplicates: 0 },
    attention: ends.filter(({ phase }) => phase === 'needs_attention').length,
    orphans: ends
      .flatMap(({ shipments }) => shipments)
      .flatMap((s) => s.attempts ?? [])
      .filter((a) => a === 'unknown').length,
  });
  expect(summary['labels']).toBe(summary['shipments']);
  expect(enginesOfOurs()).toEqual([]);
});
