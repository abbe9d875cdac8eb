import { setTimeout as delay } from 'node:timers/promises';
import { shipmentDetails } from '../../src/orders/search.sql.ts';
import type { DemoOptions } from './options.ts';
import { createPlacedOrders, type PlacedOrder, type PlacedOrders } from '../placed-orders.ts';
import { bookingsOfOrder } from '../posti.ts';
import { dealt } from '../random.ts';
import { scenarios } from '../scenarios/all.ts';
import { summarise, type Summary } from './summary.ts';
import { createTable, type Table } from './table.ts';
import { startTopology, type Topology, type TopologyOptions } from '../topology.ts';

const lookEveryMs = 400;
/** For orders of an earlier run: somebody may have taken one elsewhere by hand, and it never ends as its scenario says. */
const patienceWithOldOnesMs = 45_000;

/** What another run than the demo's own may do otherwise. */
export interface DemoVariant {
  /** Starts the system on other engines, or from other programs. */
  readonly start?: (options: TopologyOptions) => Promise<Topology>;
  /** Happens while the orders go their ways; the run ends after it. */
  readonly meanwhile?: (world: Topology, orders: PlacedOrders, say: (words: string) => void) => Promise<void>;
}

/**
 * The demo, from its first word to its last. Aborting `stopAsked` (Ctrl-C) ends everything in the right order; what is
 * under way goes on at the next start.
 * @returns the exit code: 0 all is well, 1 something is not, 130 stopped while `--exit` still waited
 */
export async function runDemo(
  options: DemoOptions,
  stopAsked: AbortSignal,
  { start = startTopology, meanwhile }: DemoVariant = {},
): Promise<number> {
  const began = performance.now();
  const table = createTable(process.stdout);
  const broken = new AbortController();
  let topology: Topology | undefined;
  try {
    topology = await start({
      stateDir: options.stateDir,
      speed: options.speed,
      workers: options.workers,
      say: table.say,
      stopAsked,
      onUnexpectedEnd: (name) => {
        if (stopAsked.aborted) return;
        table.say(`The ${name} ended by itself. What it said is in ${options.stateDir}/logs/${name}.log.`);
        broken.abort();
      },
    });
    sayWhereToLook(topology, table);
    const orders = createPlacedOrders(topology, { undisturbed: true });
    const left = orders.all.length;
    if (left > 0) table.say(`${ordersInWords(left)} of an earlier run ${left === 1 ? 'is' : 'are'} still under way.`);

    await Promise.all([
      carryOn(options, orders, table, AbortSignal.any([stopAsked, broken.signal]), began),
      meanwhile?.(topology, orders, table.say),
    ]);
    if (!options.exit) return broken.signal.aborted ? 1 : 0;
    if (stopAsked.aborted) return 130;
    await tellWhatIsWrong(orders, topology, table);
    const summary = await sumUp(orders, topology, (performance.now() - began) / 1000);
    await topology.stop();
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    const mine = orders.all.filter(({ isOfThisRun }) => isOfThisRun);
    return mine.every(({ isRight }) => isRight) && summary.duplicates === 0 ? 0 : 1;
  } catch (error) {
    if (topology === undefined && stopAsked.aborted) return 130;
    throw error;
  } finally {
    if (stopAsked.aborted) table.say('Stopping …');
    await topology?.stop();
    if (stopAsked.aborted) table.close(closingLine(topology?.memory.data.underWay.length ?? 0, options.stateDir));
  }
}

