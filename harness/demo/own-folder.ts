import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../src/db/pool.ts';
import { isOfDemo } from '../../src/embedded/state-dir.ts';
import { connectedStores } from '../connected-hosts.sql.ts';
import { demoStores } from '../demo-stores.ts';

/** Where the demo keeps its state unless it is told otherwise: never with a system of somebody's own. */
export const defaultDemoFolder = '.lahetti-demo';

const wayOut =
  'The demo needs a folder of its own: leave out --state-dir and LAHETTI_STATE_DIR, or name one that is empty or new.';

/** What every system leaves in its state folder. A harness may have put other things there already. */
const ofASystem = ['secret-key', 'postgres.password', 'postgres', 'temporal.sqlite'];

/**
 * The demo would send the tokens of real stores to a stand-in, and run their orders many times too fast.
 * @throws Error where the folder is of a system that is not the demo
 */
export function expectOwnFolder(stateDir: string): void {
  if (isOfDemo(stateDir) || !ofASystem.some((name) => existsSync(join(stateDir, name)))) return;
  throw new Error(`The folder ${stateDir} holds a system of your own. ${wayOut}`);
}

/**
 * Before anything is sent: until the two had folders of their own, a real store could be connected beside the demo's.
 * @throws Error that names the stores that are not the demo's
 */
export async function expectDemoStores(db: Db, stateDir: string, shopHost: string): Promise<void> {
  const foreign = (await connectedStores(db)).filter(({ hash, host }) => !isDemoStore(hash) && host !== shopHost);
  if (foreign.length === 0) return;
  const names = foreign.map(({ hash }) => hash).join(', ');
  throw new Error(`The database in ${stateDir} has stores that are not the demo's (${names}). ${wayOut}`);
}

/** With a number behind it where there are more than usual. */
const isDemoStore = (hash: string): boolean => demoStores.some((store) => hash.replace(/\d+$/, '') === store.hash);
