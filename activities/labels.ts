import { cancellationSignal } from '@temporalio/activity';
import type { OrderState, ShipmentRef } from '../workflows/contract.ts';
import { inTransaction } from '../src/db/pool.ts';
import { isAppError } from '../src/errors.ts';
import { giveUpBooking, keepPdf, missingLabel } from '../src/labels/labels.sql.ts';
import { settleOrder } from '../src/orders/state.sql.ts';
import type { StepDeps } from './deps.ts';

export type LabelActivities = ReturnType<typeof createLabelActivities>;

export function createLabelActivities(deps: Pick<StepDeps, 'pool' | 'carriers' | 'health'>) {
  const { pool, carriers, health } = deps;

  return {
    /**
     * Fetches the label of a booking by its link, where the answer itself did not carry it, and keeps it. The link lives
     * for an hour: after that the booking has no label that anybody could have, and is given up.
     *
     * @throws AppError of the carrier: retryable, throttled, credentials, `posti_paused`
     */
    async keepLabel(ref: ShipmentRef): Promise<OrderState> {
      const label = await missingLabel(pool, ref);
      if (label) {
        const pdf = label.link === null ? null : await fetchOrNull(ref, label.link);
        if (pdf) await keepPdf(pool, label.id, pdf);
        else await giveUpBooking(pool, ref);
      }
      return inTransaction(pool, (tx) => settleOrder(tx, ref));
    },
  };

  async function fetchOrNull(ref: ShipmentRef, link: string): Promise<Uint8Array | null> {
    const { carrier, account } = await carriers.of(ref.storeHash);
    const call = { about: { ...ref, shipment: ref.n }, signal: cancellationSignal() };
    try {
      return await health.guard({ system: 'posti', account }, () => carrier.fetchLabel(link, call));
    } catch (error) {
      if (isAppError(error) && (error.kind === 'refused' || error.kind === 'not_found')) return null;
      throw error;
    }
  }
}
