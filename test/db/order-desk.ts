import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createBookingActivities } from '../../activities/booking.ts';
import { createCommandActivities } from '../../activities/commands.ts';
import { createOrderActivities } from '../../activities/orders.ts';
import { createWithdrawActivities } from '../../activities/withdraw.ts';
import { createWriteBackActivities } from '../../activities/write-back.ts';
import type { StepDeps } from '../../activities/deps.ts';
import type { BigCommerceApi, ShipmentDraft, WireOrder, WireShipment } from '../../src/bigcommerce/api.ts';
import type { Booking, BookingAnswer, Carrier, PickupPoint } from '../../src/carriers/port.ts';
import type { Pool } from '../../src/db/pool.ts';
import { insertCommand } from '../../src/inbox/commands.sql.ts';
import type { Settings } from '../../src/settings/settings.ts';
import type { Store } from '../../src/stores/store.ts';
import type { OrderState, ShipmentState } from '../../src/domain/order-state.ts';
import type { OrderRef } from '../../src/domain/order-ref.ts';
import type { CommandKind } from '../../src/domain/commands.ts';
import { liveSettings } from '../support/order-builder.ts';
import { aSmallLabel } from '../support/label-file.ts';
import { aStore } from './inbox-rows.ts';
import { aWireOrder } from './wire-order.ts';

const aPdf = Buffer.from(aSmallLabel);

/** One order of a store with its steps as activities: the database is real, the shop and the carrier are in memory. */
export async function anOrderDesk(
  pool: Pool,
  changes: { settings?: Record<string, unknown>; speed?: number; orderId?: number } = {},
) {
  const store: Mutable<Store> = await aStore(pool);
  const ref: OrderRef = {
    storeHash: store.storeHash,
    orderId: changes.orderId ?? Math.floor(Math.random() * 1_000_000) + 1,
  };
  const shop = new ShopInMemory(aWireOrder({ id: ref.orderId, date_created: new Date() }));
  const carrier = new CarrierInMemory();
  let settings: Settings = liveSettings(changes.settings);

  const deps = {
    pool,
    stores: {
      // Its units were read a moment ago: nobody asks the shop for them.
      get: () => Promise.resolve({ ...store, unitsReadAt: new Date() }),
      connection: () => Promise.resolve({ storeHash: store.storeHash, accessToken: 'none' }),
      settings: () => Promise.resolve({ settings, version: 1 }),
    },
    bigcommerce: shop as Partial<BigCommerceApi> as BigCommerceApi,
    carriers: { of: () => Promise.resolve({ carrier: carrier as Partial<Carrier> as Carrier, account: 'test' }) },
    health: {
      guard: <T>(_who: unknown, work: () => Promise<T>) => work(),
      admit: () => Promise.resolve(),
      works: () => Promise.resolve(),
      report: () => Promise.resolve(),
    },
    limits: { takeOverMs: 60_000 },
    speed: changes.speed ?? 1,
    log: { warn: () => {}, info: () => {} },
    now: () => new Date(),
  } as unknown as StepDeps;
  const steps = {
    ...createOrderActivities(deps),
    ...createBookingActivities(deps),
    ...createWriteBackActivities(deps),
    ...createCommandActivities(deps),
    ...createWithdrawActivities(deps),
  };

  return {
    ref,
    store,
    shop,
    carrier,
    steps,
    shipment: (n: number) => ({ ...ref, n }),
    async measureIn(dimensionUnits: string): Promise<void> {
      store.dimensionUnits = dimensionUnits;
      await pool.query('update lahetti.stores set dimension_units = $2 where id = $1', [store.id, dimensionUnits]);
    },
    chooseSettings: (given: Record<string, unknown>) => void (settings = liveSettings(given)),
    look: (): Promise<OrderState> => new MockActivityEnvironment().run(() => steps.lookAtOrder(ref)),
    book: (n = 1) => steps.bookShipment({ ...ref, n }),
    tell: (n = 1) => steps.tellShop({ ...ref, n }),
    withdraw: (n = 1) => steps.withdrawShipment({ ...ref, n }),
    /** Kept as the API keeps it, then carried out. */
    async command(kind: CommandKind, { n = null, body = {} }: { n?: number | null; body?: unknown } = {}) {
      const id = randomUUID();
      await insertCommand(pool, {
        id,
        storeId: store.id,
        orderId: ref.orderId,
        n,
        kind,
        body,
        who: 'aino',
        source: 'api',
      });
      const again = () => steps.applyCommand(ref, { commandId: id, kind, n });
      return { ...(await again()), again };
    },
    async handOut(n = 1): Promise<void> {
      await pool.query(
        `update lahetti.labels set handed_out_at = now() where shipment_id in
           (select s.id from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk where o.order_id = $1 and o.store_id = $2 and s.n = $3)`,
        [ref.orderId, store.id, n],
      );
    },
    async scan(n = 1): Promise<void> {
      await pool.query(
        `update lahetti.shipments s set delivery_status = 'in_transit'
           from lahetti.orders o where o.id = s.order_pk and o.order_id = $1 and o.store_id = $2 and s.n = $3`,
        [ref.orderId, store.id, n],
      );
    },
    async attempts(n = 1): Promise<{ attempt: number; state: string; watch: string | null; numbers: string[] }[]> {
      const { rows } = await pool.query<{ attempt: number; state: string; watch: string | null; numbers: string[] }>(
        `select a.attempt, a.state, a.watch, a.watched_numbers as numbers from lahetti.booking_attempts a
           join lahetti.shipments s on s.id = a.shipment_id join lahetti.orders o on o.id = s.order_pk
          where o.order_id = $1 and o.store_id = $2 and s.n = $3 order by a.attempt`,
        [ref.orderId, store.id, n],
      );
      return rows;
    },
    async timeline(): Promise<{ what: string; who: string; words: string }[]> {
      const { rows } = await pool.query<{ what: string; who: string; words: string }>(
        `select t.what, t.who, t.words from lahetti.timeline t join lahetti.orders o on o.id = t.order_pk
          where o.order_id = $1 and o.store_id = $2 order by t.id`,
        [ref.orderId, store.id],
      );
      return rows;
    },
  };
}

