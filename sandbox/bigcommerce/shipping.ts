import { type Changes, rollUpStatus } from './changes.ts';
import { decimal4 } from './format.ts';
import { type Order, type Shipment, type Store, unitsToShip } from './model.ts';
import { invalidField, readOnlyField, v2Refusal } from './refusals.ts';

type Body = Record<string, unknown>;
type Item = Shipment['items'][number];

const readOnly = [
  'id',
  'order_id',
  'customer_id',
  'date_created',
  'billing_address',
  'shipping_address',
  'generated_tracking_link',
  'shipping_provider_display_name',
];
const providers = new Set(
  ' auspost canadapost endicia usps fedex royalmail ups upsready upsonline shipperhq custom'.split(' '),
);

/** Shipping some of an order's units, and taking that back (bigcommerce.md 3). */
export interface Shipping {
  create(store: Store, order: Order, who: string, body: Body): Shipment;
  edit(store: Store, order: Order, shipment: Shipment, who: string, body: Body): void;
  remove(store: Store, order: Order, shipment: Shipment, who: string): void;
}

export function createShipping(deps: { changes: Changes }): Shipping {
  const { changes } = deps;
  const tell = (store: Store, what: string, order: Order, shipment: Shipment) =>
    changes.tell(store, `store/shipment/${what}`, { type: 'shipment', id: shipment.id, orderId: order.id });
  const move = (order: Order, items: Item[], sign: 1 | -1) => {
    for (const { order_product_id, quantity } of items) {
      const line = order.lines.find(({ id }) => id === order_product_id);
      if (line !== undefined) line.quantityShipped += sign * quantity;
    }
  };

  return {
    create: (store, order, who, body) => {
      const texts = textFields(body);
      const addressId = Number(body.order_address_id);
      if (!order.addresses.some(({ id }) => id === addressId)) {
        throw invalidField('order_address_id', 'The order has no such address.');
      }
      const items = checkedItems(order, addressId, body.items);
      const shipment: Shipment = {
        id: ++store.lastId.shipment,
        addressId,
        createdAt: Date.now(),
        trackingNumber: '',
        trackingLink: '',
        trackingCarrier: '',
        shippingMethod: '',
        shippingProvider: 'custom', // what leaving the key out makes it (bigcommerce.md 3.2)
        merchantShippingCost: '0.0000',
        comments: '',
        ...texts,
        items,
        by: who,
        answered: 'none',
      };
      changes.order(store, order, who, () => {
        order.shipments.push(shipment);
        move(order, shipment.items, 1);
        if (store.rollsUp) rollUpStatus(order);
      });
      tell(store, 'created', order, shipment);
      return shipment;
    },

    edit: (store, order, shipment, who, body) => {
      if ('items' in body) throw readOnlyField('items');
      const texts = textFields(body);
      if ('order_address_id' in body) {
        const addressId = Number(body.order_address_id);
        if (!order.addresses.some(({ id }) => id === addressId)) {
          throw invalidField('order_address_id', 'The order has no such address.');
        }
        shipment.addressId = addressId;
      }
      changes.order(store, order, who, () => Object.assign(shipment, texts));
      tell(store, 'updated', order, shipment);
    },

    /** The units become shippable again; the status stays what it is (bigcommerce.md 3.5). */
    remove: (store, order, shipment, who) => {
      changes.order(store, order, who, () => {
        order.shipments.splice(order.shipments.indexOf(shipment), 1);
        move(order, shipment.items, -1);
      });
      tell(store, 'deleted', order, shipment);
    },
  };
}

const textKeys = {
  tracking_number: ['trackingNumber', 50],
  tracking_link: ['trackingLink', 500],
  tracking_carrier: ['trackingCarrier', 255],
  shipping_method: ['shippingMethod', 255],
  comments: ['comments', 65_535],
} as const;

function textFields(body: Body): Partial<Shipment> {
  for (const key of readOnly) if (key in body) throw readOnlyField(key);
  const fields: Partial<Shipment> = {};
  for (const [key, [field, longest]] of Object.entries(textKeys)) {
    const value = body[key];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw invalidField(key, 'This is not a string.');
    if (value.length > longest) throw invalidField(key, `At most ${longest} characters.`);
    fields[field] = value;
  }
  const provider = body.shipping_provider;
  if (provider !== undefined) {
    const known = typeof provider === 'string' && (providers.has(provider) || /^carrier_\d+$/.test(provider));
    if (!known) throw invalidField('shipping_provider', 'There is no such provider.');
    fields.shippingProvider = provider;
  }
  if (body.merchant_shipping_cost !== undefined) {
    fields.merchantShippingCost = decimal4(body.merchant_shipping_cost as string);
  }
  return fields;
}

/** The items, each line once. Too many of several lines gives one entry for each of them (bigcommerce.md 3.6). */
function checkedItems(order: Order, addressId: number, asked: unknown): Item[] {
  if (!Array.isArray(asked) || asked.length === 0) throw invalidField('items', 'At least one item is needed.');
  const units = new Map<number, number>();
  for (const item of asked as Body[]) {
    if ('product_id' in item) throw readOnlyField('product_id');
    const id = Number(item.order_product_id);
    const quantity = Number(item.quantity);
    const line = order.lines.find((line) => line.id === id);
    if (line === undefined) throw invalidField('order_product_id', 'The order has no such product.');
    if (line.addressId !== addressId) throw invalidField('order_product_id', 'The product goes to another address.');
    if (!Number.isInteger(quantity) || quantity < 1) throw invalidField('quantity', 'Quantity must be above 0.');
    units.set(id, (units.get(id) ?? 0) + quantity);
  }
  const tooMany = [...units].flatMap(([id, quantity]) => {
    const line = order.lines.find((line) => line.id === id);
    const available = line === undefined ? 0 : unitsToShip(line);
    return quantity > available ? [{ order_product_id: id, available_quantity: available }] : [];
  });
  if (tooMany.length > 0) {
    const invalid_reason =
      'The quantity specified is greater than the quantity of the product that is available to ship.';
    throw v2Refusal(
      400,
      ...tooMany.map(({ order_product_id, available_quantity }) => ({
        message: "The field 'quantity' is invalid.",
        details: { invalid_reason, available_quantity, order_product_id },
      })),
    );
  }
  return [...units].map(([order_product_id, quantity]) => ({ order_product_id, quantity }));
}