/** Places orders and watches them, until all is done or somebody stops it. */
async function carryOn(
  options: DemoOptions,
  orders: PlacedOrders,
  table: Table,
  stop: AbortSignal,
  began: number,
): Promise<void> {
  const hand = dealt(scenarios, options.seed);
  const deadline = began + options.limitSeconds * 1000;
  const lookedFrom = performance.now();
  let placed = 0;
  let nextAt = 0;
  while (!stop.aborted) {
    if (options.orders === null && performance.now() >= nextAt) {
      await orders.place(hand.next().value);
      nextAt = performance.now() + options.everySeconds * 1000;
    }
    for (; options.orders !== null && placed < options.orders && !stop.aborted; placed++) {
      await orders.place(hand.next().value);
    }
    await orders.look().catch((error: unknown) => table.say(`Could not look at the orders: ${String(error)}`));
    table.show(orders.all);
    const isPatient = performance.now() < lookedFrom + patienceWithOldOnesMs;
    if (options.exit && !orders.all.some((order) => !order.isRight && (order.isOfThisRun || isPatient))) return;
    if (options.exit && performance.now() > deadline) {
      return table.say(`Not all orders came to their ends within ${options.limitSeconds} seconds.`);
    }
    await delay(lookEveryMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

const ordersInWords = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);

function closingLine(underWay: number, stateDir: string): string {
  const goesOn = underWay === 0 ? '' : ` ${ordersInWords(underWay)} under way will go on at the next start.`;
  return `The demo has ended, and nothing of it runs any more.${goesOn} To begin anew, remove ${stateDir}.`;
}

function sayWhereToLook({ urls, logFolder, envFile }: Topology, table: Table): void {
  const places = [
    ...(urls.temporalUi ? [`  Temporal          ${urls.temporalUi}`] : []),
    `  API               ${urls.api}/api/v1/docs`,
    `  the shop          ${urls.bigcommerce}/`,
    `  Posti             ${urls.posti}/`,
    `  logs              ${logFolder}`,
    `  commands          LAHETTI_ENV_FILE=${envFile} npm run -s lahetti -- orders list`,
  ];
  table.say(['Everything runs. Look at:', ...places, ''].join('\n'));
}

/** Of each order that did not end as its scenario says: what is wrong, and how it came about. */
async function tellWhatIsWrong(orders: PlacedOrders, { api }: Topology, table: Table): Promise<void> {
  for (const order of orders.all.filter(({ isRight }) => !isRight)) {
    await orders.judgeNow(order);
    if (order.isRight) continue;
    const { storeHash, orderId, scenario, complaints } = order;
    table.say(`Order ${storeHash}/${orderId} (${scenario.name}) did not end as it should:`);
    for (const complaint of complaints) table.say(`  ${complaint}`);
    const timeline = await api.timeline(storeHash, orderId).catch(() => []);
    for (const { at, n, words } of timeline) table.say(`    ${at} ${n === null ? '' : `shipment ${n}: `}${words}`);
  }
  orders.forgetOldOnes();
}

async function sumUp(orders: PlacedOrders, world: Topology, seconds: number): Promise<Summary> {
  const mine = orders.all.filter(({ isOfThisRun }) => isOfThisRun);
  const books = await world.posti.bookings();
  const bookings = mine.flatMap((order) => [...bookingsOf(order, books, world).values()].flat());
  const labels = await Promise.all(
    mine.map(({ storeHash, orderId }) => world.api.labels(storeHash, orderId).catch(() => [])),
  );
  const shipments = await Promise.all(mine.map((order) => shipmentDetails(world.parts.pool, order)));
  const attempts = shipments.flat().flatMap((each) => each.attempts);
  return summarise({
    takenBack: new Set(attempts.filter(({ state }) => isTakenBack(state)).map(({ reference }) => reference)),
    phases: mine.map(({ state }) => state?.phase ?? null),
    bookings,
    labels: labels.flat().filter(({ kept, attemptState }) => kept && attemptState === 'live').length,
    seconds,
  });
}

const isTakenBack = (state: string): boolean => state === 'superseded' || state === 'withdrawn';

function bookingsOf(
  { storeHash, orderId }: PlacedOrder,
  books: Parameters<typeof bookingsOfOrder>[0],
  world: Topology,
) {
  const store = world.stores.find((each) => each.storeHash === storeHash);
  return bookingsOfOrder(books, store?.id ?? 0, orderId);
}
