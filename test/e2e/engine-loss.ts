import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from '../../harness/ask.ts';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import type { TopologyOptions } from '../../harness/topology.ts';
import { startEmbeddedTemporal, type EmbeddedTemporal } from '../../src/embedded/embedded-temporal.ts';
import { identify } from '../../src/embedded/process-identity.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import type { OrderState, ShipmentState } from '../../src/domain/order-state.ts';
import { eventually } from '../support/wait.ts';
import { startSystem, type System } from './system.ts';

/** Orders of a system in every stage at once, and the loss of its engine. */

const homes = ['home delivery', 'two parcels', 'to Åland'];
const dozen = [...homes, ...homes, ...homes, ...homes];

export interface Placed {
  readonly all: readonly PlacedOrder[];
  /** Still on their way, or waiting, when the engine was lost. */
  readonly open: readonly PlacedOrder[];
}

/** 44 orders: delivered, in transit, labelled and not handed over, waiting for their payment. */
export async function placeInAllStages(system: System): Promise<PlacedOrder[]> {
  const placed = [
    ...(await placeUntil(system, 'default', [...dozen, 'pickup point', 'digital only'], hasEnded)),
    ...(await placeUntil(system, 'stays-in-transit', dozen, each(isInTransit))),
    ...(await placeUntil(system, 'never-scanned', dozen, each(isTold))),
  ];
  const waiting = ['paid later', 'paid later', 'cancelled unpaid', 'paid later', 'paid later', 'cancelled unpaid'];
  placed.push(...(await placeUntil(system, 'default', waiting, ({ phase }) => phase === 'waiting')));
  return placed;
}

const hasEnded = ({ phase }: OrderState) => phase === 'done' || phase === 'ignored';
const isInTransit = (s: ShipmentState) => s.deliveryStatus === 'in_transit';
const isTold = (s: ShipmentState) => s.told === 'told';
const each = (fits: (s: ShipmentState) => boolean) => (state: OrderState) =>
  state.shipments.length > 0 && state.shipments.every(fits);

async function placeUntil(
  system: System,
  script: string,
  scenarios: readonly string[],
  reached: (state: OrderState) => boolean,
): Promise<PlacedOrder[]> {
  await ask('PUT', `${system.urls.posti}/_control/scripts`, { default: script });
  const placed: PlacedOrder[] = [];
  for (const name of scenarios) placed.push(await system.place(name));
  for (const order of placed) {
    await eventually(
      async () => {
        const state = await loadOrderState(system.parts.pool, order);
        return state !== undefined && reached(state);
      },
      { within: 60_000, every: 100 },
    );
  }
  await ask('PUT', `${system.urls.posti}/_control/scripts`, { default: 'default' });
  return placed;
}

/** An engine that can be lost with all that it knew, and come back empty. */
export interface LosableEngine {
  /** Stops the Temporal server hard and removes its database. */
  lose(): Promise<void>;
  /** An engine at the same address that has never heard of anything. */
  startEmpty(): Promise<void>;
}

export type LosableSystem = System & { readonly engine: LosableEngine };

/** Call it in a `beforeAll` that gives `end` back. */
export async function startLosableSystem(options: Partial<TopologyOptions>): Promise<LosableSystem> {
  const system = await startSystem({ ...options, enginesStayDown: true });
  const { stateDir, parts } = system;
  let empty: EmbeddedTemporal | undefined;
  return {
    ...system,
    engine: {
      async lose() {
        const { pid } = JSON.parse(readFileSync(join(stateDir, 'temporal.json'), 'utf8')) as { pid: number };
        process.kill(pid, 'SIGKILL');
        await eventually(() => identify(pid) === undefined);
        for (const end of ['', '-wal', '-shm']) await rm(join(stateDir, `temporal.sqlite${end}`), { force: true });
      },
      async startEmpty() {
        const port = Number(parts.temporal.address.split(':').at(-1));
        const log = { info: () => undefined, warn: () => undefined };
        empty = await startEmbeddedTemporal({ stateDir, env: process.env, port, log });
      },
    },
    async end() {
      await system.stop();
      await empty?.stop();
      await system.end();
    },
  };
}

/** What was kept from moving goes its usual way. */
export async function letParcelsMove({ posti, urls }: System): Promise<void> {
  for (const { id } of await posti.bookings()) {
    await ask('POST', `${urls.posti}/_control/bookings/${id}/script`, { script: 'default' });
  }
}
