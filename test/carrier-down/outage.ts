import { setTimeout as delay } from 'node:timers/promises';
import type { PlacedOrder, PlacedOrders } from '../../harness/placed-orders.ts';
import { dealt } from '../../harness/random.ts';
import type { Scenario } from '../../harness/scenario.ts';
import { scenarios } from '../../harness/scenarios/all.ts';
import type { Topology } from '../../harness/topology.ts';
import { createPrograms } from '../chaos/harms/programs.ts';
import { countBookings } from '../chaos/summary.ts';
import { until } from '../support/until.ts';
import type { Outage } from './judge.ts';
import type { CarrierDownOptions } from './options.ts';
import { foretoldAtHalf, type Glance } from './outlook.ts';
import { clockOf, requestsAtPosti, takePostiDown, throttledByShops } from './posti-away.ts';
import { collectIncidents, countBySystem, noticesByKind, progressOf } from './shown.ts';

export interface OutageDeps {
  readonly topology: Topology;
  readonly orders: PlacedOrders;
  /** What API and metrics said of the backlog, as it goes on. */
  readonly glances: readonly Glance[];
  readonly options: CarrierDownOptions;
  /** Of the fast clock. */
  readonly speed: number;
  readonly say: (words: string) => void;
  readonly stopAsked: AbortSignal;
}

/** Ordered, carried and delivered: nobody interferes, and nothing is asked of a person. */
const plainScenarios: readonly Scenario[] = scenarios.filter(
  ({ shop, later, postiFault, end }) =>
    shop === 'live' &&
    !later &&
    !postiFault &&
    end.phase === 'done' &&
    end.shipments.length > 0 &&
    end.shipments.every(({ phase }) => phase === 'delivered'),
);

const warmUpOrders = 6;
/** A reading is used for five seconds, or longer on a busy database (src/metrics/database-reader.ts). */
const metricsAgeMs = 15_000;
const dayMs = 24 * 3_600_000;

/** Some orders, the outage, the drain, and the delivery of all. @throws Error when one of them does not end in time */
export async function goThroughOutage(deps: OutageDeps): Promise<Outage> {
  const { topology, orders, glances, options, speed, say, stopAsked } = deps;
  const hand = dealt(plainScenarios, options.seed);
  const progress = () => progressOf(topology);
  const wait = (what: string, look: () => boolean | Promise<boolean>) =>
    until(what, { deadline: performance.now() + options.limitSeconds * 1_000, stopAsked }, look);

  // Both workers have a token that lives: the outage meets bookings, and not only log-ins.
  for (let i = 0; i < warmUpOrders; i++) await orders.place(hand.next().value);
  await wait('the first orders are booked', async () => {
    const { known, planned, notTold } = await progress();
    return known === warmUpOrders && planned + notTold === 0;
  });
  const before = await requestsAtPosti(topology);

  say(`Posti goes down for ${options.minutes} minutes of a clock that runs ${speed} times as fast as ours.`);
  const clock = clockOf(topology);
  const bringBack = await takePostiDown(topology);
  const [downAt, downAtClock] = [Date.now(), await clock.now()];
  const incidents = collectIncidents(topology);
  await orderMeanwhile(deps, () => hand.next().value);
  await wait('the outage is over', async () => (await clock.now()) >= downAtClock + options.minutes * 60_000);
  // Where the machine is slower than the orders come, it lasts longer: each of them meets a Posti that is away.
  const waiting = shipmentsOf(orders.all.slice(warmUpOrders));
  await wait('every order is planned', async () => (await progress()).planned === waiting);
  // What the metrics say is some seconds old.
  const plannedAt = Date.now();
  await wait('API and metrics have read that', () => glances.at(-1)!.at > plannedAt + metricsAgeMs);
  const shown = glances.at(-1)!;
  const asked = await requestsAtPosti(topology);
  const incidentsSeen = await incidents.stop();
  const downClockMinutes = ((await clock.now()) - downAtClock) / 60_000;
  const backAt = Date.now();
  await bringBack();

  say(`Posti is back; ${waiting} shipments wait.`);
  await wait('nothing waits to be booked', async () => (await progress()).planned === 0);
  const drainedAt = Date.now();
  say(`Drained after ${seconds(drainedAt - backAt)} s.`);
  await wait('every shop is told', async () => (await progress()).notTold === 0);
  const toldAt = Date.now();

  // Every parcel is handed over and delivered in a jump; each is seen at its next poll.
  await clock.jump(20 * dayMs);
  await wait('every order has come to its end', async () => {
    await orders.look();
    return orders.all.every(({ isRight }) => isRight);
  }).catch((error: unknown) => say((error as Error).message));
  await orders.judgeAll();

  const after = await requestsAtPosti(topology);
  const { attention, unknown } = await progress();
  const { duplicates, liveBookings } = await countBookings({ topology, orders: orders.all });
  const whileDown = glances.filter(({ at }) => at > downAt && at < backAt);
  const firstBooked = glances.find((one) => one.at > backAt && one.waiting < waiting);
  return {
    orders: orders.all.length,
    right: orders.all.filter(({ isRight }) => isRight).length,
    ...{ liveBookings, duplicates, speed, attention, waiting },
    possibleOrphans: unknown,
    downSeconds: seconds(backAt - downAt),
    downClockMinutes: Math.round(downClockMinutes * 10) / 10,
    saidByApi: shown.waiting,
    saidByMetrics: shown.metrics.waiting,
    endsForetoldWhileDown: whileDown.filter(({ state, drainedAt: end }) => state !== 'open' && end !== null).length,
    incidents: countBySystem(incidentsSeen),
    notices: await noticesByKind(topology),
    bookingsAskedWhileDown: asked.bookings - before.bookings,
    questionsWhileDown: asked.logIns + asked.probes - before.logIns - before.probes,
    firstBookedSeconds: firstBooked ? seconds(firstBooked.at - backAt) : null,
    drainedSeconds: seconds(drainedAt - backAt),
    bookedPerMinute: Math.round((waiting / (drainedAt - backAt)) * 60_000),
    foretold: foretoldAtHalf(glances, { from: backAt, most: waiting, drainedAt }),
    busiestSecond: after.busiestSecond,
    throttledByPosti: after.throttled,
    throttledByShops: await throttledByShops(topology),
    toldSeconds: seconds(toldAt - backAt),
  };
}

/** All orders, at an even pace. When half of them have come, both workers are killed: what waits is not in them. */
async function orderMeanwhile(
  { topology, orders, options: { orders: count, rate }, say, stopAsked }: OutageDeps,
  next: () => Scenario,
): Promise<void> {
  const programs = createPrograms(topology, () => undefined);
  const began = performance.now();
  for (let placed = 0; placed < count; placed++) {
    stopAsked.throwIfAborted();
    await delay(Math.max(0, began + (placed / rate) * 1_000 - performance.now()));
    await orders.place(next());
    if (placed !== Math.floor(count / 2)) continue;
    say('  Half of the orders have come; both workers are killed, and started again.');
    await programs.killWorkers(500);
  }
  await programs.up();
}

const shipmentsOf = (orders: readonly PlacedOrder[]): number =>
  orders.reduce((sum, { scenario }) => sum + scenario.end.shipments.length, 0);

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
