import { cancellationSignal } from '@temporalio/activity';
import type { OrderState } from '../src/domain/order-state.ts';
import type { ShipmentRef } from '../src/domain/order-ref.ts';
import { inTransaction } from '../src/db/pool.ts';
import { keepsFailing } from '../src/booking/attentions.ts';
import { isAppError, type AppError } from '../src/errors.ts';
import type { SystemAccount } from '../src/health/system-account.ts';
import { giveUpBooking, keepPdf, missingLabel, type MissingLabel } from '../src/labels/labels.sql.ts';
import { settleOrder } from '../src/orders/state.sql.ts';
import { createLabelChecker } from '../src/labels/checker.ts';
import { examineLabels } from '../src/labels/examine.ts';
import type { StepDeps } from './deps.ts';

export type LabelActivities = ReturnType<typeof createLabelActivities>;

export function createLabelActivities(deps: Pick<StepDeps, 'pool' | 'carriers' | 'health' | 'now' | 'labelChecker'>) {
  const { pool, carriers, health, now, labelChecker: checker = createLabelChecker() } = deps;

  return {
    /**
     * Fetches the label of a booking by its link, where the answer itself did not carry it, and keeps it. The link lives
     * for an hour: after that the booking has no label that anybody could have, and is given up. What comes instead of a
     * label is trouble of this one file: it pauses nobody else.
     *
     * @throws AppError of the carrier: retryable, throttled, credentials, `posti_paused`
     */
    async keepLabel(ref: ShipmentRef): Promise<OrderState> {
      const label = await missingLabel(pool, ref);
      if (label) {
        const pdf = await fetchOrNull(ref, label);
        if (pdf) await keepPdf(pool, ref, label.id, pdf);
        else await giveUpBooking(pool, ref, { problem: keepsFailing(ref), now: now() });
      }
      await examineLabels({ pool, checker, now }, ref);
      return inTransaction(pool, (tx) => settleOrder(tx, ref));
    },
  };

  async function fetchOrNull(ref: ShipmentRef, { link, linkEnded }: MissingLabel): Promise<Uint8Array | null> {
    if (link === null) return null;
    const { carrier, account } = await carriers.of(ref.storeHash);
    const who: SystemAccount = { system: 'posti', account };
    const call = { about: { ...ref, shipment: ref.n }, signal: cancellationSignal() };
    // Like a booking: whether a paused account works again, a file that may be broken cannot tell.
    await health.admit(who, () => carrier.probe(call));
    try {
      const pdf = await carrier.fetchLabel(link, call);
      await health.works(who);
      return pdf;
    } catch (error) {
      await health.report(who, error);
      if (isAppError(error) && (isGone(error) || (linkEnded && isNoLabel(error)))) return null;
      throw error;
    }
  }
}

const isGone = ({ kind }: AppError): boolean => kind === 'refused' || kind === 'not_found';

/**
 * No label came of this request, whatever did: a page, an error, a refusal, or nothing since the host is gone. Waiting can no
 * longer help once the link has ended. What holds for the whole account, that it has to wait or is not let in, says nothing of
 * the file, and is waited for.
 */
const isNoLabel = ({ ofThisRequest, kind }: AppError): boolean =>
  ofThisRequest && kind !== 'throttled' && kind !== 'paused';
