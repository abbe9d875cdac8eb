import { keepScans } from '../../src/tracking/tracking.sql.ts';
import { needsPerson, type OrderState, type ShipmentState } from '../../src/domain/order-state.ts';
import type { OrderRef } from '../../src/domain/order-ref.ts';
import type { CommandKind } from '../../src/domain/commands.ts';
import type { DeliveryStatus } from '../../src/domain/delivery-status.ts';
import { randomUUID } from 'node:crypto';
import { bookingReference } from '../../src/booking/reference.ts';
import type { Problem } from '../../src/domain/problem.ts';
import { inTransaction, type Pool } from '../../src/db/pool.ts';
import { insertCommand } from '../../src/inbox/commands.sql.ts';
import { insertHint } from '../../src/inbox/inbox.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import type { Store } from '../../src/stores/store.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { runStep, withPatience } from './patience.ts';
import type { Worker } from './shop.ts';
import type { BigCommerceBooks, PostiBooking, PostiBooks, StandIn } from './world.ts';

interface OrderDeps {
  readonly pool: Pool;
  readonly store: Store;
  readonly posti: StandIn<PostiBooks>;
  readonly bigcommerce: StandIn<BigCommerceBooks>;
  readonly worker: Worker;
}

export interface Attempt {
  readonly attempt: number;
  readonly state: string;
  readonly code: string | null;
  readonly watch: string | null;
  readonly numbers: readonly string[];
  readonly reference: string;
}

/** An order as the shop's books have it. */
export interface OrderInShop {
  readonly status_id: number;
  readonly items_shipped: number;
  readonly lines: readonly { readonly id: number }[];
  readonly shipments: readonly {
    readonly id: number;
    readonly tracking_number: string;
    readonly tracking_link: string;
    readonly shipping_method: string;
    readonly comments: string;
    readonly items: readonly { readonly order_product_id: number; readonly quantity: number }[];
  }[];
}

/** One order of a shop, and the steps that a worker takes for it. */
export class OrderInHand {
  readonly ref: OrderRef;
  readonly #deps: OrderDeps;

  constructor(deps: OrderDeps, ref: OrderRef) {
    this.#deps = deps;
    this.ref = ref;
  }

