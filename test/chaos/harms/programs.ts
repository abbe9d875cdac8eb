import { setTimeout as delay } from 'node:timers/promises';
import type { Topology } from '../../../harness/topology.ts';

/** The API and the workers, to be killed and started again. Never twice at once: a harm that comes upon one that is down leaves it. */
export interface Programs {
  /** SIGKILL; it is started again after this long. Resolves when it is killed. */
  killWorker(position: number, downMs: number): Promise<void>;
  killWorkers(downMs: number): Promise<void>;
  killApi(downMs: number): Promise<void>;
  /** When all that were killed run again. @throws Error when one does not start */
  up(): Promise<void>;
  readonly kills: { workers: number; api: number };
}

export function createPrograms(topology: Topology, workerKilled: (pid: number) => void): Programs {
  const comingUp = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const kills = { workers: 0, api: 0 };

  async function kill(name: string, how: Pick<Start, 'kill' | 'start'>, downMs: number): Promise<boolean> {
    if (comingUp.has(name)) return false;
    let isKilled!: () => void;
    const killed = new Promise<void>((resolve) => (isKilled = resolve));
    const all = (async () => {
      await how.kill();
      isKilled();
      await delay(downMs);
      await untilStarted(how.start);
    })()
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        isKilled();
        comingUp.delete(name);
      });
    comingUp.set(name, all);
    await killed;
    return true;
  }

  const killWorker = async (position: number, downMs: number) => {
    const pid = topology.workers[position]?.pid;
    const start = { kill: () => topology.killWorker(position), start: () => topology.startWorker(position) };
    if (!(await kill(`worker ${position}`, start, downMs))) return;
    kills.workers += 1;
    if (pid !== undefined) workerKilled(pid);
  };
  return {
    kills,
    killWorker,
    async killWorkers(downMs) {
      await Promise.all(topology.workers.map((_, position) => killWorker(position, downMs)));
    },
    async killApi(downMs) {
      if (await kill('api', { kill: topology.killApi, start: topology.startApi }, downMs)) kills.api += 1;
    },
    async up() {
      await Promise.all(comingUp.values());
      if (failures.length > 0) throw failures[0];
    },
  };
}

interface Start {
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** A program that starts while its database is away ends; whoever runs it in earnest starts it again. */
async function untilStarted(start: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === 20) throw error;
      await delay(500);
    }
  }
}
