import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { BookingActivities } from '../../../activities/booking.ts';
import type { CommandActivities } from '../../../activities/commands.ts';
import type { LabelActivities } from '../../../activities/labels.ts';
import type { OrderActivities } from '../../../activities/orders.ts';
import type { TrackingActivities } from '../../../activities/tracking.ts';
import type { WithdrawActivities } from '../../../activities/withdraw.ts';
import type { WriteBackActivities } from '../../../activities/write-back.ts';
import type { CommandRef, Timings } from '../../../workflows/contract.ts';
import { hasEnded, type OrderState, type ShipmentState } from '../../../src/domain/order-state.ts';
import type { OrderRef, ShipmentRef } from '../../../src/domain/order-ref.ts';
import type { CommandOutcome } from '../../../src/domain/commands.ts';
import type { DeliveryStatus } from '../../../src/domain/delivery-status.ts';
import { eventually } from '../../support/wait.ts';
import { anOrder, attention, type OrderParts } from './order-states.ts';

type ShopSteps = OrderActivities & WriteBackActivities & WithdrawActivities & CommandActivities;
type CarrierSteps = BookingActivities &
  LabelActivities &
  Pick<TrackingActivities, 'followParcels'> & { seeParcels(ref: ShipmentRef): Promise<OrderState> };
export type StepName = keyof ShopSteps | keyof CarrierSteps;

export interface StepCall {
  readonly step: StepName;
  readonly orderId: number;
  readonly n: number | null;
  readonly startedAt: number;
  ended: boolean;
}

/** What holds a step back until the test lets it go. */
export interface Held {
  /** Resolves when a try of the step is being held. */
  readonly arrived: Promise<void>;
  release(): void;
}

type Before = (call: StepCall) => Promise<void> | void;

/**
 * The outside world and Postgres in memory: what the order's steps would find and change there. A step may be held, made
 * to fail, or given something to happen beside it; what a shop or carrier says next is set by the test.
 */
export class OrderWorld {
  readonly storeHash = 'kotikauppa1';
  readonly calls: StepCall[] = [];
  /** How often a command was carried out, by its id. */
  readonly applied = new Map<string, number>();
  readonly #orders = new Map<number, OrderState>();
  readonly #outcomes = new Map<string, CommandOutcome>();
  readonly #before = new Map<string, Before[]>();
  readonly #scans = new Map<string, DeliveryStatus>();
  #lastOrderId = 1_000;

