import type { OrderState } from '../src/domain/order-state.ts';
import { loadOrderState } from '../src/orders/state.sql.ts';
import type { DemoStore } from './demo-stores.ts';
import { mendAccount } from './mend-account.ts';
import { hasComeToItsEnd, judge, type Evidence } from './checker.ts';
import type { RememberedOrder } from './memory.ts';
import { personFor } from './people.ts';
import { inParallel } from './in-parallel.ts';
import { orderStamps } from './order-stamps.sql.ts';
import { bookingsByOrder, bookingsOfOrder, type PostiBooking } from './posti.ts';
import { createHands } from './hands.ts';
import { createOperator } from './operator.ts';
import { beforeItIsRead, type Later, type Scenario, type ScenarioEnd } from './scenario.ts';
import { findScenario } from './scenarios/all.ts';
import type { Topology } from './topology.ts';

/** An order of the demo, from its placing to its end. */
export interface PlacedOrder {
  readonly storeHash: string;
  readonly orderId: number;
  readonly scenario: Scenario;
  /** Placed by this run, and not by one before it. */
  readonly isOfThisRun: boolean;
  /** How much of the scenario's `later` has happened. */
  happened: number;
  state: OrderState | undefined;
  /** It ended, and as its scenario says. */
  isRight: boolean;
  /** Why not, so far. */
  complaints: readonly string[];
}

export interface PlacedOrders {
  readonly all: readonly PlacedOrder[];
  place(scenario: Scenario): Promise<PlacedOrder>;
  /**
   * Reads where the orders are, begins what is due to happen to them, and judges those that seem to have ended. What was
   * begun may take until a later look: one order's command waits for no other's.
   *
   * @param judgeAtMost so many are judged; the others by a later look. To judge an order its workflow is asked, too, and
   * where many end while the system is to show what it can carry, that must not be what it is busy with.
   */
  look(judgeAtMost?: number): Promise<void>;
  /** For an order that did not end as it should: judged as it is now. */
  judgeNow(order: PlacedOrder): Promise<void>;
  /** The same for all, also those that were right when they ended: what came later must not have spoiled them. */
  judgeAll(): Promise<void>;
  /** Orders of an earlier run that did not end as they should are told of once, and not waited for again. */
  forgetOldOnes(): void;
}

type World = Pick<Topology, 'memory' | 'parts' | 'shop' | 'posti' | 'api' | 'stores' | 'demoStores' | 'urls'>;

export interface PlacedOrdersOptions {
  /** Nothing is killed or cut off while the orders go their ways, so that no attempt is lost but by a scenario's fault. */
  readonly undisturbed?: boolean;
  /** Nobody goes on with these orders at another start, so that nothing of them is written down. */
  readonly forgotten?: boolean;
}

/** So long what was read of an order is believed, where something is to happen to it that may depend on more than its stamp. */
const freshMs = 2_000;
/** Judging asks the engine, too, which has better to do than to be asked again at once. */
const firstPatienceMs = 300;
const longestPatienceMs = 3_000;
/** How many orders are judged at once, over HTTP. */
const judgedAtOnce = 4;

