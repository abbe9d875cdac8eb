import type { Party } from '../booking/carrier.ts';
import { splitIntoParcels } from '../booking/parcels.ts';
import { toParty } from '../booking/party.ts';
import { isProblem, type Problem } from '../booking/problem.ts';
import { checkService, chooseService, type ServiceChoice } from '../booking/service-rules.ts';
import type { Settings } from '../stores/settings.ts';
import type { Order, ShippingAddress } from './order.ts';
import { digestOf, type Draft, type PlannedBooking, type ShipmentOverride, type UnitsOfLine } from './shipment-plan.ts';

type Warehouse = NonNullable<Settings['warehouse']>;

/**
 * Drafts one shipment: these units to this address, by the service, parcels and parties that settings and overrides give.
 * Says all problems at once, so that a person mends them in one go.
 */
export function draftShipment(
  order: Order,
  address: ShippingAddress,
  lines: readonly UnitsOfLine[],
  settings: Settings,
  override: ShipmentOverride = {},
): Draft {
  const problems: Problem[] = [];
  const take = <T extends object>(result: T | Problem): T | null => {
    if (!isProblem(result)) return result;
    problems.push(result);
    return null;
  };

  const warehouse = take<Warehouse>(settings.warehouse ?? warehouseMissing);
  const service = take<ServiceChoice>(override.service ?? chooseService(address.shippingMethod, settings));
  const packed = override.parcels
    ? { parcels: override.parcels.map((p, i) => ({ weightGrams: p.weightGrams, units: i === 0 ? [...lines] : [] })) }
    : take(splitIntoParcels(toPack(order, lines), settings));
  const party = toParty({ ...address, ...override.address }, order.billing);
  const recipient = 'party' in party ? party.party : null;
  if ('problems' in party) problems.push(...party.problems);

  // An order has one such field: with several addresses nobody can say whose it is.
  const inMetafield = order.addresses.length === 1 ? order.pickupPointInMetafield : undefined;
  const pickupPointId =
    override.pickupPointId === undefined
      ? (chosenPickupPoint(address, settings) ?? inMetafield ?? null)
      : override.pickupPointId;
  if (service && packed && recipient) {
    problems.push(
      ...checkService({ ...service, receiver: recipient, pickupPointId, parcels: contentsOf(packed.parcels) }),
    );
  }

  const booking: PlannedBooking | null =
    warehouse && service && packed && recipient && problems.length === 0
      ? {
          service: service.service,
          addons: service.addons,
          pickupPointId,
          contractNumber: warehouse.contractNumber,
          sender: toSender(warehouse),
          labelSize: settings.labelSize,
          parcels: packed.parcels,
          freeText: `Order ${order.orderId}`,
        }
      : null;

  const plan = { addressId: address.addressId, lines, booking };
  return {
    plan,
    recipient,
    problems,
    digest: digestOf([plan, recipient, override, problems.map((p) => [p.code, p.field])]),
    sourceDigest: digestOf([
      address,
      contactFallback(order),
      lines,
      ...(inMetafield === undefined ? [] : [inMetafield]),
    ]),
  };
}

/** The pickup point's id that the shopper's choice left on the shipping address, or null. */
export function chosenPickupPoint(address: ShippingAddress, settings: Settings): string | null {
  for (const name of settings.pickupPoint.formFields) {
    const field = Object.entries(address.formFields).find(
      ([key]) => key.trim().toLowerCase() === name.trim().toLowerCase(),
    );
    const value = field?.[1].trim();
    if (value) return value;
  }
  return null;
}

const warehouseMissing: Problem = {
  code: 'warehouse_missing',
  field: 'settings.warehouse',
  problem: 'The store has no sender address and contract number yet.',
  remedy: 'Set them: npm run lahetti -- settings set <store> warehouse=…',
};

function toPack(order: Order, lines: readonly UnitsOfLine[]) {
  return lines.map(({ lineId, quantity }) => {
    const line = order.lines.find((candidate) => candidate.lineId === lineId);
    return {
      lineId,
      quantity,
      sku: line?.sku || line?.name || String(lineId),
      unitWeightGrams: line?.weightGrams ?? null,
    };
  });
}

const contentsOf = (parcels: readonly { readonly weightGrams: number }[]) =>
  parcels.map(({ weightGrams }) => ({ weightGrams, contents: null }));

/** What the recipient falls back on where the shipping address has none. */
const contactFallback = ({ billing }: Order) => [billing.phone, billing.email];

function toSender({ sender }: Warehouse): Party {
  return {
    name: sender.name,
    contact: null,
    address1: sender.address1,
    address2: null,
    postcode: sender.postcode,
    city: sender.city,
    country: sender.country,
    phone: sender.phone,
    email: sender.email,
  };
}
