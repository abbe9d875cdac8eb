import type { Address, Order } from './model.ts';
import { invalidField, notSimulated, readOnlyField, v2Refusal } from './refusals.ts';
import { isStatus } from './statuses.ts';

type Body = Record<string, unknown>;

/** Keys that an order shows and nobody may write (bigcommerce.md 2.3, 2.8). */
const readOnly = new Set(
  `id date_modified date_shipped status subtotal_tax shipping_cost_tax shipping_cost_tax_class_id handling_cost_tax
   handling_cost_tax_class_id wrapping_cost_tax wrapping_cost_tax_class_id total_tax items_total items_shipped
   payment_status refunded_amount order_is_digital store_credit_amount gift_certificate_amount currency_id
   currency_code currency_exchange_rate coupon_discount shipping_address_count external_id custom_status coupons
   store_default_currency_code store_default_to_transactional_exchange_rate`.split(/\s+/),
);
const notWritableHere = ['products', 'fees', 'consignments'];

/** What a PUT of an order asks for, checked; returns the change, so that a refused PUT changes nothing. */
export function orderEdit(body: Body, order: Order): (order: Order) => void {
  const changes: ((order: Order) => void)[] = [];
  for (const [key, value] of Object.entries(body)) {
    if (readOnly.has(key)) throw readOnlyField(key);
    if (notWritableHere.includes(key)) throw notSimulated(`writing an order's ${key}`);
    const change = fieldChange(key, value, order);
    if (change !== undefined) changes.push(change);
  }
  return (order) => changes.forEach((change) => change(order));
}

function fieldChange(key: string, value: unknown, order: Order): ((order: Order) => void) | undefined {
  switch (key) {
    case 'status_id': {
      const statusId = Number(value);
      if (!isStatus(statusId)) throw invalidField(key, 'There is no such status.');
      return (order) => setStatus(order, statusId);
    }
    case 'staff_notes':
    case 'customer_message': {
      if (typeof value !== 'string' || value.length > 65_535) throw invalidField(key, 'At most 65535 characters.');
      return (order) => (key === 'staff_notes' ? (order.staffNotes = value) : (order.customerMessage = value));
    }
    case 'external_order_id': {
      if (typeof value !== 'string') throw invalidField(key, 'This is not a string.');
      return (order) => (order.externalOrderId = value);
    }
    case 'payment_method':
      return (order) => (order.paymentMethod = String(value));
    case 'is_deleted':
      return value === true ? (order) => (order.isDeleted = true) : undefined;
    case 'billing_address':
      return (order) => Object.assign(order.billing, addressEdit(value as Body));
    case 'shipping_addresses': {
      const edits = value as Body[];
      for (const { id } of edits) {
        if (!order.addresses.some((address) => address.id === id))
          throw invalidField(key, `No address has the id ${String(id)}.`);
      }
      return (order) => {
        for (const edit of edits)
          Object.assign(order.addresses.find(({ id }) => id === edit.id) ?? {}, addressEdit(edit));
      };
    }
    default:
      return undefined; // unknown keys do no harm
  }
}

/** Sets the status; Shipped also sets `date_shipped`, while no unit becomes shipped by it (bigcommerce.md 2.8). */
export function setStatus(order: Order, statusId: number): void {
  order.statusId = statusId;
  if (statusId === 2) order.shippedAt = Date.now();
}

const addressKeys: Record<string, keyof Address> = {
  first_name: 'firstName',
  last_name: 'lastName',
  company: 'company',
  street_1: 'street1',
  street_2: 'street2',
  city: 'city',
  state: 'state',
  zip: 'zip',
  country: 'country',
  country_iso2: 'countryIso2',
  phone: 'phone',
  email: 'email',
  form_fields: 'formFields',
};

/** The fields of an address that a write names; nothing is recalculated from them (bigcommerce.md 2.1). */
export function addressEdit(body: Body): Partial<Address> {
  if (typeof body.zip === 'string' && body.zip.length < 2) throw invalidField('zip', 'At least 2 characters.');
  for (const key of ['items_total', 'items_shipped', 'order_id']) if (key in body) throw readOnlyField(key);
  if (Object.values(body).some((value) => value === null)) throw v2Refusal(400, { message: 'A field is null.' });
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => (addressKeys[key] === undefined ? [] : [[addressKeys[key], value]])),
  );
}
