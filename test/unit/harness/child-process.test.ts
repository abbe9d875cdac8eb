import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../../../harness/child-process.ts';

async function aProgramThat(does: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lahetti-child-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const script = join(folder, 'program.js');
  await writeFile(script, does);
  const isReady = (line: string) => line === 'ready';
  return { name: 'worker', script, env: process.env, logFile: join(folder, 'log'), isReady };
}

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a program that is given up while it starts is killed, and not left behind', async () => {
  const givenUp = new AbortController();
  const pids: number[] = [];
  const starting = startProgram({
    ...(await aProgramThat(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`)),
    givenUp: givenUp.signal,
    onPid: (pid) => void pids.push(pid),
  });
  givenUp.abort();
  await expect(starting).rejects.toThrow('The worker was given up before it was ready.');
  expect(pids).toHaveLength(1);
  expect(isThere(pids[0]!)).toBe(false);
});

test('a program that is ready before that goes on until it is stopped', async () => {
  const givenUp = new AbortController();
  const program = await startProgram({
    ...(await aProgramThat(`process.stdout.write('ready\\n'); setInterval(() => {}, 1000);`)),
    givenUp: givenUp.signal,
  });
  givenUp.abort();
  expect(isThere(program.pid)).toBe(true);
  await program.stop();
  expect(isThere(program.pid)).toBe(false);
});

test('a program that ends before it is ready is told of with the last that it said', async () => {
  const starting = startProgram(await aProgramThat(`console.error('The port is taken.'); process.exitCode = 1;`));
  await expect(starting).rejects.toThrow(/^The worker ended before it was ready\. .+, last: The port is taken\.$/);
});
