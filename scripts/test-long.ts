/**
 * `npm run test:long [-- <name>…]`: all that takes too long for `npm test`, one after the other, in some hours. One that fails holds up no
 * other; ends with 1 where one did.
 */
import { spawnSync } from 'node:child_process';

const commands: readonly (readonly [name: string, ...args: string[]])[] = [
  ['mutants'],
  ['mutants:sql'],
  ['chaos', '--orders', '300', '--seed', '5'],
  ['carrier-down', '--orders', '1000'],
  ['soak', '--minutes', '20', '--rate', '3'],
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !commands.some(([known]) => known === name));
if (unknown.length > 0) {
  throw new Error(`There is no "${unknown.join(', ')}". There are: ${commands.map(([name]) => name).join(', ')}.`);
}

const lines: string[] = [];
for (const [name, ...args] of commands.filter(([known]) => asked.length === 0 || asked.includes(known))) {
  const startedAt = Date.now();
  const { status, signal } = spawnSync('npm', ['run', name, '--', ...args], { stdio: 'inherit' });
  if (signal !== null) process.exit(1);
  if (status !== 0) process.exitCode = 1;
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(0);
  lines.push(`${status === 0 ? 'ok    ' : 'failed'} npm run ${[name, '--', ...args].join(' ')}, ${minutes} minutes`);
}
console.log(`\n${lines.join('\n')}`);
