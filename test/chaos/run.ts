import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPlacedOrders, type PlacedOrders } from '../../demo/placed-orders.ts';
import { dealt } from '../../demo/random.ts';
import { scenarios } from '../../demo/scenarios/all.ts';
import { startTopology, type Topology } from '../../demo/topology.ts';
import { detourNames, openDetour, type Detour, type DetourName } from './detours.ts';
import { prepareHarms, type Harms } from './harms/all.ts';
import type { ChaosOptions } from './options.ts';
import { planHarms, type PlannedHarm } from './plan.ts';
import { sumUp, type ChaosSummary } from './summary.ts';
import { openWarehouse, type Warehouse } from './warehouse.ts';
import { complaintsAboutTheWhole } from './whole-checks.ts';

export interface ChaosResult {
  readonly summary: ChaosSummary;
  /** What is not as it has to be, in sentences, with timelines. None means that all is well. */
  readonly complaints: readonly string[];
}

/** All who work while harm is done: shoppers, merchants, operators and packers. */
interface People {
  readonly orders: PlacedOrders;
  readonly warehouse: Warehouse;
}

async function work({ orders, warehouse }: People): Promise<void> {
  await orders.look();
  await warehouse.handOver();
}

const lookEveryMs = 500;

/** One whole run: start, order and harm, settle, check. Everything that it started has ended when it returns. */
export async function runChaos(options: ChaosOptions, say: (words: string) => void): Promise<ChaosResult> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'lahetti-chaos-')));
  const detours = new Map<DetourName, Detour>();
  const topology = await startTopology({
    stateDir,
    speed: 20_000,
    workers: 2,
    // Half-open ways are given up within seconds, and attempts are taken over soon.
    env: { LAHETTI_HTTP_TIMEOUT_SECONDS: '5' },
    detour: (env) => throughDetours(env, detours),
    say,
  });
  let harms: Harms | undefined;
  let isWell = false;
  try {
    harms = await prepareHarms(topology, { stateDir, detours, seed: options.seed });
    const orders = createPlacedOrders(topology);
    const people = { orders, warehouse: await openWarehouse(topology) };
    const began = performance.now();
    await orderAndHarm(options, people, harms, say);
    await harms.end();
    const harmedMs = performance.now() - began;
    say(`No harm any more after ${inSeconds(harmedMs)}; ${open(orders)} orders are under way.`);

    await settle(people, options.settleSeconds, say);
    const settledMs = performance.now() - began - harmedMs;
    const complaints = [
      ...(await complaintsAboutOrders(orders, topology)),
      ...(await complaintsAboutTheWhole(topology, orders.all)),
    ];
    isWell = complaints.length === 0;
    const summary = await sumUp({ topology, orders: orders.all, harms: harms.counts(), harmedMs, settledMs });
    return { summary, complaints };
  } finally {
    await topology.stop();
    await harms?.close();
    for (const detour of detours.values()) await detour.close();
    if (isWell && options.stateDir === null) await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
    else say(`What was kept, with the logs, is in ${stateDir}.`);
  }
}

/** Orders come at an even pace while the plan is carried out, each harm at its time whatever became of the one before. */
async function orderAndHarm(
  { orders: count, seed, rate, only }: ChaosOptions,
  people: People,
  harms: Harms,
  say: (words: string) => void,
): Promise<void> {
  const { orders } = people;
  const plan = planHarms({ seed, seconds: count / rate, only });
  const hand = dealt(scenarios, seed);
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1_000;
  const underWay: Promise<void>[] = [];
  let next = 0;
  for (let placed = 0; placed < count || next < plan.length;) {
    for (; placed < count && placed / rate <= elapsed(); placed++) await orders.place(hand.next().value);
    for (; next < plan.length && plan[next]!.at <= elapsed(); next++) underWay.push(inflict(harms, plan[next]!, say));
    // The database is restarted meanwhile: somebody who looks then is told so, and looks again.
    await work(people).catch(() => undefined);
    await delay(200);
  }
  await Promise.all(underWay);
}

async function inflict(harms: Harms, harm: PlannedHarm, say: (words: string) => void): Promise<void> {
  try {
    await harms.inflict(harm);
  } catch (error) {
    // A harm that comes upon something that is down already does nothing; the system must stand it either way.
    say(`  ${inWords(harm)} could not be done: ${(error as Error).message}`);
  }
}

export const inWords = ({ at, kind, way, seconds }: PlannedHarm): string =>
  `${at.toFixed(1).padStart(7)} s  ${kind}${way === '' ? '' : `: ${way}`} (${seconds} s)`;

async function settle(people: People, limitSeconds: number, say: (words: string) => void): Promise<void> {
  const deadline = performance.now() + limitSeconds * 1_000;
  while (open(people.orders) > 0 && performance.now() < deadline) {
    await work(people).catch((error: unknown) => say(`Could not look at the orders: ${String(error)}`));
    await delay(lookEveryMs);
  }
}

const open = (orders: PlacedOrders): number => orders.all.filter(({ isRight }) => !isRight).length;

async function complaintsAboutOrders(orders: PlacedOrders, { api }: Topology): Promise<string[]> {
  const complaints: string[] = [];
  for (const order of orders.all) {
    // Those that were right when they ended are judged again: what came later must not have spoiled them.
    await orders.judgeNow(order);
    if (order.isRight) continue;
    const { storeHash, orderId, scenario } = order;
    const timeline = await api.timeline(storeHash, orderId).catch(() => []);
    complaints.push(
      [
        `Order ${storeHash}/${orderId} (${scenario.name}) did not end as it should:`,
        ...order.complaints.map((complaint) => `  ${complaint}`),
        ...timeline.map(({ at, n, words }) => `    ${at} ${n === null ? '' : `shipment ${n}: `}${words}`),
      ].join('\n'),
    );
  }
  return complaints;
}

type Env = Record<string, string | undefined>;

/** API and workers reach everybody through a proxy; the stand-ins, the harness and its people go the plain way. */
async function throughDetours(env: Env, detours: Map<DetourName, Detour>): Promise<Env> {
  const ports: Record<DetourName, number> = {
    database: portOf(env.DATABASE_URL),
    engine: portOf(`http://${env.TEMPORAL_ADDRESS ?? ''}`),
    bigcommerce: portOf(env.BIGCOMMERCE_API_URL),
    posti: portOf(env.POSTI_GATEWAY_URL),
  };
  for (const name of detourNames) detours.set(name, await openDetour(ports[name]));
  const moved = (text: string | undefined, name: DetourName) =>
    text?.replace(`:${ports[name]}`, `:${detours.get(name)?.port ?? 0}`);
  return {
    ...env,
    DATABASE_URL: moved(env.DATABASE_URL, 'database'),
    TEMPORAL_ADDRESS: moved(env.TEMPORAL_ADDRESS, 'engine'),
    BIGCOMMERCE_API_URL: moved(env.BIGCOMMERCE_API_URL, 'bigcommerce'),
    POSTI_AUTH_URL: moved(env.POSTI_AUTH_URL, 'posti'),
    POSTI_GATEWAY_URL: moved(env.POSTI_GATEWAY_URL, 'posti'),
    POSTI_TRACKING_URL: moved(env.POSTI_TRACKING_URL, 'posti'),
    // Links to labels may name either.
    POSTI_LABEL_HOSTS: `${env.POSTI_LABEL_HOSTS ?? ''},${moved(env.POSTI_LABEL_HOSTS, 'posti') ?? ''}`,
  };
}

const portOf = (url: string | undefined): number => Number(new URL(url ?? '').port);

const inSeconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
