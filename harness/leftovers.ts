import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from '../src/embedded/process-identity.ts';
import type { KeptMemory } from './memory.ts';

const limitMs = 15_000;

/**
 * Ends what a demo that was killed left running, and says that this one runs now.
 * @throws Error where another demo runs in the same folder
 */
export async function endLeftovers({ data, keep }: KeptMemory): Promise<void> {
  const [owner, ...programs] = data.processes;
  if (owner && owner.pid !== process.pid && isAlive(owner)) {
    throw new Error(`A demo runs in this folder already (process ${owner.pid}). Give this one another --state-dir.`);
  }
  const left = programs.filter(isAlive);
  signal(left, 'SIGTERM');
  const deadline = Date.now() + limitMs;
  while (left.some(isAlive) && Date.now() < deadline) await delay(50);
  signal(left, 'SIGKILL');
  data.processes = [identify(process.pid) ?? { pid: process.pid }];
  keep();
}

function signal(processes: readonly ProcessIdentity[], name: NodeJS.Signals): void {
  for (const each of processes) {
    if (isAlive(each)) process.kill(each.pid, name);
  }
}
