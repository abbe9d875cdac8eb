import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPlacedOrders, type PlacedOrders } from '../../harness/placed-orders.ts';
import { dealt } from '../../harness/random.ts';
import type { Scenario } from '../../harness/scenario.ts';
import { scenarios } from '../../harness/scenarios/all.ts';
import { startTopology, type Topology } from '../../harness/topology.ts';
import { complaintsAboutOrders } from '../support/order-complaints.ts';
import { countBacklog } from './backlog.ts';
import type { Detour, DetourName } from './detours.ts';
import { throughDetours } from './detoured-environment.ts';
import { prepareHarms, type Harms } from './harms/all.ts';
import { interference } from './interference.ts';
import { complaintsAboutLogs } from './leaks.ts';
import type { ChaosOptions } from './options.ts';
import { inWords, planHarms, type PlannedHarm } from './plan.ts';
import { createRecovery } from './recovery.ts';
import { sumUp, type ChaosSummary } from './summary.ts';
import { openWarehouse, packUntil, type Warehouse } from './warehouse.ts';
import { complaintsAboutTheWhole } from './whole-checks.ts';
import { preparePrograms } from './worker-programs.ts';

export interface ChaosResult {
  readonly summary: ChaosSummary;
  /** What is not as it has to be, in sentences, with timelines. None means that all is well. */
  readonly complaints: readonly string[];
}

type Say = (words: string) => void;

/** Whoever started it: hears what is done, and may end it. */
interface Watcher {
  readonly say: Say;
  readonly stopAsked: AbortSignal;
}

/** All who work while harm is done: shoppers, merchants, operators and packers. */
interface People {
  readonly orders: PlacedOrders;
  readonly warehouse: Warehouse;
}

/** Gives how long it took, in milliseconds, so that what many orders make slow is not all that the machine does. */
async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const lookEveryMs = 400;
/** While orders come; all the others are judged when the harm has stopped. */
const judgedPerLook = 8;
/** Not all in one look: those that something is to happen to would wait for it. */
const judgedWhenSettling = 100;

/**
 * One whole run: start, order and harm, settle, check. Everything that it started has ended when it returns.
 * @throws `stopAsked`'s reason, as soon as it is asked to stop
 */
