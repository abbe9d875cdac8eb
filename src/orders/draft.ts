import type { Party } from '../booking/carrier.ts';
import { splitIntoParcels } from '../booking/parcels.ts';
import { toParty } from '../booking/party.ts';
import { isProblem, type Problem } from '../booking/problem.ts';
import { checkSizes } from '../booking/size-rules.ts';
import { checkService, chooseService, type ServiceChoice } from '../booking/service-rules.ts';
import { settingsFor } from '../stores/storefronts.ts';
import type { Settings, Warehouse } from '../stores/settings.ts';
import type { Order, ShippingAddress } from './order.ts';
import { chosenPickupPoint, metafieldOf } from './pickup-point.ts';
import { goodsOf } from './replaced-lines.ts';
import { chooseWarehouse, isDefault } from './warehouse.ts';
import { digestOf, type Draft, type PlannedBooking, type ShipmentOverride, type UnitsOfLine } from './shipment-plan.ts';

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
  override: ShipmentOverride = {},
): Draft {
  const settings = settingsFor(storeSettings, order.channelId);
  const problems: Problem[] = [];
  const take = <T extends object>(result: T | Problem): T | null => {
    if (!isProblem(result)) return result;
    problems.push(result);
    return null;
  };

  const warehouse = take(chooseWarehouse(order, address, settings, override.warehouse));
  const service = take<ServiceChoice>(override.service ?? chooseService(address.shippingMethod, settings));
  const packed = override.parcels
    ? { parcels: override.parcels.map((p, i) => ({ weightGrams: p.weightGrams, units: i === 0 ? [...lines] : [] })) }
    : take(splitIntoParcels(toPack(order, lines), settings));
  const party = toParty({ ...address, ...override.address }, order.billing);
  const recipient = 'party' in party ? party.party : null;
  if ('problems' in party) problems.push(...party.problems);

  const pickupPointId =
    override.pickupPointId === undefined ? chosenPickupPoint(order, address, settings) : override.pickupPointId;
  if (service && packed && recipient) {
    problems.push(
      ...checkService({ ...service, receiver: recipient, pickupPointId, parcels: contentsOf(packed.parcels) }),
      // Who says what the parcels are has seen the goods.
      ...(override.parcels ? [] : checkSizes(service, toPack(order, lines))),
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
          labelSize: warehouse.labelSize ?? settings.labelSize,
          parcels: packed.parcels,
          freeText: `Order ${order.orderId}`,
        }
      : null;

  const content = { addressId: address.addressId, lines, booking };
  // A rate is written once, at checkout: it can't change under a label.
  const { pickupPointInQuote: _rate, ...addressNow } = address;
  const point = metafieldOf(order);
  const inMetafields = [
    ...(point === null ? [] : [point]),
    ...(order.warehouseInMetafield === undefined ? [] : [['warehouse', order.warehouseInMetafield]]),
  ];
  return {
    plan: { ...content, goods: goodsOf(order, lines), warehouse: warehouse?.code ?? null },
    recipient,
    problems,
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
