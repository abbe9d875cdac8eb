/**
 * `npm run production-like -- [--orders <n> --exit] [--rolling] [--no-build] […as npm run demo]`: what docker-compose.yml
 * runs, on this machine without containers – the real Temporal server on PostgreSQL, the compiled API and two compiled
 * workers under NODE_ENV=production – with the stand-ins for BigCommerce and Posti, and the demo's orders through it.
 */
import { parseDemoOptions } from '../harness/demo/options.ts';
import type { PlacedOrders } from '../harness/placed-orders.ts';
import { restartInTurn } from '../harness/restart-in-turn.ts';
import { runDemo } from '../harness/demo/run.ts';
import type { Topology } from '../harness/topology.ts';
import { at } from './production-like/blueprint.ts';
import { compile, isCompiled, startProductionLike } from './production-like/topology.ts';

const given = process.argv.slice(2);
const own = ['--rolling', '--no-build'];
const stopAsked = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopAsked.abort());

try {
  const defaults = ['--state-dir', at('.lahetti-production-like'), '--workers', '2'];
  const options = parseDemoOptions([...defaults, ...given.filter((word) => !own.includes(word))]);
  if (!given.includes('--no-build') || !isCompiled()) {
    process.stdout.write('Compiling …\n');
    compile();
  }
  process.exitCode = await runDemo(options, stopAsked.signal, {
    start: startProductionLike,
    ...(given.includes('--rolling') ? { meanwhile: restartAll } : {}),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();

/** A new version is brought in while orders run: the checker has to find as little as without. */
async function restartAll(world: Topology, orders: PlacedOrders, say: (words: string) => void): Promise<void> {
  await restartInTurn(world, orders, { ordersUnderWay: 10, say });
}
