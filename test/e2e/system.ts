import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPlacedOrders, type PlacedOrder, type PlacedOrders } from '../../harness/placed-orders.ts';
import { findScenario } from '../../harness/scenarios/all.ts';
import { startTopology, type Topology, type TopologyOptions } from '../../harness/topology.ts';
import { eventually } from '../support/wait.ts';
import { programEnv } from '../support/program-env.ts';

export interface System extends Topology {
  readonly stateDir: string;
  readonly orders: PlacedOrders;
  /** Stops everything and removes the folder. An `afterAll` that is set up within a `beforeAll` would never run. */
  readonly end: () => Promise<void>;
  place(scenario: string): Promise<PlacedOrder>;
  /** The command line as a person starts it. Gives what it prints. */
  lahetti(...args: string[]): Promise<string>;
  /** Waits until each of them has ended as its scenario says; says what is wrong otherwise. */
  ended(orders: readonly PlacedOrder[], within?: number): Promise<void>;
}

/** The whole system below a folder of its own. Call it in a `beforeAll` that gives `end` back. */
export async function startSystem(options: Partial<TopologyOptions> = {}): Promise<System> {
  const stateDir = await mkdtemp(join(tmpdir(), 'lahetti-e2e-'));
  const topology = await startTopology({ stateDir, speed: 20_000, ...options });
  const orders = createPlacedOrders(topology);

  return {
    ...topology,
    stateDir,
    orders,
    async end() {
      await topology.stop();
      await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
    },
    place: (name) => orders.place(findScenario(name)!),
    async lahetti(...args) {
      const program = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));
      const { databaseUrl, temporal } = topology.parts;
      const env = {
        ...programEnv,
        LAHETTI_STATE_DIR: stateDir,
        DATABASE_URL: databaseUrl,
        TEMPORAL_ADDRESS: temporal.address,
      };
      return (await promisify(execFile)(process.execPath, ['--import', 'tsx', program, ...args], { env })).stdout;
    },
    async ended(awaited, within = 60_000) {
      try {
        await eventually(() => orders.look().then(() => awaited.every(({ isRight }) => isRight)), {
          within,
          every: 200,
        });
      } catch {
        const wrong: string[] = [];
        for (const order of awaited.filter(({ isRight }) => !isRight)) {
          await orders.judgeNow(order);
          wrong.push(`${order.storeHash}/${order.orderId} (${order.scenario.name}): ${order.complaints.join(' ')}`);
        }
        throw new Error(`Not all orders ended as they should:\n${wrong.join('\n')}`);
      }
    },
  };
}
