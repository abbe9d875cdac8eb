import type { Address, Order, ShippingAddress } from './model.ts';
import type { Link } from './wire-links.ts';

/** The fields that billing and shipping addresses share, in the order of the wire (bigcommerce.md 2.4). */
export function addressFields(address: Address) {
  return {
    first_name: address.firstName,
    last_name: address.lastName,
    company: address.company,
    street_1: address.street1,
    street_2: address.street2,
    city: address.city,
    state: address.state,
    zip: address.zip,
    country: address.country,
    country_iso2: address.countryIso2,
    phone: address.phone,
    email: address.email,
  };
}

export function billingAddress(address: Address) {
  return { ...addressFields(address), form_fields: address.formFields };
}

const noCost = '0.0000';

/** An address of the `/shipping_addresses` sub-resource; its units are counted from the lines that go there. */
export function shippingAddress(order: Order, address: ShippingAddress, link: (resource: string) => Link) {
  return { id: address.id, order_id: order.id, ...addressFields(address), ...shippingCosts(order, address, link) };
}

/** What follows the address fields, in `/shipping_addresses` as in a shipping consignment. */
export function shippingCosts(order: Order, address: ShippingAddress, link: (resource: string) => Link) {
  const lines = order.lines.filter((line) => line.addressId === address.id);
  return {
    items_total: lines.reduce((sum, line) => sum + line.quantity, 0),
    items_shipped: lines.reduce((sum, line) => sum + line.quantityShipped, 0),
    shipping_method: address.shippingMethod,
    base_cost: noCost,
    cost_ex_tax: noCost,
    cost_inc_tax: noCost,
    cost_tax: noCost,
    cost_tax_class_id: 2,
    base_handling_cost: noCost,
    handling_cost_ex_tax: noCost,
    handling_cost_inc_tax: noCost,
    handling_cost_tax: noCost,
    handling_cost_tax_class_id: 2,
    shipping_zone_id: 1,
    shipping_zone_name: address.country,
    shipping_quotes: link(`/orders/${order.id}/shipping_addresses/${address.id}/shipping_quotes`),
    form_fields: address.formFields,
  };
}
