import { z } from 'zod';
import type { WireLine, WireOrderHead, WireShippingAddress } from './api.ts';
import { orderLine, shippingAddress } from './wire-order.ts';

/** Why what came embedded in an order cannot be taken for the whole of it. */
export type EmbeddingDoubt =
  | 'not_embedded'
  | 'warned_of_missing_lines'
  | 'unreadable'
  | 'fifty_lines_or_more'
  | 'units_differ'
  | 'addresses_differ'
  | 'line_of_another_address';

export type Embedded =
  | { readonly doubt: null; readonly lines: WireLine[]; readonly addresses: WireShippingAddress[] }
  | { readonly doubt: EmbeddingDoubt };

const part = z.looseObject({ line_items: z.array(z.unknown()) });
const consignments = z.looseObject({
  pickups: z.array(part).nullish(),
  shipping: z.array(part),
  downloads: z.array(part).nullish(),
  email: z.looseObject({ gift_certificates: z.array(part).nullish() }).nullish(),
});

/** The include brings at most this many lines, and then a `__warning__` (bigcommerce.md 2.9). */
const includeLimit = 50;

/**
 * Reads the lines and addresses that came with an order (`include=consignments.line_items`), or says why they are to be
 * asked for separately. Known traps of the include, and thus the checks: bigcommerce.md 2.9.
 */
export function readEmbedded(head: WireOrderHead, rawOrder: unknown): Embedded {
  const raw = z.looseObject({ consignments: z.unknown() }).safeParse(rawOrder);
  // A link object, the legacy array, or line items that are links: the include was not carried out.
  const parsed = consignments.safeParse(raw.data?.consignments);
  if (!parsed.success) return { doubt: 'not_embedded' };
  const { pickups, shipping, downloads, email } = parsed.data;
  const parts = [...shipping, ...(pickups ?? []), ...(downloads ?? []), ...(email?.gift_certificates ?? [])];
  if ([raw.data ?? {}, parsed.data, ...parts].some((it) => '__warning__' in it)) {
    return { doubt: 'warned_of_missing_lines' };
  }

  const lines = z.array(orderLine).safeParse(parts.flatMap((it) => it.line_items));
  const addresses = z.array(shippingAddress).safeParse(shipping);
  if (!lines.success || !addresses.success) return { doubt: 'unreadable' };
  return check(head, lines.data, addresses.data);
}

function check(head: WireOrderHead, lines: WireLine[], addresses: WireShippingAddress[]): Embedded {
  if (lines.length >= includeLimit) return { doubt: 'fifty_lines_or_more' };
  // Also finds empty line items of an order that has some.
  if (lines.reduce((sum, line) => sum + line.quantity, 0) !== head.items_total) return { doubt: 'units_differ' };
  if (head.shipping_address_count !== null && head.shipping_address_count !== addresses.length) {
    return { doubt: 'addresses_differ' };
  }
  // That a consignment's id is the order address id is inferred only.
  const known = new Set(addresses.map((address) => address.id));
  const lost = lines.some(
    (line) => line.type === 'physical' && line.order_pickup_method_id === 0 && !known.has(line.order_address_id ?? 0),
  );
  return lost ? { doubt: 'line_of_another_address' } : { doubt: null, lines, addresses };
}
