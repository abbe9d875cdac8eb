import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPlacedOrders, type PlacedOrders } from '../../harness/placed-orders.ts';
import { dealt } from '../../harness/random.ts';
import type { Scenario } from '../../harness/scenario.ts';
import { scenarios } from '../../harness/scenarios/all.ts';
import { startTopology } from '../../harness/topology.ts';
import { createPrograms, type Programs } from '../chaos/harms/programs.ts';
import { countBookings } from '../chaos/summary.ts';
import { openWarehouse, packUntil, type Warehouse } from '../chaos/warehouse.ts';
import { complaintsAboutTheWhole } from '../chaos/whole-checks.ts';
import { preparePrograms } from '../chaos/worker-programs.ts';
import { missed, type Finding } from '../support/finding.ts';
import { complaintsAboutOrders } from '../support/order-complaints.ts';
import { compareUse } from './compare.ts';
import { comparedMinute, type SoakOptions } from './options.ts';
import { startSampler } from './sampler.ts';

export interface SoakResult {
  readonly findings: readonly Finding[];
  /** How it was measured: what a reader has to know to believe it. */
  readonly notes: readonly string[];
  readonly complaints: readonly string[];
  readonly summary: Readonly<Record<string, unknown>>;
}

type Say = (words: string) => void;

/** Of the stand-ins' clock: a parcel takes a minute and a half, so that some 300 are on their way at any time. */
const speed = 2_000;
const ourSpeed = 1_000;
/** Parcels are looked at every 9 to 36 seconds: more often, and that would be most of what the machine does. */
const pollSpeed = 200;
/** Early enough that the API, which is then left alone, is not new any more in the minute that is compared. */
const apiKilledAt = 75;

/** Those that come to their ends by themselves within two minutes. */
const soaked: readonly Scenario[] = scenarios.filter(
  ({ later, postiFault, end }) =>
    !later && !postiFault && end.shipments.every(({ phase }) => phase === 'delivered' || phase === 'planned'),
);

const notes = [
  'Worker 2 is never killed: what it uses at the end is what it uses after the whole run.',
  `Worker 1 is killed (SIGKILL) at every full minute and started again: its figures are of a process less than a minute old, in both minutes.`,
  `The API is killed once, ${apiKilledAt} seconds after the start, and then left alone.`,
  'Compared is the median of the six samples of a minute. Memory is VmRSS, sockets are those of /proc/<pid>/fd, connections are those of pg_stat_activity without the harness’, event-loop delay is nodejs_eventloop_lag of /metrics since the sample before.',
  'Processes share the machine with the engines, the stand-ins and whatever else runs: where its load was another one in the two minutes, delay, sockets and connections say that and no more.',
];

/** One whole run: steady load, kills, samples, settle, check. Everything that it started has ended when it returns. */
export async function runSoak(options: SoakOptions, say: Say, stopAsked: AbortSignal): Promise<SoakResult> {
  const { minutes, rate, stores } = options;
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'lahetti-soak-')));
  await mkdir(stateDir, { recursive: true });
  const { bundle } = await preparePrograms(false, stateDir);
  const topology = await startTopology({
    ...{ stateDir, speed, ourSpeed, workers: 2, liveStores: stores, standardQuota: true, standInsForget: true },
    ...{ sweepEverySeconds: 60, watchmanEverySeconds: 60, say, stopAsked },
    env: { LAHETTI_METRICS_PORT: '0', LAHETTI_WORKFLOW_BUNDLE: bundle, LAHETTI_POLL_SPEED: String(pollSpeed) },
  });
  let isWell = false;
  try {
    const orders = createPlacedOrders(topology, { forgotten: true });
    const warehouse = await openWarehouse(topology);
    const programs = createPrograms(topology, () => undefined);
    const load = { options, orders, warehouse, programs, began: performance.now(), say };
    const sampler = startSampler(topology, load.began);
    await carryLoad(load, stopAsked).finally(() => sampler.stop());
    await programs.up();
    say(`No order comes any more; ${orders.all.length} have come.`);
    const settledSeconds = await settle(load, stopAsked);
    await orders.judgeAll();

    const early = { from: (comparedMinute - 1) * 60, to: comparedMinute * 60 };
    const late = { from: (minutes - 1) * 60, to: minutes * 60 };
    const { duplicates, orphans } = await countBookings({ topology, orders: orders.all });
    const right = orders.all.filter(({ isRight }) => isRight).length;
    const findings: Finding[] = [
      { what: 'orders', value: orders.all.length },
      {
        ...{ what: 'orders that are where they should be', value: right },
        ...{ bound: `exactly ${orders.all.length}`, met: right === orders.all.length },
      },
      { what: 'shipments with two live bookings', value: duplicates, bound: 'exactly 0', met: duplicates === 0 },
      { what: 'bookings of which a killed worker never heard, all listed', value: orphans },
      { what: 'workers killed', value: programs.kills.workers },
      { what: 'APIs killed', value: programs.kills.api },
      ...compareUse(sampler.samples, early, late),
    ];
    const complaints = [
      ...missed(findings),
      ...(await complaintsAboutOrders(orders, topology)),
      ...(await complaintsAboutTheWhole(topology, orders.all)),
    ];
    isWell = complaints.length === 0;
    const summary = {
      ...{ minutes, rate, orders: orders.all.length, right, duplicates, orphans, kills: programs.kills },
      ...{ settledSeconds, samples: sampler.samples },
    };
    return { findings, notes, complaints, summary };
  } finally {
    await topology.stop();
    if (isWell && options.stateDir === null) await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
    else say(`What was kept, with the logs, is in ${stateDir}.`);
  }
}

