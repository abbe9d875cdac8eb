import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../../../harness/ask.ts';
import { randomFrom } from '../../../harness/random.ts';
import type { Topology } from '../../../harness/topology.ts';
import type { Detour, DetourMode, DetourName } from '../detours.ts';
import type { PlannedHarm } from '../plan.ts';
import { setTraps } from './at-moment.ts';
import { lies } from './lies.ts';
import { createPrograms } from './programs.ts';
import { createServers } from './servers.ts';
import { createStandInFaults } from './stand-in-faults.ts';

/** Everything that does harm, and can be made to stop. */
export interface Harms {
  /** Does what is planned; resolves when it is over, which for a kill is before the program runs again. */
  inflict(harm: PlannedHarm): Promise<void>;
  /** No harm any more: all ways are open, all programs run. @throws Error when something does not come up */
  end(): Promise<void>;
  close(): Promise<void>;
  counts(): Readonly<Record<string, number>>;
}

export interface HarmsDeps {
  readonly topology: Topology;
  readonly stateDir: string;
  readonly detours: ReadonlyMap<DetourName, Detour>;
  /** Decides whom it meets, where the plan leaves that open. */
  readonly seed: number;
  /** Places an order that people interfere with, by its scenario's name. */
  readonly interfere: (scenario: string) => Promise<void>;
  /** Hears of each worker that was killed. */
  readonly workerKilled: (pid: number) => void;
}

export async function prepareHarms(deps: HarmsDeps): Promise<Harms> {
  const { topology, stateDir, detours, seed, workerKilled } = deps;
  const programs = createPrograms(topology, workerKilled);
  const servers = createServers(topology, stateDir);
  const faults = createStandInFaults(topology);
  const traps = await setTraps(topology, faults);
  const random = randomFrom(seed + 17);
  const { urls, parts } = topology;
  let terminated = 0;
  let lied = 0;
  let troubled = 0;
  let interfered = 0;

  const switchWebhooks = (switches: object) => ask('PUT', `${urls.bigcommerce}/_control/webhooks`, switches);

  async function inflict({ kind, way, seconds }: PlannedHarm): Promise<void> {
    const downMs = seconds * 300;
    switch (kind) {
      case 'kill-worker':
        return way === 'both' ? programs.killWorkers(downMs) : programs.killWorker(Number(way) - 1, downMs);
      case 'kill-api':
        return programs.killApi(downMs);
      case 'kill-at-moment':
        // Whoever is at that moment is among them.
        return traps.arm(way, () => programs.killWorkers(downMs));
      case 'restart-postgres':
        return servers.restartPostgres();
      case 'restart-temporal':
        return servers.restartTemporal();
      case 'lose-engine':
        return servers.loseEngine();
      case 'network': {
        const [name, mode] = way.split(' ') as [DetourName, DetourMode];
        detours.get(name)?.become(mode);
        troubled += 1;
        await delay(seconds * 1_000);
        return detours.get(name)?.become('through');
      }
      case 'lies': {
        const lie = lies[way];
        if (lie && 'scan' in lie) await scanAgain(topology, lie.scan);
        else if (lie) for (const fault of [lie.fault].flat()) await faults.add(lie.of, fault);
        lied += 1;
        return;
      }
      case 'webhooks':
        await switchWebhooks(fateOf(way));
        await delay(seconds * 1_000);
        return switchWebhooks({ delayMs: 0, reorder: false });
      case 'terminate': {
        const running = [...(await parts.engine.runningOrders())];
        const id = running[Math.floor(random() * running.length)];
        const [storeHash, orderId] = (id ?? '').split('/').slice(-2);
        if (!storeHash || !orderId) return;
        await parts.engine.terminate({ storeHash, orderId: Number(orderId) }, 'somebody pressed the button');
        terminated += 1;
        return;
      }
      case 'people':
        interfered += 1;
        return deps.interfere(way);
      default:
        return kind satisfies never;
    }
  }

  return {
    inflict,
    async end() {
      await traps.disarm();
      for (const detour of detours.values()) detour.become('through');
      await faults.removeAll();
      await switchWebhooks({ drop: 0, duplicate: 0, delayMs: 0, reorder: false, paused: false });
      await programs.up();
    },
    async close() {
      await traps.close();
      await servers.stop();
    },
    counts: () => ({
      workersKilled: programs.kills.workers,
      apiKilled: programs.kills.api,
      moments: [...traps.met.values()].reduce((sum, each) => sum + each, 0),
      momentsMet: traps.met.size,
      postgresRestarts: servers.restarts.postgres,
      temporalRestarts: servers.restarts.temporal,
      engineLost: servers.restarts.engineLost,
      troubledWays: troubled,
      lies: lied,
      terminated,
      interfered,
    }),
  };
}

/** Of a parcel that was scanned further on than this. */
async function scanAgain({ parts, posti }: Topology, code: string): Promise<void> {
  const { rows } = await parts.pool.query<{ number: string }>(
    `select tracking_number as number from lahetti.parcels
      where delivery_status in ('in_transit', 'out_for_delivery', 'ready_for_pickup') order by id desc limit 1`,
  );
  const halfAnHourAgo = new Date(Date.now() - 30 * 60_000);
  if (rows[0]) await posti.addScan(rows[0].number, { code, at: halfAnHourAgo });
}

function fateOf(way: string): object {
  switch (way) {
    case 'drop':
      return { drop: 5 };
    case 'duplicate':
      return { duplicate: 10 };
    case 'delay':
      return { delayMs: 2_000 };
    default:
      return { reorder: true };
  }
}
