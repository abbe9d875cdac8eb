import { isDeepStrictEqual } from 'node:util';
import type { OrderWithCommands, ShipmentState } from '../../src/domain/order-state.ts';
import type { Evidence, KnownAttempt } from './evidence.ts';
import { complaintsAboutChange } from './legal-changes.ts';
import { cancelled, type Facts } from './facts.ts';

/** BigCommerce's statuses Shipped and Partially Shipped (bigcommerce.md 2.7). */
const shipped: readonly number[] = [2, 3];

/** What has to hold of an order at rest, whatever was done to it. What does not, in sentences. */
export function complaints(evidence: Evidence, facts: Facts): string[] {
  return [
    ...evidence.failedRuns,
    ...evidence.changes.flatMap(complaintsAboutChange),
    ...bothSayTheSame(evidence),
    ...nothingIsForgotten(evidence, facts),
    ...thereIsAWayOut(evidence.stored),
    ...unitsGoOnce(evidence, facts),
    ...bookingsAreKnown(evidence),
    ...labelsAreOutOnce(evidence, facts),
    ...theShopKnows(evidence, facts),
    ...heldIsHeld(evidence, facts),
    ...cancelledIsCancelled(evidence, facts),
    ...cancelledStaysSo(evidence, facts),
    ...shippedHasRecords(evidence, facts),
    ...theTimelineEndsSo(evidence),
  ];
}

/** The stored projection is the workflow's own answer, and what people are shown. */
function bothSayTheSame({ stored, live, view }: Evidence): string[] {
  const difference = (who: string, one: object, other: object) =>
    isDeepStrictEqual(one, other) ? [] : [`${who} ${JSON.stringify(one)}, and the database ${JSON.stringify(other)}.`];
  return [
    ...(live ? difference('The workflow says', asTheWorkflowHears(live), asTheWorkflowHears(stored)) : []),
    ...(view ? difference('People are shown', withoutMoment(view), withoutMoment(stored)) : []),
  ];
}

/** The moment of a phase is taken twice, a few milliseconds apart. */
const withoutMoment = ({ since: _since, ...rest }: OrderWithCommands) => rest;

/** It hears of an attempt with its outcome only. */
const asTheWorkflowHears = (state: OrderWithCommands) => ({
  ...withoutMoment(state),
  commands: [],
  shipments: state.shipments.map(({ attemptOut: _out, attempts: _attempts, commands: _commands, ...rest }) => rest),
});

/** At rest each shipment has ended, or waits for somebody: a person, the shop, the carrier's answer or the parcel. */
function nothingIsForgotten({ stored, planned, inShop }: Evidence, { held, isLockedOut }: Facts): string[] {
  const waitsForAccount = (s: ShipmentState) => isLockedOut && s.phase === 'planned';
  const idle = stored.shipments
    .filter((s) => !isEnded(s) && !held.includes(s.n) && !waitsForSomebody(s) && !waitsForAccount(s))
    .map((s) => `Shipment ${s.n} rests although something can be done: ${JSON.stringify(s)}.`);
  const given = Object.values(stored.unshipped).reduce((sum, units) => sum + units, 0);
  const goes = (n: number) => stored.shipments.some((s) => s.n === n && s.phase !== 'cancelled');
  const accounted = given + planned.reduce((sum, { n, units }) => sum + (goes(n) ? units : 0), 0);
  const ordered = inShop.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return accounted >= ordered
    ? idle
    : [...idle, `${ordered} units are ordered; ${accounted} go or have a reason not to.`];
}

const isEnded = (s: ShipmentState): boolean => ['delivered', 'returned', 'cancelled'].includes(s.phase);

function waitsForSomebody(s: ShipmentState): boolean {
  if (s.attemptOut || s.cancelling || s.lookAgain) return false;
  if (s.phase === 'planned') return s.blocked !== null || s.attention !== null;
  return s.labelKept && s.told !== 'not_yet';
}

/** Who needs a person is told what helps; who waits for the shop can be commanded as well. */
function thereIsAWayOut({ phase, attention, shipments, commands }: OrderWithCommands): string[] {
  const stuck = shipments
    .filter((s) => s.attention !== null && (!isEnded(s) || s.attention.code === 'scan_on_orphan'))
    .filter((s) => s.attention?.commands.length === 0)
    .map((s) => `Shipment ${s.n} needs a person for ${s.attention?.code}, and no command helps.`);
  if (attention?.commands.length === 0)
    stuck.push(`The order needs a person for ${attention.code}, and no command helps.`);
  if (phase === 'waiting' && !commands.some((kind) => ['unhold', 'book', 'cancel'].includes(kind)))
    stuck.push('The order waits, and no command leads on.');
  return stuck;
}

/** No unit is in two parcels that are on their way, or were. */
function unitsGoOnce({ attempts, stored }: Evidence, { everOrdered }: Facts): string[] {
  const going = attempts.filter(({ state }) => state === 'live' || state === 'sent');
  const found: string[] = [];
  for (const [lineId, ordered] of everOrdered) {
    const units = going
      .flatMap(({ lines }) => lines)
      .reduce((sum, u) => sum + (u.lineId === lineId ? u.quantity : 0), 0);
    if (units > ordered) found.push(`Of line ${lineId} ${ordered} units were ordered, and ${units} are on their way.`);
  }
  for (const s of stored.shipments) {
    const live = going.filter(({ n }) => n === s.n).length;
    if (live > 1) found.push(`Shipment ${s.n} has ${live} bookings that count.`);
    if (
      ['booked', 'delivered', 'returned'].includes(s.phase) !==
      going.some(({ n, state }) => n === s.n && state === 'live')
    )
      found.push(`Shipment ${s.n} is ${s.phase}, which its bookings are not.`);
  }
  return found;
}