/** Starts with the orders that an earlier run left under way. */
export function createPlacedOrders(
  world: World,
  { undisturbed = false, forgotten = false }: PlacedOrdersOptions = {},
): PlacedOrders {
  const operator = createOperator({ pool: world.parts.pool, stores: world.stores });
  const { memory, parts, shop, posti, api, stores } = world;
  const all: PlacedOrder[] = forgotten ? [] : memory.data.underWay.flatMap(recalled);
  const stamps = new Map<PlacedOrder, { readonly stamp: string; readonly at: number }>();
  /** Those that were judged and were not right yet: when it is worth the while to judge them again, and how long after that. */
  const patience = new Map<PlacedOrder, { readonly until: number; readonly ms: number }>();
  const faults = new Map<PlacedOrder, string>();
  /** How much had happened to them when something more was begun. */
  const begun = new Map<PlacedOrder, number>();
  /** Something happens to them at this moment. */
  const acting = new Set<PlacedOrder>();
  let placed = 0;

  const remember = (isWorthIt: (order: PlacedOrder) => boolean = () => true) => {
    if (forgotten) return;
    memory.data.underWay = all
      .filter((order) => !order.isRight && isWorthIt(order))
      .map(({ storeHash, orderId, scenario, happened }) => ({ storeHash, orderId, scenario: scenario.name, happened }));
    memory.keep();
  };

  const place = async (scenario: Scenario) => {
    const person = personFor(++memory.data.people);
    memory.keep();
    const storeHash = storeFor(world.demoStores, scenario, placed++);
    const fault = scenario.postiFault && (await posti.spoilBooking(scenario.postiFault, person.lastName));
    const { orderId } = await shop.place(storeHash, scenario.order(person));
    const order = fresh({ storeHash, orderId, scenario, isOfThisRun: true, happened: 0 });
    if (fault !== undefined) faults.set(order, fault);
    all.push(order);
    remember();
    return order;
  };

  const load = async (order: PlacedOrder, stamp: string | undefined) => {
    if (stamp === undefined) return;
    const loaded = stamps.get(order);
    // What something waits for may be what no stamp tells of.
    const isFresh = loaded && (!hasMoreToCome(order) || loaded.at > performance.now() - freshMs);
    if (loaded?.stamp === stamp && isFresh) return;
    order.state = await loadOrderState(parts.pool, order);
    stamps.set(order, { stamp, at: performance.now() });
  };

  const act = async (order: PlacedOrder): Promise<void> => {
    const next = nextOf(order);
    // What was begun and not heard of may have been done by now, and its moment be over: it is seen to its end.
    if (!next || (begun.get(order) !== order.happened && !hasCome(next, order.state))) return;
    begun.set(order, order.happened);
    acting.add(order);
    try {
      await next.act(handsOn(order));
      order.happened += 1;
      order.complaints = [];
    } catch (error) {
      order.complaints = [`${hasToBe} ${next.what}: ${(error as Error).message}`];
    } finally {
      acting.delete(order);
    }
    remember();
  };

  const judgeWith = async (order: PlacedOrder, bookings: readonly PostiBooking[]) => {
    const leniency = { attemptsMayBeLost: !undisturbed || !order.isOfThisRun };
    const given = await evidence(order, bookings);
    // Of what is wrong by each end that is allowed, the least: it is about the end that was meant.
    const byEnd = endsOf(order.scenario).map((end) => judge(end, given, leniency));
    const wrong = byEnd.toSorted((a, b) => a.length - b.length)[0] ?? [];
    order.complaints = [...stuck(order), ...wrong];
    order.isRight = order.complaints.length === 0;
  };

  const judgeSome = async (some: readonly PlacedOrder[], bookings: readonly PostiBooking[]) => {
    const bookingsOf = bookingsByOrder(bookings);
    await inParallel(some, judgedAtOnce, (order) => judgeWith(order, bookingsOf(numbered(order))));
  };

  const look = async (judgeAtMost = Infinity) => {
    const open = all.filter((order) => !order.isRight && !acting.has(order));
    const now = await orderStamps(parts.pool, open);
    await Promise.all(open.map((order) => load(order, now.get(`${order.storeHash}/${order.orderId}`))));
    for (const order of open) void act(order);
    const ended = open
      .filter((order) => !acting.has(order) && !hasMoreToCome(order) && isAtAnEnd(order) && isWorthJudging(order))
      // Those that were never judged come first: what is wrong for long must not keep the others waiting.
      .toSorted((a, b) => dueSince(a) - dueSince(b))
      .slice(0, judgeAtMost);
    if (ended.length === 0) return;
    await judgeSome(ended, await posti.bookingsOf(ended.map(numbered)));
    for (const order of ended) waitLonger(order);
    remember();
  };

  const dueSince = (order: PlacedOrder) => patience.get(order)?.until ?? 0;
  const isWorthJudging = (order: PlacedOrder) => dueSince(order) <= performance.now();
  const waitLonger = (order: PlacedOrder) => {
    const ms = Math.min(longestPatienceMs, 2 * (patience.get(order)?.ms ?? firstPatienceMs / 2));
    if (order.isRight) patience.delete(order);
    else patience.set(order, { until: performance.now() + ms, ms });
  };

  async function evidence({ storeHash, orderId }: PlacedOrder, bookings: readonly PostiBooking[]): Promise<Evidence> {
    const [view, shopOrder] = await Promise.all([api.order(storeHash, orderId), shop.orderBooks(storeHash, orderId)]);
    return { view, shopOrder, bookings: bookingsOfOrder(bookings, numberOf(storeHash), orderId) };
  }

  const numberOf = (storeHash: string) => stores.find((store) => store.storeHash === storeHash)?.id ?? 0;
  const numbered = ({ storeHash, orderId }: PlacedOrder) => ({ storeNumber: numberOf(storeHash), orderId });
  const handsOn = (order: PlacedOrder) =>
    createHands(order, {
      ...{ shop, posti, operator, api, fault: faults.get(order) },
      mendAccount: () => mendAccount(world, order.storeHash),
      storeNumber: numberOf(order.storeHash),
    });

  return {
    all,
    place,
    look,
    judgeNow: async (order) => judgeSome([order], await posti.bookingsOf([numbered(order)])),
    async judgeAll() {
      await judgeSome(all, await posti.bookings());
      // Many take a while, in which some may have gone on, or nobody could answer for a moment: those are judged by newer books.
      const doubtful = all.filter(({ isRight }) => !isRight);
      await judgeSome(doubtful, await posti.bookingsOf(doubtful.map(numbered)));
    },
    forgetOldOnes: () => remember(({ isOfThisRun }) => isOfThisRun),
  };
}