/** A test may pause it. */
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type OrderDesk = Awaited<ReturnType<typeof anOrderDesk>>;

export const only = (state: OrderState | null): ShipmentState => {
  const [s, another] = state?.shipments ?? [];
  if (!s || another) throw new Error('The order was expected to have one shipment.');
  return s;
};

/** A BigCommerce order with its shipments; recording one ships its units, deleting one leaves the status (bigcommerce.md 3.5). */
export class ShopInMemory {
  wire: WireOrder;
  shipments: WireShipment[] = [];
  statusesSet: number[] = [];
  /** What the next creation does beside what it should. */
  nextCreate: ((save: () => WireShipment) => Promise<WireShipment>) | null = null;
  #lastId = 0;

  constructor(wire: WireOrder) {
    this.wire = wire;
  }

  setStatus(statusId: number): void {
    this.wire = { ...this.wire, order: { ...this.wire.order, status_id: statusId } };
  }

  getOrder = (): Promise<WireOrder | null> => Promise.resolve(this.wire);
  listShipments = (): Promise<WireShipment[]> => Promise.resolve([...this.shipments]);

  createShipment = (_store: unknown, _order: number, draft: ShipmentDraft): Promise<WireShipment> => {
    const save = () => {
      const made = { ...noShipment, ...draft, id: (this.#lastId += 1), order_id: this.wire.order.id };
      this.shipments.push(made);
      this.#rollUp();
      return made;
    };
    const next = this.nextCreate;
    this.nextCreate = null;
    return next ? next(save) : Promise.resolve(save());
  };

  updateShipment = (
    _store: unknown,
    _order: number,
    id: number,
    change: Partial<ShipmentDraft>,
  ): Promise<WireShipment> => {
    this.shipments = this.shipments.map((s) => (s.id === id ? { ...s, ...change } : s));
    return Promise.resolve(this.shipments.find((s) => s.id === id)!);
  };

  deleteShipment = (_store: unknown, _order: number, id: number): Promise<void> => {
    this.shipments = this.shipments.filter((s) => s.id !== id);
    this.#count();
    return Promise.resolve();
  };

  setOrderStatus = (_store: unknown, _order: number, statusId: number): Promise<unknown> => {
    this.statusesSet.push(statusId);
    this.setStatus(statusId);
    return Promise.resolve(this.wire.order);
  };

  #count(): void {
    const units = this.shipments.flatMap((s) => s.items);
    const lines = this.wire.lines.map((line) => ({
      ...line,
      quantity_shipped: units.reduce((sum, u) => sum + (u.order_product_id === line.id ? u.quantity : 0), 0),
    }));
    this.wire = { ...this.wire, lines };
  }

  #rollUp(): void {
    this.#count();
    this.setStatus(this.wire.lines.every((line) => line.quantity_shipped >= line.quantity) ? 2 : 3);
  }
}

const noShipment: WireShipment = {
  id: 0,
  order_id: 0,
  order_address_id: null,
  date_created: null,
  tracking_number: null,
  tracking_link: null,
  tracking_carrier: null,
  shipping_method: null,
  shipping_provider: null,
  comments: null,
  items: [],
};

/** Answers each booking with a number of its own, or with what was asked for. */
export class CarrierInMemory {
  readonly abilities = { lookup: false, labelRefetch: false, void: false, chargedAtBooking: false };
  readonly booked: Booking[] = [];
  answers: ((booking: Booking) => Promise<BookingAnswer> | BookingAnswer)[] = [];

  nearestPickupPoints = (): Promise<[]> => Promise.resolve([]);
  /** It has every one that it is asked for. */
  pickupPoint = (_country: string, id: string): Promise<PickupPoint | undefined> =>
    Promise.resolve({ id } as PickupPoint);

  book = async (booking: Booking): Promise<BookingAnswer> => {
    this.booked.push(booking);
    const answer = this.answers.shift();
    return answer ? answer(booking) : created(booking);
  };
}

export const created = (booking: Booking): BookingAnswer => ({
  outcome: 'created',
  carrierShipmentId: null,
  trackingNumbers: booking.parcels.map((_, i) => `JJFI${booking.reference.replaceAll('-', 'X').toUpperCase()}${i}`),
  labels: [{ kind: 'ADDRESSLABEL', media: 'application/pdf', pdf: aPdf, link: null }],
});

export const aLabelFile = aPdf.toString('base64');
