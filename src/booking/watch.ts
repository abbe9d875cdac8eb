import { clockToleranceMs } from '../tracking/delivery-status.ts';
import type { Scan } from '../carriers/scan.ts';
import type { TrackedParcel } from '../carriers/port.ts';
import { findService } from './catalogue.ts';

/** What we know of an attempt that tells its parcel from anybody else's. Null where it is not known (any more). */
export interface AttemptFacts {
  readonly contractNumber: string | null;
  /** As the attempt named it, like PO2103. */
  readonly service: string | null;
  readonly postcode: string | null;
  readonly pickupPointId: string | null;
  readonly sentAt: Date;
}

export type Hit = Pick<TrackedParcel, 'service' | 'contractNumber' | 'destinationPostcode' | 'scans'>;

/**
 * Whether a parcel that Posti knows under the reference of an attempt is that attempt's. Nothing that Posti says may
 * contradict the attempt; what it leaves out does not (no field of Tracking is required, posti.md 6.1), but contract or
 * postcode has to be there: a reference alone may be a stranger's.
 */
export function isOurs(hit: Hit, attempt: AttemptFacts): boolean {
  const contract = fits(hit.contractNumber, [attempt.contractNumber]);
  // A parcel to a pickup point may be sorted by that point's routing postcode, the first five digits of its id (posti.md 5.3).
  const postcode = fits(hit.destinationPostcode, [attempt.postcode, attempt.pickupPointId?.slice(0, 5) ?? null]);
  const service = fits(canonicalService(hit.service), [canonicalService(attempt.service)]);
  if (contract === false || postcode === false || service === false) return false;
  return (contract === true || postcode === true) && hit.scans.every((scan) => !isBefore(scan, attempt.sentAt));
}

/** Undefined where one side says nothing. */
function fits(said: string | null, known: readonly (string | null)[]): boolean | undefined {
  const values = known.filter((value) => value !== null).map(bare);
  return said === null || values.length === 0 ? undefined : values.includes(bare(said));
}

const bare = (value: string): string => value.replace(/\s/g, '').toUpperCase();

const canonicalService = (id: string | null): string | null => (id === null ? null : (findService(id)?.id ?? id));

const isBefore = ({ at }: Scan, sentAt: Date): boolean =>
  at !== null && at.getTime() < sentAt.getTime() - clockToleranceMs;

/** The first scan by which a parcel was in Posti's hands; undefined while there are only the sender's own words of it. */
export function firstRealScan(scans: readonly Scan[], now: Date): Scan | undefined {
  return scans
    .filter(({ status, at }) => {
      const handled = status !== null && status !== 'unknown' && status !== 'registered';
      return handled && whenOf(at) <= now.getTime() + clockToleranceMs;
    })
    .toSorted((a, b) => (whenOf(b.at) === whenOf(a.at) ? 0 : whenOf(a.at) - whenOf(b.at)))[0];
}

/** Where a parcel is without saying since when, it has got there at some time before. */
const whenOf = (at: Date | null): number => at?.getTime() ?? -Infinity;
