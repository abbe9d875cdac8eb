import type { Party } from '../carriers/port.ts';
import { findService } from '../booking/catalogue.ts';
import { contentsOf } from './contents.ts';
import { customsDataMissing, customsOf } from './customs.ts';
import { splitIntoParcels } from './parcels.ts';
import { toParty } from '../booking/party.ts';
import { readPhone } from './phone.ts';
import type { PlanNote } from './plan-notes.ts';
import { isProblem, type Problem } from '../domain/problem.ts';
import { checkSizes, isSmallerThanLeast, isTooLargeForLockers } from '../booking/size-rules.ts';
import {
  checkService,
  chooseService,
  heaviestToPoint,
  isPointId,
  type ServiceChoice,
  type ServiceLimits,
} from '../booking/service-rules.ts';
import { settingsFor } from '../settings/storefronts.ts';
import type { Settings, Warehouse } from '../settings/settings.ts';
import type { Order, ShippingAddress } from '../orders/order.ts';
import { choosePickupPoint, metafieldOf, type ChosenPickupPoint } from './pickup-point.ts';
import { goodsOf } from './replaced-lines.ts';
import { chooseWarehouse, isDefault } from './warehouse.ts';
import {
  digestOf,
  type Draft,
  type PlannedBooking,
  type PlannedParcel,
  type ShipmentOverride,
  type UnitsOfLine,
} from './shipment-plan.ts';

/** What a person said of the shipment. */
export interface ByAPerson {
  readonly override?: ShipmentOverride | null | undefined;
  /** Facts that a person has accepted. */
  readonly accepted?: readonly string[];
}

/**
 * Drafts one shipment: these units to this address, by the service, warehouse, parcels and parties that the settings (of the
 * order's storefront) and overrides give. What is booked later is what is written down here, whatever settings say then.
 * Says all problems at once, so that a person mends them in one go.
 */
export function draftShipment(
  order: Order,
  address: ShippingAddress,
  lines: readonly UnitsOfLine[],
  storeSettings: Settings,
  byAPerson: ByAPerson = {},
): Draft {
  const settings = settingsFor(storeSettings, order.channelId);
  const override = byAPerson.override ?? {};
  const problems: Problem[] = [];
  const notes: PlanNote[] = [];
  const take = <T extends object>(result: T | Problem): T | null => {
    if (!isProblem(result)) return result;
    problems.push(result);
    return null;
  };

  const warehouse = take(chooseWarehouse(order, address, settings, override.warehouse));
  const service = take<ServiceChoice>(override.service ?? chooseService(address.shippingMethod, settings));
  const point: ChosenPickupPoint =
    override.pickupPointId === undefined
      ? choosePickupPoint(order, address, settings, service?.service ?? null)
      : { id: override.pickupPointId, notes: [] };
  const pickupPointId = point.id;
  notes.push(...point.notes);
  const limits: ServiceLimits = {
    pickupPointGrams: settings.pickupPoint.heaviestGrams,
    stoppedCountries: settings.stoppedCountries,
  };

  const units = toPack(order, lines);
  const parcels = override.parcels
    ? override.parcels.map((p, i) => ({ weightGrams: p.weightGrams, units: i === 0 ? [...lines] : [] }))
    : take(splitIntoParcels(units, packingRules(settings, service, pickupPointId, limits)))?.parcels;
  const labelSize = warehouse?.labelSize ?? settings.labelSize;
  const party = toParty({ ...address, ...override.address }, order.billing, {
    labelSize,
    label: settings.labelPrints,
    toPickupPoint: pickupPointId !== null,
  });
  const recipient = 'party' in party ? party.party : null;
  if ('problems' in party) problems.push(...party.problems);
  else notes.push(...party.notes);

  const tooLargeForLockers = service !== null && isTooLargeForLockers(service, units);
  // Also of an address with mistakes, and of goods that fit no parcel: who mends one thing is to know of the others.
  const receiver = 'party' in party ? party.party : party.soFar;
  if (service && receiver) {
    const found = checkService({ ...service, receiver, pickupPointId, parcels: withoutUnits(parcels ?? []) }, limits);
    problems.push(...found.filter(({ code }) => parcels || code !== 'parcels_missing'));
  }
  // Who says what the parcels are has seen the goods.
  if (service && !override.parcels) problems.push(...checkSizes(service, units));
  if (service && parcels && recipient) {
    if (tooLargeForLockers && pickupPointId !== null) notes.push('too_large_for_lockers');
    if (!override.parcels && isSmallerThanLeast(service, units)) notes.push('smaller_than_least_parcel');
    if (!override.parcels && parcels.some((parcel) => weighsLess(parcel, units))) notes.push('weight_raised');
  }

  const customs = warehouse && recipient ? customsOf(warehouse.sender, recipient) : null;
  const concern = customs === null ? null : `${concernOfCustoms}${digestOf([customs, lines])}`;
  if (customs && recipient && concern !== null) {
    if (settings.customs.papersElsewhere.includes(customs.papers)) notes.push('customs_papers_elsewhere');
    else if (byAPerson.accepted?.includes(concern)) notes.push('customs_accepted');
    else problems.push(customsDataMissing(recipient, customs, units));
  }

  const booking: PlannedBooking | null =
    warehouse && service && parcels && recipient && problems.length === 0
      ? {
          service: service.service,
          addons: service.addons,
          pickupPointId,
          contractNumber: warehouse.contractNumber,
          sender: toSender(warehouse),
          labelSize,
          parcels: parcels.map((parcel) => ({ ...parcel, contents: contentsOf(namesOf(order, parcel), settings) })),
          freeText: `Order ${order.orderId}`,
        }
      : null;

  const content = { addressId: address.addressId, lines, booking };
  // A rate is written once, at checkout: it can't change under a label.
  const { pickupPointInQuote: _rate, ...addressNow } = address;
  const inMetafield = metafieldOf(order);
  const inMetafields = [
    ...(inMetafield === null ? [] : [inMetafield]),
    ...(order.warehouseInMetafield === undefined ? [] : [['warehouse', order.warehouseInMetafield]]),
  ];
  return {
    plan: {
      ...content,
      goods: goodsOf(order, lines),
      warehouse: warehouse?.code ?? null,
      wanted: service && {
        ...service,
        pickupPointId: pickupPointId !== null && isPointId(pickupPointId) ? pickupPointId : null,
        tooLargeForLockers,
      },
      notes,
    },
    recipient,
    problems,
    concern: problems.some(({ code }) => code === 'customs_data_missing') ? concern : null,
    digest: digestOf([
      content,
      recipient,
      override,
      // With the words: what staff read is to be true of the order as it is now.
      problems.map((p) => [p.code, p.field, p.problem]),
      // Its sender and contract are in the booking; the name counts too, since the packers go by it.
      ...(warehouse && !isDefault(warehouse, settings) ? [warehouse.code] : []),
    ]),
    sourceDigest: digestOf([addressNow, contactFallback(order), lines, ...inMetafields]),
  };
}

