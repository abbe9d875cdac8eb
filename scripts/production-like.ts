/**
 * `npm run production-like -- [--orders <n> --exit] [--rolling] [--no-build] […as npm run demo]`: what docker-compose.yml
 * runs, on this machine without containers – the real Temporal server on PostgreSQL, the compiled API and two compiled
 * workers under NODE_ENV=production – with the stand-ins for BigCommerce and Posti, and the demo's orders through it.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { parseDemoOptions } from '../demo/options.ts';
import type { PlacedOrders } from '../demo/placed-orders.ts';
import { restartInTurn } from '../demo/restart-in-turn.ts';
import { runDemo } from '../demo/run.ts';
import { startTopology, type Topology, type TopologyOptions } from '../demo/topology.ts';
import { openStateDir } from '../src/engine/state-dir.ts';
import { createLog } from '../src/log.ts';
import { at, engineBlueprint } from './production-like/blueprint.ts';
import { kept, startDatabases } from './production-like/databases.ts';
import { startEngine } from './production-like/engine.ts';
import { serverPrograms } from './production-like/server-programs.ts';

const namespace = 'lahetti';
const given = process.argv.slice(2);
const own = ['--rolling', '--no-build'];
const stopAsked = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopAsked.abort());

try {
  const defaults = ['--state-dir', at('.lahetti/production-like'), '--workers', '2'];
  const options = parseDemoOptions([...defaults, ...given.filter((word) => !own.includes(word))]);
  if (!given.includes('--no-build') || !existsSync(at('dist/workflow-bundle.js'))) {
    process.stdout.write('Compiling …\n');
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: at('.'), stdio: ['ignore', 'ignore', 'inherit'] });
  }
  process.exitCode = await runDemo(options, stopAsked.signal, {
    start: startOnRealEngine,
    ...(given.includes('--rolling') ? { meanwhile: restartAll } : {}),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();

/** All parts are stopped in the reverse order of their start, also where a later one did not come up. */
async function startOnRealEngine(options: TopologyOptions): Promise<Topology> {
  const { say = () => {} } = options;
  const stateDir = openStateDir(options.stateDir);
  const log = createLog({ level: 'warn', destination: process.stderr });
  const blueprint = engineBlueprint();
  const programs = await serverPrograms(blueprint.version, say);

  const started: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    for (const stop of started.splice(0).toReversed()) await stop();
  };
  try {
    say('Starting PostgreSQL …');
    const databases = await startDatabases(stateDir, log);
    started.push(() => databases.stop());
    const shards = blueprint.environment['NUM_HISTORY_SHARDS'] ?? '?';
    say(`Starting the Temporal server ${blueprint.version} on it, with ${shards} history shards …`);
    const engine = await startEngine({ stateDir, blueprint, programs, databases, namespace, log });
    started.push(() => engine.stop());

    const topology = await startTopology({
      ...options,
      programs: { api: 'dist/src/main/api.js', worker: 'dist/src/main/worker.js' },
      env: {
        ...options.env,
        NODE_ENV: 'production',
        DATABASE_URL: databases.applicationUrl,
        TEMPORAL_ADDRESS: engine.address,
        TEMPORAL_NAMESPACE: namespace,
        LAHETTI_SECRET_KEYS: kept(
          databases.secretsFolder,
          'lahetti_secret_keys',
          () => `rehearsal:${randomBytes(32).toString('base64')}`,
        ),
        LAHETTI_WORKFLOW_BUNDLE: at('dist/workflow-bundle.js'),
      },
    });
    started.push(() => topology.stop());
    return { ...topology, stop: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** A new version is brought in while orders run: the checker has to find as little as without. */
async function restartAll(world: Topology, orders: PlacedOrders, say: (words: string) => void): Promise<void> {
  await restartInTurn(world, orders, { ordersUnderWay: 10, say });
}
