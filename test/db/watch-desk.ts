import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { createBookingActivities } from '../../activities/booking.ts';
import type { StepDeps } from '../../activities/deps.ts';
import { createOrderActivities } from '../../activities/orders.ts';
import { createPickupPointActivities } from '../../activities/pickup-points.ts';
import { createWatchActivities } from '../../activities/watch.ts';
import type { BigCommerceApi, WireAddress } from '../../src/bigcommerce/api.ts';
import { supersedeBooking, withdrawBooking } from '../../src/booking/replaced-attempts.sql.ts';
import { applyCommand } from '../../src/commands/apply.ts';
import { keepOrderBack } from '../../src/commands/shipments.sql.ts';
import { inTransaction, type Pool } from '../../src/db/pool.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import type { HttpSender } from '../../src/http-client/sender.ts';
import { insertCommand } from '../../src/inbox/commands.sql.ts';
import { lockShipment } from '../../src/shipments/shipments.sql.ts';
import { loadOrderState, settleOrder } from '../../src/orders/state.sql.ts';
import { createPostiCarrier } from '../../src/carriers/posti/carrier.ts';
import type { OrderState } from '../../src/domain/order-state.ts';
import type { ShipmentRef } from '../../src/domain/order-ref.ts';
import { control } from '../clients/control.ts';
import { liveSettings } from '../support/order-builder.ts';
import { aCommand, aStore } from './inbox-rows.ts';
import { aWireOrder } from './wire-order.ts';

export interface WatchDeskNeeds {
  readonly pool: Pool;
  /** Address of Posti's stand-in. */
  readonly posti: string;
  readonly sender: HttpSender;
  /** The stand-in's account. */
  readonly clientId?: string;
  readonly service?: string;
  readonly addons?: readonly string[];
  readonly address?: Partial<WireAddress>;
}

let lastOrder = 500;

/** One order of one store, planned from a shop in memory and booked at Posti's stand-in; the database is real. */
export async function aWatchDesk({ pool, posti, sender, ...needs }: WatchDeskNeeds) {
  const store = await aStore(pool);
  const ref: ShipmentRef = { storeHash: store.storeHash, orderId: ++lastOrder, n: 1 };
  const clientId = needs.clientId ?? 'sandbox';
  const settings = liveSettings({
    defaultService: { service: needs.service ?? 'PO2103', addons: needs.addons ?? [] },
  });
  const warehouses = settings.warehouses.map((it) => ({ ...it, contractNumber: '654321' }));
  const usual = aWireOrder({ id: ref.orderId, date_created: new Date() });
  const wire = { ...usual, addresses: usual.addresses.map((address) => ({ ...address, ...needs.address })) };
  const log = pino({ level: 'silent' });
  const carrier = createPostiCarrier({
    account: { id: clientId, clientId, clientSecret: 'sandbox-secret' },
    urls: { auth: `${posti}/auth/api/v1/token`, tracking: `${posti}/tracking/7` },
    labelHosts: [new URL(posti).host],
    userAgent: 'lahetti-test',
    sender,
    log: () => {},
    clock: { now: () => new Date() },
  });
  const deps = {
    pool,
    stores: {
      // Its units were read a moment ago: nobody asks the shop for them.
      get: () => Promise.resolve({ ...store, unitsReadAt: new Date() }),
      connection: () => Promise.resolve({ storeHash: store.storeHash, accessToken: 'none' }),
      settings: () => Promise.resolve({ settings: { ...settings, warehouses }, version: 1 }),
    },
    bigcommerce: { getOrder: () => Promise.resolve(wire) } as Partial<BigCommerceApi>,
    // The account is this desk's own, so that one desk's trouble is no other's.
    carriers: { of: () => Promise.resolve({ carrier, account: store.storeHash }) },
    health: createSystemHealth({ pool, log, speed: 100_000 }),
    limits: { httpMs: 5_000, tryMs: 7_500, takeOverMs: 10_000 },
    speed: 1,
    log,
    now: () => new Date(),
  } as unknown as StepDeps;
  const steps = { ...createOrderActivities(deps), ...createBookingActivities(deps) };
  const run = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment().run(work);

  return {
    ref,
    store,
    look: (): Promise<OrderState> => run(() => steps.lookAtOrder(ref)),
    book: (): Promise<OrderState> => run(() => steps.bookShipment(ref)),
    watch: () => run(() => createWatchActivities(deps).watchAttempts()),
    proposePickupPoints: () => run(() => createPickupPointActivities(deps).proposePickupPoints()),
    /** As a change does. */
    supersede: () => inTransaction(pool, async (tx) => supersedeBooking(tx, (await lockShipment(tx, ref)).id)),
    /** As a cancellation does, here for good. */
    takeBack: () =>
      inTransaction(pool, async (tx) => {
        const { id, orderPk } = await lockShipment(tx, ref);
        await keepOrderBack(tx, orderPk);
        await withdrawBooking(tx, id, false);
        return settleOrder(tx, ref);
      }),
    state: () => loadOrderState(pool, ref),
    async resolve() {
      const id = randomUUID();
      await insertCommand(pool, aCommand(store, ref.orderId, { id, n: 1, kind: 'resolve' }));
      return applyCommand(pool, ref, { commandId: id, kind: 'resolve', n: 1 }, new Date());
    },
    /** What Posti wrote down of this order, the numbers of its parcels. */
    async booksOfPosti(): Promise<string[][]> {
      interface Books {
        bookings: { reference?: string; parcels: { parcelNo: string }[] }[];
      }
      const { bookings } = await control<Books>(posti, 'GET', '/books');
      const ours = bookings.filter(({ reference }) => reference?.includes(`-${ref.orderId}-`));
      return ours.map(({ parcels }) => parcels.map(({ parcelNo }) => parcelNo));
    },
    async attempts(): Promise<{ attempt: number; state: string; watch: string | null; numbers: string[] }[]> {
      const { rows } = await pool.query<{ attempt: number; state: string; watch: string | null; numbers: string[] }>(
        `select attempt, state, watch, watched_numbers as numbers from lahetti.booking_attempts a ${ofThisOrder('a.shipment_id')} order by attempt`,
        [store.id],
      );
      return rows;
    },
    async problems(): Promise<Record<string, unknown>[]> {
      const { rows } = await pool.query<{ problems: Record<string, unknown>[] | null }>(
        `select people_problem->'problems' as problems from lahetti.shipments where order_pk in (select id from lahetti.orders where store_id = $1)`,
        [store.id],
      );
      return rows[0]?.problems ?? [];
    },
    async happened(what: string): Promise<number> {
      const { rows } = await pool.query(
        `select from lahetti.timeline t join lahetti.orders o on o.id = t.order_pk where o.store_id = $1 and t.what = $2`,
        [store.id, what],
      );
      return rows.length;
    },
    /** The seven days are over. */
    async letTimeRunOut(): Promise<void> {
      await pool.query(
        `update lahetti.booking_attempts a set watch_until = now() - interval '1 second' ${ofThisOrder('a.shipment_id')}`,
        [store.id],
      );
    },
  };
}

const ofThisOrder = (shipment: string): string =>
  `where ${shipment} in (select s.id from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk where o.store_id = $1)`;

export type WatchDesk = Awaited<ReturnType<typeof aWatchDesk>>;
