import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { openMemory } from '../../harness/memory.ts';
import { expectOwnFolder } from '../../harness/demo/own-folder.ts';
import { startTopology, type Topology, type TopologyOptions } from '../../harness/topology.ts';
import { openStateDir } from '../../src/embedded/state-dir.ts';
import { createLog } from '../../src/log.ts';
import { at, engineBlueprint } from './blueprint.ts';
import { kept, startDatabases } from './databases.ts';
import { startEngine } from './engine.ts';
import { serverPrograms } from './server-programs.ts';

const namespace = 'lahetti';
/** What API and workers are run from in production. */
export const compiled = { api: 'dist/src/main/api.js', worker: 'dist/src/main/worker.js' };

export const isCompiled = (): boolean => existsSync(at('dist/workflow-bundle.js'));

export function compile(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: at('.'), stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * The whole system on the real Temporal server, from what was compiled. All parts are stopped in the reverse order of their
 * start, also where a later one did not come up.
 *
 * @throws Error when one of the programs does not come up, or nothing was compiled
 */
export async function startProductionLike(options: TopologyOptions): Promise<Topology> {
  const { say = () => {} } = options;
  if (!isCompiled()) throw new Error('Nothing is compiled. Run: npm run build');
  expectOwnFolder(options.stateDir);
  const stateDir = openStateDir(options.stateDir);
  // Before the databases are in it, so that the folder is known for the demo's.
  await openMemory(stateDir);
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
      programs: compiled,
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
