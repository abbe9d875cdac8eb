import type { OrderState, UnshippedReason } from '../workflows/contract.ts';
import type { OrderView } from '../src/http/api/order-view.ts';
import type { PostiBooking } from './posti.ts';
import type { ScenarioEnd, ShipmentEnd } from './scenario.ts';
import type { ShopOrder } from './shop.ts';

/** What is known of an order: what we say, and what the stand-ins' books say. */
export interface Evidence {
  readonly view: OrderView | undefined;
  /** By the number of the shipment. */
  readonly bookings: ReadonlyMap<number, readonly PostiBooking[]>;
  readonly shopOrder: ShopOrder;
}

/** Whether an order may have come to its end; cheap, for asking often. {@link judge} says whether it ended well. */
export function hasComeToItsEnd(state: OrderState | undefined, end: ScenarioEnd): boolean {
  if (state?.phase !== end.phase || state.shipments.length !== end.shipments.length) return false;
  return state.shipments.every((shipment, i) => shipment.phase === end.shipments[i]?.phase);
}

/** All that is not as the scenario says, in sentences; none means that the order ended as it should. Pure. */
export function judge(end: ScenarioEnd, { view, bookings, shopOrder }: Evidence): string[] {
  const state = view?.state;
  if (!state) return ['We do not know the order.'];
  const complaints: string[] = [];
  const expect = (what: string, is: unknown, should: unknown) => {
    if (String(is) !== String(should)) complaints.push(`${what} is ${String(is)} and should be ${String(should)}.`);
  };

  expect('The order', state.phase, end.phase);
  if (['done', 'ignored', 'cancelled'].includes(end.phase)) expect('Its workflow', view.engine, 'not_running');
  expect('The number of shipments', state.shipments.length, end.shipments.length);
  expect('What is not shipped', inWords(state.unshipped), inWords(end.unshipped ?? {}));
  end.shipments.forEach((expected, i) =>
    complaints.push(...judgeShipment(expected, i + 1, { view, bookings, shopOrder })),
  );

  for (const [n, booked] of bookings) {
    if (!end.shipments[n - 1]) complaints.push(`Posti has ${booked.length} bookings of a shipment ${n}.`);
  }
  const numbers = state.shipments.flatMap(({ trackingNumbers }) => trackingNumbers);
  for (const { tracking_number: number } of shopOrder.shipments) {
    if (!numbers.includes(number)) complaints.push('The shop shows a tracking number that is not of a live shipment.');
  }
  return complaints;
}

function judgeShipment(end: ShipmentEnd, n: number, { view, bookings, shopOrder }: Evidence): string[] {
  const complaints: string[] = [];
  const expect = (what: string, is: unknown, should: unknown) => {
    if (String(is) === String(should)) return;
    complaints.push(`${what} of shipment ${n} is ${String(is)} and should be ${String(should)}.`);
  };
  const shipment = view?.state?.shipments.find((each) => each.n === n);
  const detail = view?.shipments.find((each) => each.n === n);
  if (!shipment) return [];
  const booked = bookings.get(n) ?? [];
  const usable = booked.filter(({ usableLabel }) => usableLabel);

  expect('The phase', shipment.phase, end.phase);
  expect('The service', detail?.service, end.service);
  complaints.push(...unlistedOrphans(n, booked, detail?.attempts ?? []));
  if (end.phase === 'planned' || end.phase === 'cancelled') {
    expect("The number of usable labels in Posti's books", usable.length, 0);
    return complaints;
  }

  expect("The number of usable labels in Posti's books", usable.length, 1);
  const [live] = usable;
  expect("The service in Posti's books", live?.service, end.service);
  expect("The pickup point in Posti's books", live?.agent ?? 'none', end.pickupPoint ?? 'none');
  expect(
    "The parcels in Posti's books",
    live?.parcels.map(({ parcelNo }) => parcelNo).sort(),
    [...shipment.trackingNumbers].sort(),
  );
  expect('The number of parcels', shipment.trackingNumbers.length, end.parcels);
  if (end.deliveryStatus) expect('The delivery status', shipment.deliveryStatus, end.deliveryStatus);
  expect('Whether a label is kept', shipment.labelKept, true);
  expect('What the shop was told', shipment.told, 'told');
  const told = shopOrder.shipments.filter((record) => record.tracking_number === shipment.trackingNumbers[0]);
  expect("The number of the shop's records", told.length, 1);
  return complaints;
}

/** A booking that Posti has and whose label nobody has: we must have its attempt down as one that is not live. */
function unlistedOrphans(
  n: number,
  booked: readonly PostiBooking[],
  attempts: readonly { readonly reference: string; readonly state: string }[],
): string[] {
  return booked.flatMap(({ usableLabel, reference }) => {
    if (usableLabel) return [];
    const attempt = attempts.find((each) => each.reference === reference);
    if (attempt && attempt.state !== 'live') return [];
    return [`Posti has a booking ${reference} of shipment ${n} without a label, and we do not list it as an orphan.`];
  });
}

const inWords = (unshipped: Partial<Record<UnshippedReason, number>>): string =>
  Object.entries(unshipped)
    .filter(([, units]) => units > 0)
    .map(([reason, units]) => `${units} ${reason}`)
    .sort()
    .join(', ') || 'nothing';