/** Why what has to happen to it has not happened yet. */
function stuck(order: PlacedOrder): readonly string[] {
  const next = nextOf(order);
  if (!next) return [];
  const tried = order.complaints.filter((complaint) => complaint.startsWith(hasToBe));
  return tried.length > 0 ? tried : [`${hasToBe} ${next.what}, and it never came to that.`];
}

const hasToBe = 'It should be so that the order';
const endsOf = ({ end, otherEnds = [] }: Scenario): readonly ScenarioEnd[] => [end, ...otherEnds];
const isAtAnEnd = ({ state, scenario }: PlacedOrder): boolean =>
  endsOf(scenario).some((end) => hasComeToItsEnd(state, end));
const nextOf = ({ scenario, happened }: PlacedOrder) => scenario.later?.[happened];
const hasCome = ({ when }: Later, state: OrderState | undefined): boolean =>
  when === beforeItIsRead ? state === undefined : state !== undefined && when(state);
const hasMoreToCome = (order: PlacedOrder): boolean => nextOf(order) !== undefined;

/** Live shops take turns. */
function storeFor(demoStores: readonly DemoStore[], scenario: Scenario, turn: number): string {
  const fitting = demoStores.filter(({ kind }) => kind === scenario.shop);
  return fitting[turn % fitting.length]!.hash;
}

function recalled({ storeHash, orderId, scenario: name, happened }: RememberedOrder): PlacedOrder[] {
  const scenario = findScenario(name);
  return scenario ? [fresh({ storeHash, orderId, scenario, isOfThisRun: false, happened })] : [];
}

const fresh = (
  given: Pick<PlacedOrder, 'storeHash' | 'orderId' | 'scenario' | 'isOfThisRun' | 'happened'>,
): PlacedOrder => ({ ...given, state: undefined, isRight: false, complaints: [] });