function toPack(order: Order, lines: readonly UnitsOfLine[]) {
  return lines.map(({ lineId, quantity }) => {
    const line = order.lines.find((candidate) => candidate.lineId === lineId);
    return {
      lineId,
      quantity,
      sku: line?.sku || line?.name || String(lineId),
      unitWeightGrams: line?.weightGrams ?? null,
      sizeMillimetres: line?.sizeMillimetres ?? null,
    };
  });
}

const concernOfCustoms = 'plan/customs/';

/** With a pickup point, parcels are made that it takes – unless a unit alone is heavier, which is a question then. */
function packingRules(
  settings: Settings,
  choice: ServiceChoice | null,
  pickupPointId: string | null,
  limits: ServiceLimits,
): Parameters<typeof splitIntoParcels>[1] {
  const service = choice ? findService(choice.service) : undefined;
  const toPoint = service && pickupPointId !== null ? heaviestToPoint(service, limits) : null;
  return {
    defaultWeightGrams: settings.defaultWeightGrams,
    parcelWeightLimitGrams: settings.parcelWeightLimitGrams,
    pickupPointLimitGrams: toPoint,
    lightestGrams: service?.minWeightGrams ?? 1,
  };
}

function weighsLess({ weightGrams, units }: PlannedParcel, packed: ReturnType<typeof toPack>): boolean {
  const weights = units.map(
    ({ lineId, quantity }) => quantity * (packed.find((line) => line.lineId === lineId)?.unitWeightGrams ?? 0),
  );
  const inside = weights.reduce((sum, weight) => sum + weight, 0);
  return inside > 0 && inside < weightGrams;
}

const namesOf = (order: Order, { units }: PlannedParcel): string[] =>
  units.flatMap(({ lineId }) => order.lines.find((line) => line.lineId === lineId)?.name ?? []);

const withoutUnits = (parcels: readonly PlannedParcel[]) =>
  parcels.map(({ weightGrams }) => ({ weightGrams, contents: null }));

/** What the recipient falls back on where the shipping address has none. */
const contactFallback = ({ billing }: Order) => [billing.phone, billing.email];

function toSender({ sender }: Warehouse): Party {
  const phone = readPhone(sender.phone, sender.country);
  return {
    name: sender.name,
    contact: null,
    address1: sender.address1,
    address2: null,
    postcode: sender.postcode,
    city: sender.city,
    state: null,
    country: sender.country,
    phone: phone?.e164 ?? sender.phone,
    mobile: phone?.mobile ? phone.e164 : null,
    email: sender.email,
  };
}