export async function runChaos(options: ChaosOptions, say: Say, stopAsked: AbortSignal): Promise<ChaosResult> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'lahetti-chaos-')));
  await mkdir(stateDir, { recursive: true });
  const detours = new Map<DetourName, Detour>();
  const { bundle, programs } = await preparePrograms(options.built, stateDir);
  const topology = await startTopology({
    stateDir,
    speed: 20_000,
    ourSpeed: options.speed,
    workers: 2,
    ...(programs && { programs }),
    standInsForget: true,
    enginesStayDown: true,
    standardQuota: options.oneStore,
    sweepEverySeconds: 30,
    // Half-open ways are given up within seconds, and attempts are taken over soon.
    env: {
      LAHETTI_HTTP_TIMEOUT_SECONDS: '5',
      LAHETTI_WORKFLOW_BUNDLE: bundle,
      LAHETTI_POLL_SPEED: String(options.pollSpeed),
    },
    detour: (env) => throughDetours(env, detours),
    say,
    stopAsked,
  });
  let harms: Harms | undefined;
  let isWell = false;
  try {
    const recovery = createRecovery(topology);
    const { workerKilled } = recovery;
    const demoStores = topology.demoStores.filter(({ hash }) => !options.oneStore || hash === theOneStore);
    const orders = createPlacedOrders({ ...topology, demoStores }, { forgotten: true });
    const interfere = async (name: string) => {
      const scenario = interference.find((each) => each.name === name);
      if (scenario) await orders.place(scenario);
    };
    harms = await prepareHarms({ topology, stateDir, detours, seed: options.seed, interfere, workerKilled });
    const people = { orders, warehouse: await openWarehouse(topology) };
    const began = performance.now();
    await orderAndHarm(options, people, harms, { say, stopAsked });
    await harms.end();
    const harmedMs = performance.now() - began;
    say(`No harm any more after ${inSeconds(harmedMs)}; ${open(orders)} orders are under way.`);

    const { drainedMs, settledMs } = await settle(people, topology, options.settleSeconds, { say, stopAsked });
    await recovery.done();
    say(`Settled after ${inSeconds(settledMs)}; everything is judged once more, by the books.`);
    await orders.judgeAll();
    const aboutOrders = await complaintsAboutOrders(orders, topology);
    const aboutTheWhole = await complaintsAboutTheWhole(topology, orders.all);
    const timing = { recoveryMs: recovery.times, harmedMs, drainedMs, settledMs };
    const summary = await sumUp({ topology, orders: orders.all, harms: harms.counts(), ...timing });
    await topology.stop();
    const complaints = [
      ...aboutOrders,
      ...aboutTheWhole,
      ...(await complaintsAboutLogs(topology, stateDir)),
      ...(summary.lost > 0 ? [`${summary.lost} orders are not known to us.`] : []),
      ...(summary.duplicates > 0 ? [`${summary.duplicates} shipments have more than one live booking.`] : []),
    ];
    isWell = complaints.length === 0;
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
  { orders: count, seed, rate, only, oneStore }: ChaosOptions,
  people: People,
  harms: Harms,
  { say, stopAsked }: Watcher,
): Promise<void> {
  const { orders } = people;
  const plan = planHarms({ seed, seconds: count / rate, only });
  const hand = dealt(oneStore ? scenarios.filter(isOfTheUsualShops) : scenarios, seed);
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1_000;
  const underWay: Promise<void>[] = [];
  let next = 0;
  let placed = 0;
  const all = () => placed >= count && next >= plan.length;
  const placing = async () => {
    while (!all()) {
      for (; placed < count && placed / rate <= elapsed(); placed++) await orders.place(hand.next().value);
      for (; next < plan.length && plan[next]!.at <= elapsed(); next++) underWay.push(inflict(harms, plan[next]!, say));
      await delay(50, undefined, { signal: stopAsked });
    }
  };
  // The database is restarted meanwhile: somebody who looks then is told so, and looks again.
  const looking = async () => {
    let told = 0;
    while (!all()) {
      const tookMs = await timed(() => orders.look(judgedPerLook)).catch(() => 0);
      if (elapsed() - told > tellEverySeconds) {
        told = elapsed();
        say(`  ${Math.round(told)} s: ${placed} orders placed, ${open(orders)} under way`);
      }
      await delay(Math.max(lookEveryMs, 2 * tookMs), undefined, { signal: stopAsked });
    }
  };
  await Promise.all([placing(), looking(), packUntil(all, people.warehouse, stopAsked)]);
  await Promise.all(underWay);
}

const tellEverySeconds = 20;
const theOneStore = 'demolanka';
const isOfTheUsualShops = ({ shop }: Scenario): boolean => shop === 'live';

async function inflict(harms: Harms, harm: PlannedHarm, say: Say): Promise<void> {
  try {
    await harms.inflict(harm);
  } catch (error) {
    // A harm that comes upon something that is down already does nothing; the system must stand it either way.
    say(`  ${inWords(harm)} could not be done: ${(error as Error).message}`);
  }
}

/** Until every order is right, or the limit has passed. Milliseconds; `drainedMs` is null where something always waited. */
async function settle(
  { orders, warehouse }: People,
  { parts }: Topology,
  limitSeconds: number,
  { say, stopAsked }: Watcher,
): Promise<{ readonly drainedMs: number | null; readonly settledMs: number }> {
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  let drainedMs: number | null = null;
  let toldMs = 0;
  const isOver = () => open(orders) === 0 || elapsed() >= limitSeconds * 1_000;
  const looking = async () => {
    while (!isOver()) {
      const tookMs = await timed(() => orders.look(judgedWhenSettling)).catch((error: unknown) => {
        say(`Could not look at the orders: ${String(error)}`);
        return 0;
      });
      if (drainedMs === null && (await countBacklog(parts.pool)) === 0) drainedMs = elapsed();
      if (elapsed() - toldMs > tellEverySeconds * 1_000) {
        toldMs = elapsed();
        say(`  ${inSeconds(toldMs)} later: ${open(orders)} orders are under way, or to be judged`);
      }
      await delay(Math.max(lookEveryMs, tookMs / 2), undefined, { signal: stopAsked });
    }
  };
  await Promise.all([looking(), packUntil(isOver, warehouse, stopAsked)]);
  return { drainedMs, settledMs: elapsed() };
}

const open = (orders: PlacedOrders): number => orders.all.filter(({ isRight }) => !isRight).length;

const inSeconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