  /** A new order that Postgres knows so. */
  place(parts: OrderParts = {}): OrderRef {
    const ref = { storeHash: this.storeHash, orderId: (this.#lastOrderId += 1) };
    this.#orders.set(ref.orderId, anOrder(ref, parts));
    return ref;
  }

  state({ orderId }: OrderRef): OrderState {
    const state = this.#orders.get(orderId);
    if (!state) throw new Error(`There is no order ${orderId}.`);
    return state;
  }

  /** What Postgres holds of the order from now on. */
  set(ref: OrderRef, parts: OrderParts): OrderState {
    const { attention: own, onHold, unshipped, shipments } = this.state(ref);
    const state = anOrder(ref, { attention: own, onHold, unshipped, shipments, ...parts });
    this.#orders.set(ref.orderId, state);
    return state;
  }

  /** The same for one shipment of it. */
  change(ref: OrderRef, n: number, change: Partial<ShipmentState>): OrderState {
    const shipments = this.state(ref).shipments.map((s) =>
      s.n === n ? { ...s, ...change, transition: s.transition + 1 } : s,
    );
    return this.set(ref, { shipments });
  }

  /** What Posti says of the parcels of a shipment from now on. */
  scan(ref: OrderRef, n: number, status: DeliveryStatus): void {
    this.#scans.set(`${ref.orderId}/${n}`, status);
  }

  /** Does something before each try of a step of an order. */
  before(step: StepName, { orderId }: OrderRef, what: Before): void {
    const key = `${step}/${orderId}`;
    this.#before.set(key, [...(this.#before.get(key) ?? []), what]);
  }

  /** The next tries of a step do not go on before they are released. */
  hold(step: StepName, ref: OrderRef): Held {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<void>((resolve) => {
      this.before(step, ref, () => {
        resolve();
        return released;
      });
    });
    return { arrived, release: () => release() };
  }

  /** The next `times` tries of a step fail. */
  fail(step: StepName, ref: OrderRef, times: number, error: () => Error): void {
    let left = times;
    this.before(step, ref, () => {
      left -= 1;
      if (left >= 0) throw error();
    });
  }

  callsOf(step: StepName, ref: OrderRef, n?: number): StepCall[] {
    return this.calls.filter(
      (call) => call.step === step && call.orderId === ref.orderId && (n === undefined || call.n === n),
    );
  }

  /** Waits until a step was tried so often for an order: for longer than the engine keeps a task for a worker that stopped, 10 s. */
  async tried(step: StepName, ref: OrderRef, times = 1): Promise<void> {
    await eventually(() => this.callsOf(step, ref).length >= times, { within: 15_000, every: 5 });
  }

  readonly shopSteps: ShopSteps = {
    lookAtOrder: (ref) => this.#step('lookAtOrder', ref, () => this.#looked(ref)),
    tellShop: (ref) => this.#step('tellShop', ref, () => this.change(ref, ref.n, { told: 'told' })),
    withdrawShipment: (ref) =>
      this.#step('withdrawShipment', ref, () =>
        hasEnded(this.#shipment(ref)) ? this.state(ref) : this.change(ref, ref.n, withdrawn),
      ),
    cancelForEngine: (ref) => this.#step('cancelForEngine', ref, () => this.#cancelled(ref)),
    applyCommand: (ref, command) =>
      this.#step('applyCommand', ref, () => ({ outcome: this.#carryOut(ref, command), state: this.state(ref) })),
  };

  readonly carrierSteps: CarrierSteps = {
    bookShipment: (ref) => {
      // Opened before anything is held: an attempt that is out is what the tests are about.
      const s = this.#shipment(ref);
      if (s.phase === 'planned' && !s.attemptOut && !s.lookAgain) {
        this.change(ref, ref.n, { attemptOut: true, attempts: s.attempts + 1 });
      }
      return this.#step('bookShipment', ref, () => this.#booked(ref));
    },
    keepLabel: (ref) => this.#step('keepLabel', ref, () => this.#labelKept(ref)),
    followParcels: (ref, soFar, timings) =>
      this.#step('followParcels', ref, () => this.#followed(ref, soFar, timings.poll)),
    seeParcels: (ref) => this.#step('seeParcels', ref, () => this.#seen(ref)),
  };

  async #step<T>(step: StepName, ref: OrderRef & { n?: number }, effect: () => T): Promise<T> {
    const { orderId, n = null } = ref;
    const call: StepCall = { step, orderId, n, startedAt: performance.now(), ended: false };
    this.calls.push(call);
    for (const what of this.#before.get(`${step}/${orderId}`) ?? []) await what(call);
    const result = effect();
    call.ended = true;
    return result;
  }

  #shipment(ref: ShipmentRef): ShipmentState {
    const found = this.state(ref).shipments.find((s) => s.n === ref.n);
    if (!found) throw new Error(`There is no shipment ${ref.n} of order ${ref.orderId}.`);
    return found;
  }

  /** Where an attempt is out, nothing can be planned: the mark stays. */
  #looked(ref: OrderRef): OrderState {
    for (const s of this.state(ref).shipments) {
      if (s.lookAgain && !s.attemptOut) this.change(ref, s.n, { lookAgain: false });
    }
    return this.state(ref);
  }

  #booked(ref: ShipmentRef): OrderState {
    if (!this.#shipment(ref).attemptOut) return this.state(ref);
    const trackingNumbers = [`JJFI6${String(ref.orderId).padStart(10, '0')}${ref.n}`];
    return this.change(ref, ref.n, { phase: 'booked', attemptOut: false, trackingNumbers });
  }

