import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));

test('a command whose reader has gone, as after `| head -1`, ends well and complains of nothing', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', program, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [complaint, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(complaint).toBe('');
  expect(exitCode).toBe(0);
});
