import type { OrderState } from '../src/domain/order-state.ts';
import type { UnshippedReason } from '../src/domain/reasons.ts';
import type { OrderView } from '../src/orders/view.ts';
import { judgeAttempts, liveBooking } from './attempt-checker.ts';
import type { PostiBooking } from './posti.ts';
import type { ScenarioEnd, ShipmentEnd } from './scenario.ts';
import { status } from './scenarios/orders.ts';
import type { ShopOrder } from './shop.ts';

/** What is known of an order: what we say, and what the stand-ins' books say. */
export interface Evidence {
  readonly view: OrderView | undefined;
  /** By the number of the shipment. */
  readonly bookings: ReadonlyMap<number, readonly PostiBooking[]>;
  readonly shopOrder: ShopOrder;
}

export interface Leniency {
  /** Programs were killed or cut off meanwhile: an attempt more may be lost, as long as we list it. */
  readonly attemptsMayBeLost: boolean;
}

/** Whether an order may have come to its end; cheap, for asking often. {@link judge} says whether it ended well. */
export function hasComeToItsEnd(state: OrderState | undefined, end: ScenarioEnd): boolean {
  if (state?.phase !== end.phase || state.shipments.length !== end.shipments.length) return false;
  if (inWords(state.unshipped) !== inWords(end.unshipped ?? {})) return false;
  return state.shipments.every((shipment, i) => {
    const expected = end.shipments[i];
    if (expected?.attention && shipment.attention?.code !== expected.attention) return false;
    return shipment.phase === expected?.phase;
  });
}

/** All that is not as the scenario says, in sentences; none means that the order ended as it should. Pure. */
export function judge(
  end: ScenarioEnd,
  { view, bookings, shopOrder }: Evidence,
  leniency: Leniency = { attemptsMayBeLost: false },
): string[] {
  const state = view?.state;
  if (!state) return ['We do not know the order.'];
  const complaints: string[] = [];
  const expect = expectations(complaints);

  expect('The order', state.phase, end.phase);
  if (['done', 'ignored', 'cancelled'].includes(end.phase)) expect('Its workflow', view.engine, 'not_running');
  expect('The number of shipments', state.shipments.length, end.shipments.length);
  expect('What is not shipped', inWords(state.unshipped), inWords(end.unshipped ?? {}));
  const shopStatus = end.shopStatus ?? (isAllShipped(end) ? status.shipped : undefined);
  if (shopStatus !== undefined) expect("The order's status in the shop", shopOrder.status_id, shopStatus);
  end.shipments.forEach((expected, i) =>
    complaints.push(...judgeShipment(expected, i + 1, { view, bookings, shopOrder }, leniency)),
  );

  for (const [n, booked] of bookings) {
    if (!end.shipments[n - 1]) complaints.push(`Posti has ${booked.length} bookings of a shipment ${n}.`);
  }
  const numbers = state.shipments.filter((s) => s.phase !== 'cancelled').flatMap((s) => s.trackingNumbers);
  for (const { tracking_number: number, by } of shopOrder.shipments) {
    if (by === 'control' || numbers.includes(number)) continue;
    complaints.push('The shop shows a tracking number that is not of a live shipment.');
  }
  return complaints;
}

/** All of it is with Posti or where Posti brought it, and the shop was told of every unit. */
const isAllShipped = ({ phase, shipments }: ScenarioEnd): boolean =>
  phase === 'done' && shipments.every((each) => each.phase === 'delivered' || each.phase === 'returned');

function judgeShipment(
  end: ShipmentEnd,
  n: number,
  { view, bookings, shopOrder }: Evidence,
  leniency: Leniency,
): string[] {
  const shipment = view?.state?.shipments.find((each) => each.n === n);
  const detail = view?.shipments.find((each) => each.n === n);
  if (!shipment) return [];
  const complaints: string[] = [];
  const expect = expectations(complaints, ` of shipment ${n}`);
  const booked = bookings.get(n) ?? [];
  const attempts = detail?.attempts ?? [];

  expect('The phase', shipment.phase, end.phase);
  expect('The service', detail?.service, end.service);
  expect('What it needs a person for', shipment.attention?.code ?? 'nothing', end.attention ?? 'nothing');
  complaints.push(...judgeAttempts(end, n, booked, attempts, leniency));
  if (end.phase === 'planned' || end.phase === 'cancelled') return complaints;

  const live = liveBooking(booked, attempts);
  expect("The service in Posti's books", live?.service, end.service);
  expect("The pickup point in Posti's books", live?.agent ?? 'none', end.pickupPoint ?? 'none');
  if (end.contract) expect("The contract in Posti's books", live?.contract, end.contract);
  for (const text of end.printed ?? []) {
    const printed = live?.printed ?? [];
    expect(
      `Whether the label shows "${text}"`,
      printed.some((line) => line.includes(text)),
      true,
    );
  }
  if (end.grams !== undefined) {
    const grams = live?.parcels.reduce((sum, { weight = 0 }) => sum + Math.round(weight * 1_000), 0);
    expect("The weight in Posti's books, in grams,", grams, end.grams);
  }
  if (end.postcode) expect("The receiver's postcode in Posti's books", live?.receiver.zipcode, end.postcode);
  expect(
    "The parcels in Posti's books",
    live?.parcels.map(({ parcelNo }) => parcelNo).sort(),
    [...shipment.trackingNumbers].sort(),
  );
  expect('The number of parcels', shipment.trackingNumbers.length, end.parcels);
  if (end.deliveryStatus) expect('The delivery status', shipment.deliveryStatus, end.deliveryStatus);
  expect('Whether a label is kept', shipment.labelKept, true);
  expect('What the shop was told', shipment.told, end.told ?? 'told');
  if (shipment.told !== 'told') return complaints;

  const told = shopOrder.shipments.filter((record) => shipment.trackingNumbers.includes(record.tracking_number));
  expect("The number of the shop's records", told.length, end.records ?? 1);
  expect("The first number in the shop's records", told[0]?.tracking_number, shipment.trackingNumbers[0]);
  if (end.shopperReads) {
    const { link, method } = end.shopperReads;
    expect("Whether the link in the shop's record is the shopper's", told[0]?.tracking_link?.includes(link), true);
    expect("The method in the shop's record", told[0]?.shipping_method, method);
  }
  const units = told.flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0);
  if (end.units !== undefined) expect("The number of units in the shop's records", units, end.units);
  return complaints;
}

export function expectations(complaints: string[], ofWhat = '') {
  return (what: string, is: unknown, should: unknown): void => {
    if (String(is) !== String(should))
      complaints.push(`${what}${ofWhat} is ${String(is)} and should be ${String(should)}.`);
  };
}

const inWords = (unshipped: Partial<Record<UnshippedReason, number>>): string =>
  Object.entries(unshipped)
    .filter(([, units]) => units > 0)
    .map(([reason, units]) => `${units} ${reason}`)
    .sort()
    .join(', ') || 'nothing';
