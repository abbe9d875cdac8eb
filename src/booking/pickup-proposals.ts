import { findService } from './catalogue.ts';
import type { PickupPoint, PickupPointQuery } from '../carriers/port.ts';
import type { Problem } from '../domain/problem.ts';

/** A pickup point to choose in place of one that is missing or refused. */
export interface PickupProposal {
  readonly id: string;
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly distanceMetres: number | null;
}

/** A problem of a pickup point, with what could be chosen instead; `problems[]` of `people_problem`. */
export interface ProblemWithProposals extends Problem {
  readonly proposals: readonly PickupProposal[];
}

/** Problems that another pickup point mends. */
export const mendedByPickupPoint = ['pickup_point_missing', 'pickup_point_invalid', 'pickup_point_inactive'] as const;

export const isMendedByPickupPoint = (code: string): boolean => mendedByPickupPoint.some((known) => known === code);

/** A shipment for which pickup points are sought. */
export interface PickupPointSeeker {
  readonly country: string;
  readonly postcode: string;
  /** Null where the plan could not say it. */
  readonly service: string | null;
  readonly addons: readonly string[];
  /** A unit fits into no locker. */
  readonly tooLargeForLockers: boolean;
  /** The one that is refused. */
  readonly pickupPointId: string | null;
}

const proposed = 3;

/** One more than is proposed: the refused one may be among the nearest, since lists name it like any other (posti.md 5.3). */
export const pickupPointQuery = (seeker: PickupPointSeeker): PickupPointQuery => ({
  country: seeker.country,
  postcode: seeker.postcode,
  street: null,
  city: null,
  limit: proposed + 1,
  product: (seeker.service === null ? null : findService(seeker.service)?.product) ?? null,
  lockers: lockersFor(seeker),
  limitedQuantities: seeker.addons.includes('FDNGPP'),
});

/** Which lockers could take the parcel: NOBOX keeps it out of those outdoors (posti.md 8.3). */
function lockersFor({ addons, tooLargeForLockers }: PickupPointSeeker): PickupPointQuery['lockers'] {
  if (tooLargeForLockers) return 'none';
  return addons.includes('NOBOX') ? 'indoors' : 'any';
}

/** @param points nearest first */
export const toProposals = (points: readonly PickupPoint[], seeker: PickupPointSeeker): PickupProposal[] =>
  points
    .filter(({ id }) => id !== seeker.pickupPointId)
    .slice(0, proposed)
    .map(({ id, name, street, city, distanceMetres }) => ({ id, name, street, city, distanceMetres }));

/** Names the proposals in the remedy too, for those who only read it. Other problems stay as they are. */
export function withProposals(problem: Problem, proposals: readonly PickupProposal[]): Problem | ProblemWithProposals {
  if (!isMendedByPickupPoint(problem.code)) return problem;
  const nearest = proposals.map(({ id, name, distanceMetres }) => [`${id} ${name}`, distance(distanceMetres)]);
  const words = nearest.map((parts) => parts.filter((part) => part !== null).join(', ')).join('; ');
  const remedy = words === '' ? problem.remedy : `${problem.remedy.replace(/\.$/, '')} – nearest: ${words}.`;
  return { ...problem, remedy, proposals };
}

function distance(metres: number | null): string | null {
  if (metres === null) return null;
  return metres < 1_000 ? `${Math.round(metres)} m` : `${(metres / 1_000).toFixed(1)} km`;
}
