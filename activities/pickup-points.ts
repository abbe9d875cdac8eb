import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { ShipmentRef } from '../src/domain/order-ref.ts';
import { pickupPointQuery, toProposals } from '../src/booking/pickup-proposals.ts';
import { pickupPointSeeker, saveProposals, shipmentsWithoutProposals } from '../src/booking/pickup-proposals.sql.ts';
import { isAppError } from '../src/errors.ts';
import type { StepDeps } from './deps.ts';
import { createPostiDoor, type PostiDoor } from './posti-door.ts';

export type ProposalDeps = Pick<StepDeps, 'pool' | 'carriers' | 'health' | 'log'>;

export interface PickupPointActivities {
  proposePickupPoints(): Promise<ProposalCounts>;
}

export interface ProposalCounts {
  /** Shipments that wait for another pickup point. */
  readonly sought: number;
  /** Those of them that have proposals now. */
  readonly proposed: number;
}

/** What a run leaves is the next one's. */
const shipmentsPerRun = 100;

export function createPickupPointActivities(deps: ProposalDeps): PickupPointActivities {
  return {
    /** Adds the nearest pickup points to what needs attention for the want of one. Safe to run again. */
    async proposePickupPoints() {
      const posti = createPostiDoor(deps);
      const refs = await shipmentsWithoutProposals(deps.pool, { limit: shipmentsPerRun });
      let proposed = 0;
      for (const ref of refs) {
        heartbeat();
        if (await propose(deps, posti, ref)) proposed += 1;
      }
      return { sought: refs.length, proposed };
    },
  };
}

/** The same right after a refusal. Says nothing of what keeps it from asking: the refusal counts, and the watch asks again. */
export async function proposeAfterRefusal(deps: ProposalDeps, ref: ShipmentRef): Promise<void> {
  try {
    await propose(deps, createPostiDoor(deps), ref);
  } catch (error) {
    const code = isAppError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
    deps.log.warn({ ...ref, code }, 'no pickup points could be proposed yet');
  }
}

async function propose({ pool }: ProposalDeps, posti: PostiDoor, ref: ShipmentRef): Promise<boolean> {
  const seeker = await pickupPointSeeker(pool, ref);
  if (!seeker) return false;
  const call = { about: { ...ref, shipment: ref.n }, signal: cancellationSignal() };
  const points = await posti.ask(ref.storeHash, 'pickup points', (carrier) =>
    carrier.nearestPickupPoints(pickupPointQuery(seeker), call),
  );
  if (typeof points === 'string') return false;
  await saveProposals(pool, ref, toProposals(points, seeker));
  return true;
}
