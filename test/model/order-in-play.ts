import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory, WorkflowNotFoundError } from '@temporalio/common';
import type { Fault } from '../../sandbox/faults.ts';
import type { Engine } from '../../src/temporal/client.ts';
import { viewOrder } from '../../src/orders/view.ts';
import { closeCommand, insertCommand } from '../../src/inbox/commands.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { OrderWithCommands } from '../../src/domain/order-state.ts';
import type { OrderRef, ShipmentRef } from '../../src/domain/order-ref.ts';
import type { CommandKind, CommandOutcome } from '../../src/domain/commands.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { OrderInHand } from '../protocol/order.ts';
import type { Shop, Worker } from '../protocol/shop.ts';
import type { World } from '../protocol/world.ts';
import { eventually } from '../support/wait.ts';
import { OnTheWay, type Taker } from './on-the-way.ts';
import type { Setting } from './setting.ts';

/** The steps that the workflow of an order takes. */
export type StepsOfAnOrder = Omit<Worker, 'watchAttempts'>;

interface Deps {
  readonly world: World;
  readonly engine: Engine;
  readonly client: Client;
}

interface PendingStep {
  readonly name: string;
  readonly attempt: number;
  readonly isStarted: boolean;
}

/** Temporal's number for an activity that a worker is at (PENDING_ACTIVITY_STATE_STARTED). */
const STARTED = 2;

/** Above what any machine needs; what is waited for comes about in a fraction of it. */
const patience = { within: 30_000, every: 8 };

/** One order that is played with: both stand-ins, the engine and the operator's desk, and what every move comes to. */
export class OrderInPlay {
  readonly hand: OrderInHand;
  readonly ref: OrderRef;
  readonly shop: Shop;
  readonly steps: StepsOfAnOrder;
  readonly onTheWay: OnTheWay;
  readonly world: World;
  readonly #engine: Engine;
  readonly #client: Client;
  readonly #faults: (() => Promise<void>)[] = [];
  /** Looks at parcels that Posti answered, by shipment. */
  readonly #asked = new Map<number, number>();
  #mayAsk = false;
  #isLockedOut = false;
  /** Tries of steps that are under way, beside those that wait for an answer which is held. */
  #underWay = 0;
  /** Who takes the step that a request is made in. */
  readonly #taker = new AsyncLocalStorage<Taker>();