/** All who work while it runs. */
interface Load {
  readonly options: SoakOptions;
  readonly orders: PlacedOrders;
  readonly warehouse: Warehouse;
  readonly programs: Programs;
  /** Of `performance.now()`. */
  readonly began: number;
  readonly say: Say;
}

const secondsSince = (began: number): number => (performance.now() - began) / 1_000;

/** Orders, kills and hand-overs, for as many minutes as were asked for. One that fails ends the others. */
async function carryLoad(load: Load, stopAsked: AbortSignal): Promise<void> {
  const isOver = () => secondsSince(load.began) >= load.options.minutes * 60;
  const failed = new AbortController();
  const ended = AbortSignal.any([stopAsked, failed.signal]);
  const parts = [placeSteadily(load, ended), killSteadily(load, ended), packUntil(isOver, load.warehouse, ended)];
  await Promise.all(parts).catch(async (error: unknown) => {
    failed.abort();
    await Promise.allSettled(parts);
    throw error;
  });
}

/** At an even pace, whatever else happens. */
async function placeSteadily({ options, orders, began, say }: Load, ended: AbortSignal): Promise<void> {
  const { minutes, rate, seed } = options;
  const hand = dealt(soaked, seed);
  for (let placed = 0; placed < minutes * 60 * rate; placed++) {
    await at(began + (placed / rate) * 1_000, ended);
    await orders.place(hand.next().value);
    if ((placed + 1) % (60 * rate) === 0)
      say(`  minute ${(placed + 1) / (60 * rate)} of ${minutes}: ${placed + 1} orders`);
  }
  await at(began + minutes * 60_000, ended);
}

async function killSteadily({ options: { minutes }, programs, began }: Load, ended: AbortSignal): Promise<void> {
  const kills = [
    ...Array.from({ length: minutes - 1 }, (_, i) => ({ at: 60 * (i + 1), kill: () => programs.killWorker(0, 500) })),
    { at: apiKilledAt, kill: () => programs.killApi(500) },
  ].sort((a, b) => a.at - b.at);
  for (const { at: second, kill } of kills) {
    await at(began + second * 1_000, ended);
    await kill();
  }
}

const at = (moment: number, ended: AbortSignal): Promise<void> =>
  delay(Math.max(0, moment - performance.now()), undefined, { signal: ended });

/** Until every order is right, or the limit has passed. In seconds. */
async function settle({ options, orders, warehouse, say }: Load, stopAsked: AbortSignal): Promise<number> {
  const began = performance.now();
  const isOver = () => orders.all.every(({ isRight }) => isRight) || secondsSince(began) > options.settleSeconds;
  const looking = async () => {
    while (!isOver()) {
      await orders.look(judgedPerLook).catch((error: unknown) => say(`Could not look at the orders: ${String(error)}`));
      await delay(500, undefined, { signal: stopAsked });
    }
  };
  await Promise.all([looking(), packUntil(isOver, warehouse, stopAsked)]);
  return Math.round(secondsSince(began));
}

const judgedPerLook = 100;