/** All that Posti booked is a row of ours: the one that counts, or one that is listed. */
function bookingsAreKnown({ attempts, bookings }: Evidence): string[] {
  const known = new Map(attempts.map((attempt) => [attempt.reference, attempt]));
  const found = bookings.flatMap(({ reference }) => {
    const attempt = known.get(reference);
    return attempt && mayBeBooked(attempt)
      ? []
      : [`Posti booked ${reference}, which is ${attempt?.state ?? 'not ours'}.`];
  });
  const atPosti = new Set(bookings.map(({ reference }) => reference));
  const notThere = attempts.filter(({ state, reference }) => state === 'live' && !atPosti.has(reference));
  return [...found, ...notThere.map(({ reference }) => `Our live booking ${reference} is not in Posti's books.`)];
}

function mayBeBooked({ state, watch }: KnownAttempt): boolean {
  if (state === 'live' || state === 'sent') return true;
  return ['superseded', 'withdrawn', 'unknown'].includes(state) && watch !== null && watch !== 'cleared';
}

/** A label that somebody has is replaced or taken back only on a person's word that it was destroyed. */
function labelsAreOutOnce({ attempts }: Evidence, { saidDestroyed }: Facts): string[] {
  return attempts
    .filter(({ state, labelHandedOut }) => labelHandedOut && (state === 'superseded' || state === 'withdrawn'))
    .filter(({ reference }) => !saidDestroyed.has(reference))
    .map(({ reference }) => `The label of ${reference} is out, and its booking no longer counts.`);
}

/** The shop has one record of what it was told of, and none of what was taken back. */
function theShopKnows({ stored, attempts, inShop }: Evidence, { deletedInShop }: Facts): string[] {
  const recordsOf = (numbers: readonly string[]) =>
    inShop.shipments.filter(({ tracking_number }) => numbers.includes(tracking_number)).length;
  return stored.shipments.flatMap((s) => {
    const all = attempts.filter(({ n }) => n === s.n).flatMap(({ numbers }) => numbers);
    const records = recordsOf(all);
    if (records > 1) return [`The shop has ${records} records of shipment ${s.n}.`];
    if (s.phase === 'cancelled')
      return records > 0 ? [`The shop has a record of shipment ${s.n}, which is cancelled.`] : [];
    if (s.told !== 'told' || s.trackingNumbers.some((number) => deletedInShop.has(number))) return [];
    return recordsOf(s.trackingNumbers) === 1 ? [] : [`The shop was told of shipment ${s.n}, and has no record of it.`];
  });
}

/** Nothing more is booked of an order that is on hold. */
function heldIsHeld({ bookings }: Evidence, { bookedBeforeHold }: Facts): string[] {
  if (bookedBeforeHold === null) return [];
  return bookings
    .filter(({ reference }) => !bookedBeforeHold.has(reference))
    .map(({ reference }) => `${reference} was booked although the order is on hold.`);
}

/** Nothing of an order that is cancelled in the shop goes on, unless a person has to say or has said so, or it has left. */
function cancelledIsCancelled({ stored, inShop, accepted }: Evidence, { held }: Facts): string[] {
  if (inShop.status_id !== cancelled) return [];
  const scanned = (s: ShipmentState) => s.deliveryStatus !== 'unknown' && s.deliveryStatus !== 'registered';
  return stored.shipments
    .filter((s) => !isEnded(s) && !held.includes(s.n) && s.attention === null && !scanned(s) && !accepted.includes(s.n))
    .map((s) => `The order is cancelled in the shop, and shipment ${s.n} is ${s.phase}.`);
}

/** What our records made of the status of an order that we knew to be cancelled is put back with the last of them. */
function cancelledStaysSo({ inShop }: Evidence, { held, readAsCancelled }: Facts): string[] {
  if (!readAsCancelled || held.length > 0 || inShop.shipments.length > 0 || inShop.status_id === cancelled) return [];
  return [`The order was cancelled in the shop, has no record there, and is in status ${inShop.status_id}.`];
}

/** What our records made of the status goes with the last of them. */
function shippedHasRecords({ inShop }: Evidence, { held, statusIsTheirs }: Facts): string[] {
  if (statusIsTheirs || held.length > 0 || inShop.shipments.length > 0 || !shipped.includes(inShop.status_id))
    return [];
  return [`The order has no record in the shop, and is in status ${inShop.status_id}.`];
}

function theTimelineEndsSo({ stored, timeline }: Evidence): string[] {
  const last = timeline.findLast((what) => what.startsWith('order_') && what !== 'order_kept_back');
  // An order begins as waiting, which nobody has to be told.
  return (last ?? 'order_waiting') === `order_${stored.phase}`
    ? []
    : [`The timeline ends with ${last}, and the order is ${stored.phase}.`];
}
