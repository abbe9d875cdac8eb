import type { Settings } from '../settings/settings.ts';
import { visibleText } from '../visible-text.ts';
import { concernOfChange, sourceDigest } from './about-booked.ts';
import type { Address, Order } from '../orders/order.ts';
import type { KnownShipment } from './known-shipment.ts';

/** Digests of one and the same order: of its text as it was kept, and as it is read today. */
export interface DigestToday {
  readonly n: number;
  readonly sourceDigest: string;
  readonly accepted: readonly string[];
  readonly concern: string | null;
}

/**
 * Digests of labels, and what people accepted, of orders that were kept before their text was read as a reader sees it
 * (src/visible-text.ts). By those the same order looks changed, and a label that is right would be called wrong. What
 * differs in more than that keeps its digest, so that it is still found.
 *
 * @param kept the order as its last reading left it
 */
export function digestsToday(kept: Order, shipments: readonly KnownShipment[], settings: Settings): DigestToday[] {
  const today = asReadToday(kept);
  return shipments.flatMap((s) => {
    if (s.phase !== 'booked' && !s.attemptOut) return [];
    const was = sourceDigest(s, s.lines, kept, settings);
    const is = sourceDigest(s, s.lines, today, settings);
    if (was === null || is === null || was === is) return [];
    const renamed = (concern: string) => (concern === concernOfChange(was) ? concernOfChange(is) : concern);
    return {
      n: s.n,
      sourceDigest: s.sourceDigest === was ? is : s.sourceDigest,
      accepted: s.accepted.map(renamed),
      concern: s.concern === null ? null : renamed(s.concern),
    };
  });
}

/** As src/orders/normalise.ts and order-metafields.ts read the same text now. */
function asReadToday(order: Order): Order {
  const { pickupPointInMetafield, warehouseInMetafield, ...rest } = order;
  const point = text(pickupPointInMetafield ?? null);
  const warehouse = text(warehouseInMetafield ?? null);
  return {
    ...rest,
    ...(point === null ? {} : { pickupPointInMetafield: point }),
    ...(warehouse === null ? {} : { warehouseInMetafield: warehouse }),
    billing: addressToday(order.billing),
    addresses: order.addresses.map((address) => {
      const shippingMethod = text(address.shippingMethod);
      return {
        ...address,
        ...addressToday(address),
        shippingMethod: shippingMethod === 'None' ? null : shippingMethod,
      };
    }),
  };
}

const addressToday = (address: Address): Address => ({
  firstName: text(address.firstName),
  lastName: text(address.lastName),
  company: text(address.company),
  street1: text(address.street1),
  street2: text(address.street2),
  city: text(address.city),
  state: text(address.state),
  postcode: text(address.postcode),
  country: address.country,
  phone: text(address.phone),
  email: text(address.email),
  formFields: Object.fromEntries(
    Object.entries(address.formFields).flatMap(([name, value]) => {
      const filled = text(value);
      return filled === null ? [] : [[visibleText(name).trim(), filled]];
    }),
  ),
});

const text = (kept: string | null): string | null => visibleText(kept ?? '').trim() || null;