  private constructor({ world, engine, client }: Deps, shop: Shop, ref: OrderRef) {
    this.world = world;
    this.#engine = engine;
    this.#client = client;
    this.shop = shop;
    this.ref = ref;
    const { pool, posti, bigcommerce } = world;
    this.hand = new OrderInHand({ pool, store: shop.store, posti, bigcommerce, worker: shop.worker }, ref);
    this.onTheWay = new OnTheWay({
      mark: this.mark,
      taker: () => this.#taker.getStore()!,
      onHeld: (isHeld) => void (this.#underWay += isHeld ? -1 : 1),
    });
    shop.meddle(this.onTheWay.meddle);
    shop.meddleBefore(this.onTheWay.meddleBefore);
    this.steps = this.#watched(shop.worker);
  }

  /** What every booking of this order says of itself, at the beginning of its reference. */
  get mark(): string {
    return `${this.shop.store.id.toString(36)}-${this.ref.orderId}-`;
  }

  static async open(deps: Deps, setting: Setting): Promise<OrderInPlay> {
    const { moment, onUnknown, twoAddresses, paid } = setting;
    const shop = await deps.world.shop({
      settings: { writeBack: { moment }, onUnknown },
      ...{ httpMs: 10_000, takeOverMs: 300 },
    });
    const draft = {
      statusId: paid ? 11 : 7,
      shippingAddresses: [{}, ...(twoAddresses ? [{ street1: 'Toinen katu 2', zip: '00100' }] : [])],
      lines: [
        { name: 'Villasukat', sku: 'SUKKA-1', weight: 200, quantity: 2 },
        { name: 'Pipo', sku: 'PIPO-1', weight: 150, quantity: 1, address: twoAddresses ? 1 : 0 },
      ],
    };
    const path = `/stores/${shop.storeHash}/orders`;
    const { id } = await deps.world.bigcommerce.control<{ id: number }>('POST', path, draft);
    return new OrderInPlay(deps, shop, { storeHash: shop.storeHash, orderId: id });
  }

  // What people and systems do ---------------------------------------------------------------------------------------

  hint = (): Promise<void> => this.#engine.hintOrder(this.ref);

  /** The merchant changes the order in the shop, whose webhook tells us. */
  async edit(change: object): Promise<void> {
    await this.hand.merchant('PATCH', '', change);
    await this.hint();
  }

  /** As the API and the relay do it: kept, then sent until it has an outcome. */
  async command(kind: CommandKind, n: number | null, body: object = {}): Promise<CommandOutcome> {
    const id = randomUUID();
    const { pool } = this.world;
    const { orderId } = this.ref;
    const storeId = this.shop.store.id;
    await insertCommand(pool, { id, storeId, orderId, n, kind, body, who: 'aino', source: 'api' });
    const outcome = await eventually(
      async () => (await this.#engine.sendCommand(this.ref, { commandId: id, kind, n })) ?? undefined,
      patience,
    );
    await closeCommand(pool, id, outcome);
    return outcome;
  }

  cancelInEngine = (): Promise<boolean> => this.#engine.cancelOrder(this.ref);

  /** The run is ended from outside; what is due is started again, as the watchman does. */
  async terminate(): Promise<void> {
    await this.#engine.terminate(this.ref, 'played');
    await this.hint();
  }

  /** The next request of this kind about this order is spoilt. */
  async harm(fault: Fault): Promise<void> {
    this.#faults.push(await this.world.posti.harm({ ...fault, match: `"${this.mark}` }));
  }

  async harmShop(fault: Fault): Promise<void> {
    const { storeHash, orderId } = this.ref;
    this.#faults.push(
      await this.world.bigcommerce.harm({ ...fault, path: `/stores/${storeHash}/v2/orders/${orderId}/shipments` }),
    );
  }

  /** Posti no longer lets the account book: everything that is to be booked waits, and nobody is asked. */
  async lockOut(): Promise<void> {
    this.#isLockedOut = true;
    await this.shop.renewAccount({ roles: [] });
  }

  /** Its role is given back; that it is, a probe finds. */
  async letIn(): Promise<void> {
    await this.shop.renewAccount();
    this.#isLockedOut = false;
  }

  get isLockedOut(): boolean {
    return this.#isLockedOut;
  }

  /** Faults that nothing has met yet are taken back, and what lies on the way arrives. */
  async endTrouble(): Promise<void> {
    if (this.#isLockedOut) await this.letIn();
    this.onTheWay.clear();
    for (const end of this.#faults.splice(0)) await end();
  }

  scan(trackingNumber: string, code: string, at?: Date): Promise<unknown> {
    return this.world.posti.control('POST', `/parcels/${trackingNumber}/scans`, { code, ...(at && { at }) });
  }

  /** Days pass: parcels that were not scanned have been booked for long. */
  async daysPass(days: number): Promise<void> {
    await this.world.pool.query(
      `update lahetti.shipments s set booked_at = booked_at - $3 * interval '1 day'
         from lahetti.orders o join lahetti.stores st on st.id = o.store_id
        where o.id = s.order_pk and st.store_hash = $1 and o.order_id = $2`,
      [this.ref.storeHash, this.ref.orderId, days],
    );
  }

  /** The time has come to ask Posti about the parcels that are followed. */
  async askPosti(): Promise<void> {
    if (!(await this.isRunning())) return;
    const followed = ((await this.stored())?.shipments ?? []).filter((s) => nextStep(s) === 'follow').map(({ n }) => n);
    const before = new Map(this.#asked);
    const isAsked = (n: number) => (this.#asked.get(n) ?? 0) > (before.get(n) ?? 0);
    this.#mayAsk = true;
    try {
      await eventually(() => followed.every(isAsked), patience);
    } finally {
      this.#mayAsk = false;
    }
  }

  /** The numbers that should be on no parcel are looked after. */
  async watch(): Promise<void> {
    await this.shop.watch();
    await this.hint();
  }

  // Where it stands --------------------------------------------------------------------------------------------------

  stored = (): Promise<OrderWithCommands | undefined> => loadOrderState(this.world.pool, this.ref);

  /** What its workflow says, or null where none runs. */
  async live(): Promise<OrderWithCommands | null> {
    const live = await this.#engine.liveState(this.ref);
    return live.kind === 'running' ? live.state : null;
  }

  /** What people are shown of it. */
  view = async (): Promise<OrderWithCommands | null> =>
    (await viewOrder(this.world.pool, this.#engine, this.ref)).state;

  isRunning = (): Promise<boolean> => this.#engine.isRunning(this.ref);

  /** Waits until nothing goes on without somebody's doing, and gives how the order stands; undefined for one never read. */
  async rest(): Promise<OrderWithCommands | undefined> {
    await eventually(async () => (await this.#isAtRest()) && !(await this.#isRelayed()), patience).catch(
      async (error: unknown) => {
        const description = await this.#describe();
        const steps = (description ? pendingSteps(description) : []).map(
          ({ name, attempt }) => `${name} (try ${attempt})`,
        );
        const state = JSON.stringify(await this.stored());
        throw new Error(
          `It does not come to rest: ${steps.join(', ') || 'no step'}; ${this.#underWay} under way; ${state}`,
          {
            cause: error,
          },
        );
      },
    );
    return this.stored();
  }

  /** Runs of this order that ended as no run may end. */
  async failedRuns(): Promise<string[]> {
    const { status } = await this.#handle.describe();
    return ['FAILED', 'TIMED_OUT', 'CANCELLED'].includes(status.name) ? [`The workflow ended as ${status.name}.`] : [];
  }

  /** Nothing of it goes on after this. */
  async close(): Promise<void> {
    await this.endTrouble();
    await this.#engine.terminate(this.ref, 'the story is over');
    await this.shop.endWatch();
  }

  /** What a step left in the inbox is handed to the workflow, as the relay does. Whether there was anything. */
  async #isRelayed(): Promise<boolean> {
    const { rowCount } = await this.world.pool.query(
      `update lahetti.inbox set dispatched_at = now() where store_id = $1 and order_id = $2 and dispatched_at is null`,
      [this.shop.store.id, this.ref.orderId],
    );
    if (!rowCount) return false;
    await this.hint();
    return true;
  }

  async #isAtRest(): Promise<boolean> {
    if (this.#underWay > 0) return false;
    const description = await this.#describe();
    if (description && description.status.name === 'RUNNING') {
      if (description.raw.pendingWorkflowTask) return false;
      const held = this.onTheWay.held.filter(({ runId }) => runId === description.runId);
      const steps = pendingSteps(description).filter(
        (step) => !isBetweenLooks(step) && !(this.#isLockedOut && waitsForAccount(step)),
      );
      if (
        steps
          .map(({ name }) => name)
          .sort()
          .join() !==
        held
          .map(({ step }) => step)
          .sort()
          .join()
      )
        return false;
    }
    // What began while we looked is seen by the next look.
    return this.#underWay === 0;
  }

  async #describe() {
    try {
      return await this.#handle.describe();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  get #handle(): WorkflowHandle {
    return this.#client.workflow.getHandle(orderWorkflowId(this.ref));
  }

  /** The real steps, counted; parcels are looked at when the model says that it is time. */
  #watched(worker: Worker): StepsOfAnOrder {
    const counted = Object.fromEntries(
      Object.entries(worker).map(([name, step]) => [
        name,
        (...given: unknown[]) => this.#count(() => (step as (...all: unknown[]) => Promise<unknown>)(...given)),
      ]),
    ) as unknown as StepsOfAnOrder;
    return {
      ...counted,
      bookShipment: (ref) => this.#takeAs('bookShipment', ref, () => counted.bookShipment(ref)),
      keepLabel: (ref) => this.#takeAs('keepLabel', ref, () => counted.keepLabel(ref)),
      tellShop: (ref) => this.#takeAs('tellShop', ref, () => counted.tellShop(ref)),
      followParcels: async (ref, soFar, house, attention) => {
        if (activityInfo().attempt > 1 && !this.#mayAsk) throw notYet();
        return this.#count(async () => {
          try {
            return await worker.followParcels(ref, soFar, house, attention);
          } finally {
            if (activityInfo().attempt > 1) this.#asked.set(ref.n, (this.#asked.get(ref.n) ?? 0) + 1);
          }
        });
      },
    };
  }

  #takeAs<T>(step: Taker['step'], { n }: ShipmentRef, work: () => Promise<T>): Promise<T> {
    return this.#taker.run({ step, n, runId: activityInfo().workflowExecution?.runId ?? '' }, work);
  }

  async #count<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }
}

const pendingSteps = ({ raw }: WorkflowExecutionDescription): PendingStep[] =>
  (raw.pendingActivities ?? []).map(({ activityType, attempt, state }) => ({
    name: activityType?.name ?? '',
    attempt: attempt ?? 1,
    isStarted: Number(state) === STARTED,
  }));

/** A look at parcels waits for its time; one whose outcome the engine has not heard of is still under way. */
const isBetweenLooks = ({ name, attempt, isStarted }: PendingStep): boolean =>
  name === 'followParcels' && attempt > 1 && !isStarted;

/** A booking that was not let in is tried again by itself, for as long as it takes. */
const waitsForAccount = ({ name, attempt, isStarted }: PendingStep): boolean =>
  name === 'bookShipment' && attempt > 1 && !isStarted;

const notYet = () =>
  ApplicationFailure.create({
    type: 'nothing_new',
    message: 'The time for it has not come.',
    nextRetryDelay: 60,
    category: ApplicationFailureCategory.BENIGN,
  });
