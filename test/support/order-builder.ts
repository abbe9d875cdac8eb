import type { Order, OrderLine, ShippingAddress } from '../../src/orders/order.ts';
import { settingsSchema, type Settings } from '../../src/settings/settings.ts';

const home: ShippingAddress = {
  addressId: 1,
  shippingMethod: 'Kotiinkuljetus',
  firstName: 'Aino',
  lastName: 'Kuusela',
  company: null,
  street1: 'Keksitty katu 1',
  street2: null,
  city: 'Helsinki',
  state: null,
  postcode: '00100',
  country: 'FI',
  phone: '+358401234567',
  email: 'aino@example.com',
  formFields: {},
};

const aland: Partial<ShippingAddress> = { city: 'Mariehamn', postcode: '22100', country: 'AX' };

const socks: OrderLine = {
  lineId: 1,
  productId: 11,
  variantId: null,
  addressId: 1,
  sku: 'SUKKA-1',
  name: 'Villasukat',
  kind: 'physical',
  merchantPickup: false,
  quantity: 1,
  quantityShipped: 0,
  quantityRefunded: 0,
  weightGrams: 200,
  unitPriceMinor: 1990,
};

/** An order of the shop in a chosen status, of one pair of socks to one home; each method gives a changed copy. */
export class OrderBuilder {
  readonly order: Order;

  constructor(order: Order) {
    this.order = order;
  }

  is(changes: Partial<Order>): OrderBuilder {
    return new OrderBuilder({ ...this.order, ...changes });
  }

  inStatus(statusId: number): OrderBuilder {
    return this.is({ statusId });
  }

  /** Changes the first address, or the one with this id; by a country code, to an address there. */
  to(where: 'FI' | 'AX' | Partial<ShippingAddress>, addressId = 1): OrderBuilder {
    const changes = where === 'AX' ? aland : where === 'FI' ? {} : where;
    return this.is({
      addresses: this.order.addresses.map((a) => (a.addressId === addressId ? { ...a, ...changes } : a)),
    });
  }

  /** One more address. */
  andTo(addressId: number, changes: Partial<ShippingAddress> = {}): OrderBuilder {
    return this.is({
      addresses: [...this.order.addresses, { ...home, addressId, street1: `Katu ${addressId}`, ...changes }],
    });
  }

  /** Changes a line, or adds it. */
  with(lineId: number, changes: Partial<OrderLine> = {}): OrderBuilder {
    const known = this.order.lines.some((line) => line.lineId === lineId);
    const lines = known
      ? this.order.lines.map((line) => (line.lineId === lineId ? { ...line, ...changes } : line))
      : [...this.order.lines, { ...socks, lineId, sku: `SKU-${lineId}`, ...changes }];
    return this.is({ lines });
  }

  without(lineId: number): OrderBuilder {
    return this.is({ lines: this.order.lines.filter((line) => line.lineId !== lineId) });
  }
}

export const orderDate = new Date('2026-03-01T08:00:00Z');

export const anOrder = (): OrderBuilder =>
  new OrderBuilder({
    orderId: 10_482,
    statusId: 11,
    channelId: 1,
    archived: false,
    digital: false,
    createdAt: orderDate,
    modifiedAt: orderDate,
    currency: 'EUR',
    totalMinor: 1990,
    customerMessage: null,
    staffNotes: null,
    unitsTotal: 1,
    unitsShipped: 0,
    billing: home,
    addresses: [home],
    lines: [socks],
  });

/** Settings of a store that is live and complete. */
export const liveSettings = (changes: Record<string, unknown> = {}): Settings =>
  settingsSchema.parse({
    mode: 'live',
    warehouses: [
      {
        code: 'main',
        sender: { name: 'Kauppa Kuusi', address1: 'Varastokatu 2', postcode: '00200', city: 'Helsinki' },
        contractNumber: '600123',
      },
    ],
    defaultService: { service: 'PO2104' },
    ...changes,
  });
