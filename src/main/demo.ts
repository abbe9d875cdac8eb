import { parseDemoOptions, usage, type DemoOptions } from '../../harness/demo/options.ts';
import { runDemo } from '../../harness/demo/run.ts';

/** `npm run demo`: the whole system on this machine, with stand-ins for the shop and for Posti. */
const options = orExit(process.argv.slice(2));
const stopAsked = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopAsked.abort());

try {
  process.exitCode = await runDemo(options, stopAsked.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();

function orExit(argv: readonly string[]): DemoOptions {
  if (argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parseDemoOptions(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    process.exit(64);
  }
}
