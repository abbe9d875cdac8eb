import type { OrderState } from '../workflows/contract.ts';
import { loadOrderState } from '../src/orders/state.sql.ts';
import { demoStores } from './demo-stores.ts';
import { hasComeToItsEnd, judge, type Evidence } from './checker.ts';
import type { RememberedOrder } from './memory.ts';
import { personFor } from './people.ts';
import { bookingsOfOrder, type PostiBooking } from './posti.ts';
import { createHands } from './hands.ts';
import { createOperator } from './operator.ts';
import type { Scenario } from './scenario.ts';
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
  /** Reads where the orders are, does what is due to happen to them, and judges those that seem to have ended. */
  look(): Promise<void>;
  /** For an order that did not end as it should: judged as it is now. */
  judgeNow(order: PlacedOrder): Promise<void>;
  /** Orders of an earlier run that did not end as they should are told of once, and not waited for again. */
  forgetOldOnes(): void;
}

type World = Pick<Topology, 'memory' | 'parts' | 'shop' | 'posti' | 'api' | 'stores'>;

export interface PlacedOrdersOptions {
  /** Nothing is killed or cut off while the orders go their ways, so that no attempt is lost but by a scenario's fault. */
  readonly undisturbed?: boolean;
}

/** Starts with the orders that an earlier run left under way. */
export function createPlacedOrders(world: World, { undisturbed = false }: PlacedOrdersOptions = {}): PlacedOrders {
  const operator = createOperator({ pool: world.parts.pool, stores: world.stores });
  const { memory, parts, shop, posti, api, stores } = world;
  const all: PlacedOrder[] = memory.data.underWay.flatMap(recalled);
  let placed = 0;

  const remember = (isWorthIt: (order: PlacedOrder) => boolean = () => true) => {
    memory.data.underWay = all
      .filter((order) => !order.isRight && isWorthIt(order))
      .map(({ storeHash, orderId, scenario, happened }) => ({ storeHash, orderId, scenario: scenario.name, happened }));
    memory.keep();
  };

  const place = async (scenario: Scenario) => {
    const person = personFor(++memory.data.people);
    memory.keep();
    const storeHash = storeFor(scenario, placed++);
    if (scenario.postiFault) await posti.spoilBooking(scenario.postiFault, person.lastName);
    const { orderId } = await shop.place(storeHash, scenario.order(person));
    const order = fresh({ storeHash, orderId, scenario, isOfThisRun: true, happened: 0 });
    all.push(order);
    remember();
    return order;
  };

  const lookAt = async (order: PlacedOrder): Promise<void> => {
    order.state = await loadOrderState(parts.pool, order);
    const next = order.scenario.later?.[order.happened];
    if (!next || !order.state || !next.when(order.state)) return;
    try {
      await next.act(handsOn(order));
      order.happened += 1;
      order.complaints = [];
    } catch (error) {
      order.complaints = [`It should be so that the order ${next.what}: ${(error as Error).message}`];
    }
    remember();
  };

  const judgeWith = async (order: PlacedOrder, bookings: readonly PostiBooking[]) => {
    const leniency = { attemptsMayBeLost: !undisturbed || !order.isOfThisRun };
    order.complaints = judge(order.scenario.end, await evidence(order, bookings), leniency);
    order.isRight = order.complaints.length === 0;
  };

  const look = async () => {
    const open = all.filter(({ isRight }) => !isRight);
    await Promise.all(open.map(lookAt));
    const ended = open.filter(
      ({ state, scenario, happened }) =>
        happened === (scenario.later?.length ?? 0) && hasComeToItsEnd(state, scenario.end),
    );
    if (ended.length === 0) return;
    const bookings = await posti.bookings();
    for (const order of ended) await judgeWith(order, bookings);
    remember();
  };

  async function evidence({ storeHash, orderId }: PlacedOrder, bookings: readonly PostiBooking[]): Promise<Evidence> {
    const [view, shopOrder] = await Promise.all([api.order(storeHash, orderId), shop.orderBooks(storeHash, orderId)]);
    return { view, shopOrder, bookings: bookingsOfOrder(bookings, numberOf(storeHash), orderId) };
  }

  const numberOf = (storeHash: string) => stores.find((store) => store.storeHash === storeHash)?.id ?? 0;
  const handsOn = (order: PlacedOrder) =>
    createHands(order, { shop, posti, operator, storeNumber: numberOf(order.storeHash) });

  return {
    all,
    place,
    look,
    async judgeNow(order) {
      const stuck = order.happened < (order.scenario.later?.length ?? 0) ? order.complaints : [];
      await judgeWith(order, await posti.bookings());
      order.complaints = [...stuck, ...order.complaints];
    },
    forgetOldOnes: () => remember(({ isOfThisRun }) => isOfThisRun),
  };
}

/** Live shops take turns. */
function storeFor(scenario: Scenario, turn: number): string {
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
