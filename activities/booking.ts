import type { OrderState } from '../src/domain/order-state.ts';
import type { ShipmentRef } from '../src/domain/order-ref.ts';
import { closeAttempt, openAttempt, type OpenAttempt } from '../src/booking/attempts.sql.ts';
import type { BookingAnswer, Carrier } from '../src/carriers/port.ts';
import { inTransaction } from '../src/db/pool.ts';
import { isAnsweredWithoutLabel } from '../src/booking/failing-order.sql.ts';
import { AppError } from '../src/errors.ts';
import type { SystemAccount } from '../src/health/system-account.ts';
import type { Need } from '../src/shipments/raise.ts';
import { settleOrder } from '../src/orders/state.sql.ts';
import { admitStore } from '../src/stores/paused.ts';
import { keepsFailing, outcomeUnknown, postiRefused, staysUnknown } from '../src/booking/attentions.ts';
import { isMendedByPickupPoint } from '../src/booking/pickup-proposals.ts';
import { createLabelChecker } from '../src/labels/checker.ts';
import { examineLabels } from '../src/labels/examine.ts';
import type { StepDeps } from './deps.ts';
import { proposeAfterRefusal } from './pickup-points.ts';

/** The link of a label lives an hour (posti.md 2); a little less is trusted. */
const linkLifeMs = 55 * 60_000;

/** How long an order that Posti alone fails on waits for its next attempt. */
const tryFailingOrderAgainMs = 60_000;

export type BookingActivities = ReturnType<typeof createBookingActivities>;

export function createBookingActivities(
  deps: Pick<StepDeps, 'pool' | 'stores' | 'carriers' | 'health' | 'limits' | 'speed' | 'log' | 'now' | 'labelChecker'>,
) {
  const { pool, stores, carriers, health, limits, speed, now, labelChecker: checker = createLabelChecker() } = deps;

  return {
    /**
     * Books a planned shipment at the carrier. Safe to run again at any point: an attempt that was sent is never sent
     * again (docs/architecture.md, booking). Runs to its end whatever is cancelled: an answer is never dropped.
     *
     * @returns the order's state; the shipment is booked, needs attention, or – where nobody can say – is planned still
     * @throws AppError `attempt_is_out` while another try may still write an answer down; of the carrier, where nothing was created;
     *   `store_paused`
     */
    async bookShipment(ref: ShipmentRef): Promise<OrderState> {
      admitStore(await stores.get(ref.storeHash), speed);
      const { carrier, account } = await carriers.of(ref.storeHash);
      const who: SystemAccount = { system: 'posti', account };
      await health.admit(who, () => carrier.probe({ about: { ...ref, shipment: ref.n } }));

      const asked = await asksAboutUnknown(ref, carrier);
      const unknownNeeds = asked ? { problem: outcomeUnknown(ref), now: now() } : undefined;
      const opening = await openAttempt(pool, ref, { takeOverAfterMs: limits.takeOverMs }, { unknown: unknownNeeds });
      switch (opening.open) {
        case 'opened': {
          const answer = await carrier.book(opening.booking, { about: { ...ref, shipment: ref.n } });
          return settleAttempt(ref, who, opening.attempt, answer, unknownNeeds);
        }
        case 'out':
          throw new AppError(
            `Shipment ${ref.n} of order ${ref.orderId}: an attempt is out and may still be answered.`,
            {
              kind: 'paused',
              code: 'attempt_is_out',
              retryAfterMs: opening.waitMs + 50,
            },
          );
        case 'taken_over':
        case 'nothing':
          // A try before this one may have died after it had booked.
          await examineLabels({ pool, checker, now }, ref);
          return inTransaction(pool, (tx) => settleOrder(tx, ref));
        default:
          return opening satisfies never;
      }
    },
  };

  /** Open, ask – and now close, with what the answer says of the carrier. */
  async function settleAttempt(
    ref: ShipmentRef,
    who: SystemAccount,
    attempt: OpenAttempt,
    answer: BookingAnswer,
    unknownNeeds: Need | undefined,
  ): Promise<OrderState> {
    const refused = answer.outcome === 'refused' ? { problem: postiRefused(ref, answer), now: now() } : undefined;
    const needs = {
      refused,
      unknown: unknownNeeds,
      keepsFailing: { problem: keepsFailing(ref), now: now() },
      staysUnknown: { problem: staysUnknown(ref), now: now() },
    };
    const closing = await closeAttempt(pool, ref, attempt, answer, linkLifeMs, needs);
    if (closing === 'fails_alone') return goOnLater(ref, who, answer);
    switch (answer.outcome) {
      case 'created':
        await health.works(who);
        await examineLabels({ pool, checker, now }, ref);
        break;
      case 'refused':
        await health.works(who);
        // What could be chosen instead is added when it can be had.
        if (closing === 'refused' && isMendedByPickupPoint(postiRefused(ref, answer).code)) {
          await proposeAfterRefusal(deps, ref);
        }
        break;
      case 'not_let_in':
      case 'not_created':
        throw await reported(who, notCreated(answer));
      case 'unknown':
        await health.report(who, unknown(answer.code));
        break;
      default:
        return answer satisfies never;
    }
    return inTransaction(pool, (tx) => settleOrder(tx, ref));
  }

  /** This order's own trouble: nobody else waits for it, and it is tried again at its own pace until a person is asked. */
  async function goOnLater(ref: ShipmentRef, who: SystemAccount, answer: BookingAnswer): Promise<OrderState> {
    if (answer.outcome === 'unknown' && isAnsweredWithoutLabel(answer.code)) await health.works(who);
    const state = await inTransaction(pool, (tx) => settleOrder(tx, ref));
    const shipment = state.shipments.find(({ n }) => n === ref.n);
    if (shipment?.phase !== 'planned' || shipment.attention !== null || shipment.cancelling) return state;
    throw new AppError(
      `Posti fails on shipment ${ref.n} of order ${ref.orderId}, and not on others; it is tried again.`,
      {
        kind: 'paused',
        code: 'posti_fails_on_order',
        retryAfterMs: Math.max(50, Math.round(tryFailingOrderAgainMs / speed)),
      },
    );
  }

  /** Asks a person only where being wrong would cost; else the next attempt is booked as soon as the carrier is well. */
  async function asksAboutUnknown(ref: ShipmentRef, carrier: Carrier): Promise<boolean> {
    return carrier.abilities.chargedAtBooking || (await stores.settings(ref.storeHash)).settings.onUnknown === 'ask';
  }

  async function reported(who: SystemAccount, error: AppError): Promise<AppError> {
    await health.report(who, error);
    return error;
  }
}

type NotCreated = Extract<BookingAnswer, { outcome: 'not_let_in' | 'not_created' }>;

function notCreated(answer: NotCreated): AppError {
  if (answer.outcome === 'not_let_in') {
    return new AppError(`Posti does not let our account in (${answer.code}).`, {
      kind: 'credentials',
      code: answer.code,
      status: answer.status,
      advice: 'Mend the account; all orders go on by themselves then.',
    });
  }
  return new AppError(`Posti created nothing (${answer.code}); it is asked again.`, {
    kind: answer.retryAfterMs === null ? 'retryable' : 'throttled',
    code: answer.code,
    ...(answer.retryAfterMs === null ? {} : { retryAfterMs: answer.retryAfterMs }),
  });
}

const unknown = (code: string) =>
  new AppError('Nobody can say whether Posti booked.', { kind: 'outcome_unknown', code });
