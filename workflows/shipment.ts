import { ActivityFailure, CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { OrderInput } from './contract.ts';
import type { OrderState, ShipmentState } from '../src/domain/order-state.ts';
import { nextStep, type Step } from '../src/domain/next-step.ts';
import type { Steps } from './steps.ts';

/** What a shipment needs of the run of its order. */
export interface RunOfOrder {
  readonly input: OrderInput;
  readonly steps: Steps;
  readonly isLeaving: boolean;
  /** As it is now, or undefined where the order has none of this number. */
  shipment(n: number): ShipmentState | undefined;
  adopt(state: OrderState): void;
  lookAgainIfAsked(n: number, before: ShipmentState): void;
  /** What ends its following of parcels; null when it follows no more. */
  onInterrupt(n: number, interrupt: (() => void) | null): void;
}

/**
 * One shipment of an order, from wherever it is to where nothing can be done without somebody's news. Started by the order
 * whenever there is something to do; everything that it needs to go on after a restart is in Postgres.
 */
export async function carryShipment(run: RunOfOrder, n: number): Promise<void> {
  for (let s = run.shipment(n); s; s = run.shipment(n)) {
    const step = nextStep(s);
    if (step === null || run.isLeaving) return;
    const state = await take(step, run, s);
    if (state === 'interrupted') continue;
    run.adopt(state);
    if (s.attemptOut || step === 'book' || isBookingLost(step, run.shipment(n))) run.lookAgainIfAsked(n, s);
  }
}

/** Its label was gone: whether it may be booked anew, a look says. Runs that are older than this booked it anew at once. */
const isBookingLost = (step: Step, now: ShipmentState | undefined): boolean =>
  step === 'keep_label' && now?.phase === 'planned' && patched('look-after-lost-label');

async function take(step: Step, run: RunOfOrder, s: ShipmentState): Promise<OrderState | 'interrupted'> {
  const { carrier, shop } = run.steps;
  const ref = { storeHash: run.input.storeHash, orderId: run.input.orderId, n: s.n };
  switch (step) {
    case 'book':
      return carrier.bookShipment.executeWithOptions({ summary: `Book shipment ${s.n} at Posti` }, [ref]);
    case 'keep_label':
      return carrier.keepLabel.executeWithOptions({ summary: `Fetch the label of shipment ${s.n}` }, [ref]);
    case 'tell':
      return shop.tellShop.executeWithOptions({ summary: `Tell the shop about shipment ${s.n}` }, [ref]);
    case 'withdraw':
      await seeParcels(run, s);
      return shop.withdrawShipment.executeWithOptions({ summary: `Take shipment ${s.n} back` }, [ref]);
    case 'follow':
      return follow(run, s.n, () =>
        carrier.followParcels.executeWithOptions({ summary: `Follow the parcels of shipment ${s.n}` }, [
          ref,
          s.deliveryStatus,
          followTimings(run),
          s.attention?.code ?? null,
        ]),
      );
    default:
      return step satisfies never;
  }
}

/** Asks Posti whether a booked shipment was scanned, before its label is taken back: after that only a return helps. */
export async function seeParcels(run: RunOfOrder, s: ShipmentState): Promise<void> {
  if (s.phase !== 'booked') return;
  const ref = { storeHash: run.input.storeHash, orderId: run.input.orderId, n: s.n };
  const summary = `Ask Posti whether shipment ${s.n} was scanned`;
  run.adopt(await run.steps.carrier.seeParcels.executeWithOptions({ summary }, [ref, followTimings(run)]));
}

const followTimings = (run: RunOfOrder) => ({ poll: run.input.timings.poll, silence: run.input.timings.silence });

/**
 * Polling that a change may interrupt. Every loser of that race is accepted: cancelled between looks, asked to cancel
 * during one, or a result after all – which is never dropped.
 */
async function follow(
  run: RunOfOrder,
  n: number,
  poll: () => Promise<OrderState>,
): Promise<OrderState | 'interrupted'> {
  const scope = new CancellationScope({ cancellable: true });
  run.onInterrupt(n, () => scope.cancel());
  try {
    return await scope.run(poll);
  } catch (error) {
    const interrupted = isCancellation(error) || (error instanceof ActivityFailure && scope.consideredCancelled);
    if (interrupted) return 'interrupted';
    throw error;
  } finally {
    run.onInterrupt(n, null);
  }
}