  /** Another order of the same shop, which nobody has read yet. */
  sibling = (orderId: number): OrderInHand => new OrderInHand(this.#deps, { ...this.ref, orderId });

  shipment = (n = 1) => ({ ...this.ref, n });
  /** What Posti is told of an attempt: a fault that matches it means no other's. */
  reference(attempt: number, n = 1): string {
    return bookingReference({ storeNumber: this.#deps.store.id, orderId: this.ref.orderId, n, attempt });
  }

  look = (): Promise<OrderState> => withPatience(() => this.#deps.worker.lookAtOrder(this.ref));
  /** One try each. */
  lookOnce = (): Promise<OrderState> => runStep(() => this.#deps.worker.lookAtOrder(this.ref));
  bookOnce = (worker = this.#deps.worker): Promise<OrderState> => runStep(() => worker.bookShipment(this.shipment()));
  tellOnce = (worker = this.#deps.worker): Promise<OrderState> => runStep(() => worker.tellShop(this.shipment()));
  /** As the engine's try of this number. */
  tellAfter = (tries: number): Promise<OrderState> =>
    runStep(() => this.#deps.worker.tellShop(this.shipment()), { attempt: tries + 1 });
  /** With the engine's patience. */
  book = (): Promise<OrderState> => withPatience(() => this.#deps.worker.bookShipment(this.shipment()));
  tell = (): Promise<OrderState> => withPatience(() => this.#deps.worker.tellShop(this.shipment()));
  withdraw = (): Promise<OrderState> => withPatience(() => this.#deps.worker.withdrawShipment(this.shipment()));

  state = async (): Promise<OrderState> => (await loadOrderState(this.#deps.pool, this.ref))!;
  only = async (): Promise<ShipmentState> => {
    const [shipment, another] = (await this.state()).shipments;
    if (!shipment || another) throw new Error('The order was expected to have one shipment.');
    return shipment;
  };

  /** Whether a workflow would do anything for it by itself. */
  hasNextStep = async (): Promise<boolean> => nextStep(await this.only()) !== null;

  /** Books until the shipment is booked with its label, needs a person, or must not be booked. */
  async bookToTheEnd(within = 15_000): Promise<ShipmentState> {
    const { worker } = this.#deps;
    for (;;) {
      const shipment = await this.only();
      if (needsPerson(shipment)) return shipment;
      if (shipment.phase === 'planned' && shipment.lookAgain && !shipment.attemptOut) {
        await this.look();
        continue;
      }
      const step = nextStep(shipment);
      if (step === 'book') await withPatience(() => worker.bookShipment(this.shipment()), within);
      else if (step === 'keep_label') await withPatience(() => worker.keepLabel(this.shipment()), within);
      else return shipment;
    }
  }

  /** Kept as the API keeps it, then carried out; a look follows, as in the workflow. */
  async command(kind: CommandKind, body: object = {}, n: number | null = 1) {
    const { pool, store, worker } = this.#deps;
    const id = randomUUID();
    const { orderId } = this.ref;
    await insertCommand(pool, { id, storeId: store.id, orderId, n, kind, body, who: 'aino', source: 'api' });
    const { outcome } = await runStep(() => worker.applyCommand(this.ref, { commandId: id, kind, n }));
    await this.look();
    return outcome;
  }

  /** A webhook about the order has come in. */
  async hinted(): Promise<void> {
    const { pool, store } = this.#deps;
    const hint = { storeId: store.id, orderId: this.ref.orderId, source: 'webhook', scope: null } as const;
    await insertHint(pool, { ...hint, deliveryKey: randomUUID() });
  }

  /** The relay has handed its hints to the engine; no look has followed yet. */
  async hintsDispatched(): Promise<void> {
    await this.#deps.pool.query(
      `update lahetti.inbox set dispatched_at = now() where store_id = $1 and order_id = $2 and dispatched_at is null`,
      this.#ids(),
    );
  }

  /** As in a database that is older than the telling: what we knew of it is lost, what the shop has is not. */
  async forgetTelling(): Promise<void> {
    await this.#deps.pool.query(
      `with told as (update lahetti.shipments set told = 'not_yet'
         where id in (select s2.id from lahetti.shipments s2 ${ofThisOrder('s2.id')}) returning id)
       delete from lahetti.write_backs where shipment_id in (select id from told)`,
      this.#ids(),
    );
  }

  /** How many hints say that it has to be looked at. */
  async waitingHints(): Promise<number> {
    const { rows } = await this.#deps.pool.query<{ count: number }>(
      `select count(*) from lahetti.inbox where store_id = $1 and order_id = $2 and dispatched_at is null`,
      this.#ids(),
    );
    return rows[0]!.count;
  }

  /** As if the last look was a minute ago. */
  async readLongAgo(): Promise<void> {
    await this.#deps.pool.query(
      `update lahetti.orders set read_at = now() - interval '1 minute' where store_id = $1 and order_id = $2`,
      this.#ids(),
    );
  }

  async attempts(): Promise<Attempt[]> {
    const { rows } = await this.#deps.pool.query<Attempt>(
      `select a.attempt, a.state, a.code, a.watch, a.watched_numbers as numbers, a.reference
         from lahetti.booking_attempts a ${ofThisOrder('a.shipment_id')} order by a.attempt`,
      this.#ids(),
    );
    return rows;
  }

  /** The attempts whose label we keep. */
  async keptLabels(): Promise<number[]> {
    const { rows } = await this.#deps.pool.query<{ attempt: number }>(
      `select a.attempt from lahetti.labels l join lahetti.booking_attempts a on a.id = l.attempt_id
       ${ofThisOrder('a.shipment_id')} and l.pdf is not null order by 1`,
      this.#ids(),
    );
    return rows.map(({ attempt }) => attempt);
  }

  /** The words that staff read about what needs attention. */
  async problems(): Promise<readonly Problem[]> {
    const { rows } = await this.#deps.pool.query<{ problems: Problem[] | null }>(
      `select s.people_problem->'problems' as problems from lahetti.shipments s ${ofThisOrder('s.id')}`,
      this.#ids(),
    );
    return rows[0]?.problems ?? [];
  }

  async scanned(deliveryStatus: 'in_transit'): Promise<void> {
    await this.#deps.pool.query(
      `update lahetti.shipments set delivery_status = $3
        where id in (select s2.id from lahetti.shipments s2 ${ofThisOrder('s2.id')})`,
      [...this.#ids(), deliveryStatus],
    );
  }

  /** What a look at tracking finds: one scan of every parcel, or of these. */
  async seen(status: DeliveryStatus, numbers?: readonly string[]): Promise<void> {
    const now = new Date();
    const trackingNumbers = numbers ?? (await this.only()).trackingNumbers;
    const scan = { code: 'X', status, at: now, place: null, texts: {} };
    const tracked = trackingNumbers.map((trackingNumber) => ({
      ...{ trackingNumber, scans: [scan], measuredWeightGrams: null },
      ...{ service: null, contractNumber: null, destinationPostcode: null },
    }));
    const never = { beforeFirstScan: Infinity, betweenScans: Infinity };
    await inTransaction(this.#deps.pool, (tx) => keepScans(tx, this.shipment(), tracked, never, now));
  }

  /** One look at tracking that is due, by a workflow that knows this of the shipment. */
  followOnce(knows: Pick<ShipmentState, 'deliveryStatus' | 'attention'>, silentAfterMs: number): Promise<OrderState> {
    const poll = { beforeFirstScan: 20, inTransit: 20, nearTheEnd: 20 };
    const silence = { beforeFirstScan: silentAfterMs, betweenScans: silentAfterMs };
    const { deliveryStatus, attention } = knows;
    const { worker } = this.#deps;
    return runStep(
      () => worker.followParcels(this.shipment(), deliveryStatus, { poll, silence }, attention?.code ?? null),
      { attempt: 2 },
    );
  }

  /** Posti is asked before the label is taken back. */
  seeOnce(silentAfterMs: number): Promise<OrderState> {
    const house = {
      poll: { beforeFirstScan: 20, inTransit: 20, nearTheEnd: 20 },
      silence: { beforeFirstScan: silentAfterMs, betweenScans: silentAfterMs },
    };
    return runStep(() => this.#deps.worker.seeParcels(this.shipment(), house));
  }

  /** What Posti really booked of this order. */
  async bookings(): Promise<PostiBooking[]> {
    const { bookings } = await this.#deps.posti.books();
    const start = `${this.#deps.store.id.toString(36)}-${this.ref.orderId}-`;
    return bookings.filter(({ reference }) => reference.startsWith(start));
  }

  inShop = (): Promise<OrderInShop> => this.#deps.bigcommerce.control('GET', this.#path);
  /** The merchant's hand in the shop's own control panel. */
  merchant = (method: string, path = '', body?: object): Promise<OrderInShop> =>
    this.#deps.bigcommerce.control(method, `${this.#path}${path}`, body);

  get #path(): string {
    return `/stores/${this.ref.storeHash}/orders/${this.ref.orderId}`;
  }
  #ids(): (string | number)[] {
    return [this.#deps.store.id, this.ref.orderId];
  }
}

const ofThisOrder = (shipmentId: string): string =>
  `join lahetti.shipments sh on sh.id = ${shipmentId} join lahetti.orders o on o.id = sh.order_pk and o.store_id = $1 and o.order_id = $2 where true`;
