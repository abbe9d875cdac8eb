import type { Line, Order } from './model.ts';
import { addressFields, shippingCosts } from './wire-address.ts';
import { orderProduct } from './wire-line.ts';
import type { Link } from './wire-links.ts';

const MOST_LINES = 50;

/**
 * An order's consignments (bigcommerce.md 2.9): links to the lines, or with `withLines` the lines themselves, of which
 * a consignment gives at most 50 and then says so in `__warning__`.
 */
export function consignments(order: Order, withLines: boolean, link: (resource: string) => Link) {
  const lines = (chosen: Line[]) => {
    if (!withLines) return { line_items: chosen.map((line) => link(`/orders/${order.id}/products/${line.id}`)) };
    if (order.includeLosesLines) return { line_items: [] };
    const line_items = chosen.slice(0, MOST_LINES).map((line) => orderProduct(order, line));
    return chosen.length <= MOST_LINES ? { line_items } : { line_items, __warning__: { message: warning } };
  };
  const email = order.billing.email;
  const methods = new Set(order.lines.map((line) => line.pickupMethodId).filter((id) => id !== 0));
  const downloads = order.lines.filter((line) => line.type === 'digital');
  const certificates = order.lines.filter((line) => line.type === 'giftcertificate');
  return {
    pickups: [...methods].map((id) => ({
      id,
      pickup_method_id: id,
      ...pickupPlace,
      ...lines(order.lines.filter((line) => line.pickupMethodId === id)),
    })),
    shipping: order.addresses.map((address) => ({
      id: address.id,
      ...addressFields(address),
      ...shippingCosts(order, address, link),
      ...lines(order.lines.filter((line) => line.addressId === address.id)),
    })),
    downloads: downloads.length === 0 ? [] : [{ recipient_email: email, ...lines(downloads) }],
    email: {
      gift_certificates: certificates.map((line) => ({ recipient_email: email, ...lines([line]) })),
    },
  };
}

const warning =
  'Only 50 line items of this consignment are part of this answer. ' +
  'Read all of them from `/v2/orders/{order_id}/products`.';

const pickupPlace = {
  pickup_method_display_name: 'Pick up in store',
  collection_instructions: '',
  collection_time_description: '',
  location: {
    ...{ id: 1, name: 'Shop', code: 'SHOP-1', address_line_1: 'Esimerkkikatu 1', address_line_2: '' },
    ...{ city: 'Helsinki', state: '', postal_code: '00100', country_alpha2: 'FI' },
    ...{ email: 'shop@example.com', phone: '' },
  },
};
