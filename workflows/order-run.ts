import { CancellationScope, patched, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes, type OrderInput } from './contract.ts';
import { hasEnded, needsPerson, type OrderState, type ShipmentState } from '../src/domain/order-state.ts';
import { newestState } from '../src/domain/newest-state.ts';
import { nextStep } from '../src/domain/next-step.ts';
import { carryShipment } from './shipment.ts';
import { stepsWith, type Steps } from './steps.ts';
import { describeOrder } from './words.ts';

/** One run of an order: what Postgres last said of it, which shipments are being carried, and whether anybody hinted. */
export class OrderRun {
  readonly input: OrderInput;
  readonly steps: Steps;
  state: OrderState | null = null;
  /** Hints so far, and how many there were at the last look. */
  hints = 0;
  lookedAt = 0;
  /** This run is about to be continued as a new one: steps that are out end, and no new ones begin. */
  isLeaving = false;
  readonly #carried = new Map<number, Promise<void>>();
  readonly #interrupts = new Map<number, () => void>();
  #commandsOut = 0;
  #told = '';
  #broken: Error | undefined;

  constructor(input: OrderInput) {
    this.input = input;
    this.steps = stepsWith(input.timings);
  }

  get hasNews(): boolean {
    return this.hints > this.lookedAt;
  }

  get isCarrying(): boolean {
    return this.#carried.size > 0;
  }

  /** Whether a shipment is carried or a command carried out: no run ends before that has ended. */
  get isBusy(): boolean {
    return this.isCarrying || this.#commandsOut > 0;
  }

  /** A person's command, or the engine's own "cancel"; whatever came of it, the order is looked at. */
  async carryOut<T>(work: () => Promise<T>): Promise<T> {
    this.#commandsOut += 1;
    try {
      return await work();
    } finally {
      this.hints += 1;
      this.#commandsOut -= 1;
    }
  }

  shipment(n: number): ShipmentState | undefined {
    return this.state?.shipments.find((s) => s.n === n);
  }

  /** The one place where this run's memory of the order changes: what a step brought from Postgres, unless newer is known. */
  adopt(state: OrderState): void {
    this.state = this.state ? newestState(this.state, state) : state;
    this.#tell(this.state);
    for (const s of this.state.shipments) {
      if (this.#interrupts.has(s.n) && isOvertaken(s)) this.#interrupts.get(s.n)?.();
    }
    this.#carryOn();
  }

  /** The plan may have changed while an attempt was out: now that its outcome is known, it is looked at. */
  lookAgainIfAsked(n: number, before: ShipmentState): void {
    const now = this.shipment(n);
    if ((before.lookAgain || now?.lookAgain) && !now?.attemptOut) this.hints += 1;
  }

  onInterrupt(n: number, interrupt: (() => void) | null): void {
    if (interrupt) this.#interrupts.set(n, interrupt);
    else this.#interrupts.delete(n);
  }

  /** Stops following and begins nothing more, so that this run can be continued as a new one. */
  leave(): void {
    this.isLeaving = true;
    for (const interrupt of this.#interrupts.values()) interrupt();
  }

  /** @throws what made a shipment's coroutine fail: only a bug can, since steps are retried for ever */
  assertWhole(): void {
    if (this.#broken) throw this.#broken;
  }

  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  #carryOn(): void {
    if (this.isLeaving) return;
    for (const s of this.state?.shipments ?? []) {
      if (this.#carried.has(s.n) || hasEnded(s) || nextStep(s) === null) continue;
      // Whoever brought the news, a shipment is carried in a scope that nobody's cancellation reaches.
      const carried = CancellationScope.nonCancellable(() => carryShipment(this, s.n))
        .catch((error: unknown) => {
          this.#broken ??= error instanceof Error ? error : new Error(String(error));
        })
        .finally(() => this.#carried.delete(s.n));
      this.#carried.set(s.n, carried);
    }
  }

  /** What support sees. Search attributes are written together, and only when one of them is news. */
  #tell(state: OrderState): void {
    setCurrentDetails(describeOrder(state));
    const attention = state.attention ?? state.shipments.find(needsPerson)?.attention ?? null;
    const tracking = state.shipments.find((s) => s.trackingNumbers.length > 0)?.trackingNumbers[0] ?? null;
    const told = [state.phase, attention?.code, tracking].join('|');
    if (told === this.#told) return;
    this.#told = told;
    upsertSearchAttributes([
      { key: searchAttributes.phase, value: state.phase },
      { key: searchAttributes.attention, value: attention?.code ?? null },
      { key: searchAttributes.tracking, value: tracking },
    ]);
  }
}

/** Whether there is something else to do for a shipment than to follow its parcels. */
function isOvertaken(s: ShipmentState): boolean {
  if (s.phase !== 'booked' || s.cancelling) return true;
  // Runs that are older than this went on following, and told the shop at the parcel's next news.
  return nextStep(s) !== 'follow' && patched('interrupt-for-any-step');
}