  #labelKept(ref: ShipmentRef): OrderState {
    if (this.#shipment(ref).phase !== 'booked') return this.state(ref);
    return this.change(ref, ref.n, { labelKept: true });
  }

  /** As the real step: the first try only says when the first look is due, and news alone ends the step. */
  #followed(ref: ShipmentRef, soFar: DeliveryStatus, poll: Timings['poll']): OrderState {
    const status = this.#scans.get(`${ref.orderId}/${ref.n}`) ?? soFar;
    if (activityInfo().attempt === 1 || status === this.#shipment(ref).deliveryStatus) throw nothingNew(poll.inTransit);
    return this.#seen(ref, status);
  }

  /** What Posti says is written down, and where nothing is new nothing changes. */
  #seen(ref: ShipmentRef, status = this.#scans.get(`${ref.orderId}/${ref.n}`)): OrderState {
    if (status === undefined || status === this.#shipment(ref).deliveryStatus) return this.state(ref);
    const phase = status === 'delivered' || status === 'returned' ? status : 'booked';
    return this.change(ref, ref.n, { deliveryStatus: status, phase });
  }

  #cancelled(ref: OrderRef): OrderState {
    for (const s of this.state(ref).shipments) {
      if (hasEnded(s)) continue;
      const isOut = s.phase === 'booked' || s.attemptOut;
      this.change(ref, s.n, isOut ? { cancelling: true } : { phase: 'cancelled', attention: null });
    }
    return this.set(ref, { attention: null, unshipped: { cancelled_by_a_person: 1 } });
  }

  #carryOut(ref: OrderRef, { commandId, kind, n }: CommandRef): CommandOutcome {
    const before = this.#outcomes.get(commandId);
    if (before) return before;
    this.applied.set(commandId, (this.applied.get(commandId) ?? 0) + 1);
    for (const s of this.state(ref).shipments.filter((each) => n === null || each.n === n)) {
      if (kind === 'retry') this.change(ref, s.n, { attention: null, lookAgain: true });
      if (kind === 'cancel') this.change(ref, s.n, { cancelling: true });
      if (kind === 'mark_printed' && s.told === 'waits_for_print') this.change(ref, s.n, { told: 'not_yet' });
    }
    if (kind === 'book') this.set(ref, { unshipped: {}, shipments: anOrder(ref).shipments });
    const outcome: CommandOutcome = { outcome: 'done' };
    this.#outcomes.set(commandId, outcome);
    return outcome;
  }

  /** Posti says no to the next booking of a shipment: it needs attention. */
  refuseBooking(ref: OrderRef, n: number): void {
    let refused = false;
    this.before('bookShipment', ref, (call) => {
      if (call.n !== n || refused) return;
      refused = true;
      this.change(ref, n, { attemptOut: false, attention: attention() });
    });
  }

  /** The attempt that is out comes to nothing: the step fails, and is tried again. */
  comeToNothing(ref: OrderRef, n: number): Error {
    this.change(ref, n, { attemptOut: false });
    return new Error('Posti created nothing; it is asked again.');
  }

  /** The label of the first booking of a shipment is gone: nobody can ship it, and a look says what becomes of it. */
  loseLabel(ref: OrderRef, n: number): void {
    let lost = false;
    this.before('keepLabel', ref, (call) => {
      if (call.n !== n || lost) return;
      lost = true;
      this.change(ref, n, { phase: 'planned', trackingNumbers: [], lookAgain: true });
    });
  }
}

const withdrawn = { phase: 'cancelled', cancelling: false, told: 'withdrawn', attention: null } as const;

const nothingNew = (nextRetryDelay: number) =>
  ApplicationFailure.create({
    type: 'nothing_new',
    message: 'Nothing new: in transit.',
    nextRetryDelay,
    category: ApplicationFailureCategory.BENIGN,
  });
