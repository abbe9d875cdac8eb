import { describe, expect, expectTypeOf, test } from 'vitest';
import type { WireOrder } from '../../../src/bigcommerce/api.ts';
import { isAppError } from '../../../src/errors.ts';
import { doubtsAbout, normalise } from '../../../src/orders/normalise.ts';
import type { LineAsSent, OrderAsSent } from '../../../src/orders/order-as-sent.ts';

const options = { weightUnits: 'KGS' };
const aLine = (changes: Partial<LineAsSent> = {}): LineAsSent => ({
  id: 11,
  product_id: 77,
  variant_id: 5,
  order_address_id: 3,
  order_pickup_method_id: 0,
  sku: 'MUKI-1',
  name: 'Muki',
  type: 'physical',
  quantity: 2,
  quantity_shipped: 0,
  quantity_refunded: 0,
  weight: '0.3500',
  price_inc_tax: '12.9000',
  ...changes,
});
const anOrder = (changes: Partial<OrderAsSent['order']> = {}, rest: Partial<OrderAsSent> = {}): OrderAsSent => ({
  order: {
    id: 10482,
    date_created: 'Thu, 18 Jun 2026 14:23:09 +0000',
    date_modified: new Date('2026-06-18T14:25:00Z'),
    status_id: 11,
    channel_id: 1,
    is_deleted: false,
    order_is_digital: false,
    default_currency_code: 'EUR',
    currency_code: 'USD',
    total_inc_tax: '109.0000',
    customer_message: ' Kiitos! ',
    staff_notes: null,
    items_total: 2,
    items_shipped: 0,
    billing_address: { first_name: 'Aino', last_name: 'Esimerkki', country_iso2: 'fi', email: 'aino@example.com' },
    ...changes,
  },
  lines: [aLine()],
  addresses: [
    {
      id: 3,
      first_name: ' Aino ',
      last_name: 'Esimerkki',
      company: '',
      street_1: 'Keksitty katu 1',
      street_2: '  ',
      city: 'Helsinki',
      zip: '00100',
      country: 'Finland',
      country_iso2: 'FI',
      phone: '',
      email: '',
      shipping_method: 'Kotiinkuljetus (Posti)',
      form_fields: [
        { name: ' Pickup point ', value: '001003200' },
        { name: 'Floors', value: ['1', '2'] },
        { name: 'Door', value: 1234 },
        { name: 'Empty', value: '' },
        { name: '__proto__', value: 'x' },
      ],
    },
  ],
  ...rest,
});

test('an order of the shop is read into our form', () => {
  const order = normalise(anOrder(), options);
  expect(order).toMatchObject({
    orderId: 10482,
    createdAt: new Date('2026-06-18T14:23:09Z'),
    modifiedAt: new Date('2026-06-18T14:25:00Z'),
    currency: 'EUR',
    totalMinor: 10_900,
    customerMessage: 'Kiitos!',
    unitsTotal: 2,
    billing: { firstName: 'Aino', country: 'FI', email: 'aino@example.com', street1: null },
    addresses: [
      {
        addressId: 3,
        firstName: 'Aino',
        company: null,
        street2: null,
        phone: null,
        shippingMethod: 'Kotiinkuljetus (Posti)',
      },
    ],
    lines: [
      {
        ...{ lineId: 11, productId: 77, variantId: 5, addressId: 3, sku: 'MUKI-1', name: 'Muki', kind: 'physical' },
        ...{ merchantPickup: false, quantity: 2, quantityShipped: 0, quantityRefunded: 0 },
        ...{ weightGrams: 350, unitPriceMinor: 1290 },
      },
    ],
  });
  expect(Object.entries(order.addresses[0]!.formFields)).toEqual([
    ['Pickup point', '001003200'],
    ['Floors', '1, 2'],
    ['Door', '1234'],
    ['__proto__', 'x'],
  ]);
});

test('an order keeps the fields of the order as a whole as the shop sent them', () => {
  const said = normalise(
    anOrder({
      ...{ channel_id: 4, is_deleted: true, order_is_digital: true, items_shipped: 1, staff_notes: ' Soita ensin ' },
      ...{ default_currency_code: ' ', currency_code: 'sek', total_inc_tax: '-2.5' },
      date_modified: null,
    }),
    options,
  );
  expect(said).toMatchObject({
    ...{ channelId: 4, archived: true, digital: true, unitsShipped: 1, staffNotes: 'Soita ensin', statusId: 11 },
    ...{ currency: 'SEK', totalMinor: -250, modifiedAt: said.createdAt },
  });
  expect(normalise(anOrder(), options)).toMatchObject({ archived: false, digital: false, staffNotes: null });
  const { currency } = normalise(anOrder({ default_currency_code: null, currency_code: null }), options);
  expect(currency).toBe('EUR');
});

test('each part of an address is read into its own place', () => {
  const address = {
    ...{ first_name: 'Aino', last_name: 'Esimerkki', company: 'Keksi Oy', street_1: 'Katu 1', street_2: 'B 3' },
    ...{ city: 'Turku', state: 'Varsinais-Suomi', zip: '20100', country: 'Finland', country_iso2: '' },
    ...{ phone: '0401234567', email: 'aino@example.com', form_fields: null },
  };
  const read = {
    ...{ firstName: 'Aino', lastName: 'Esimerkki', company: 'Keksi Oy', street1: 'Katu 1', street2: 'B 3' },
    ...{ city: 'Turku', state: 'Varsinais-Suomi', postcode: '20100', country: 'FI' },
    ...{ phone: '0401234567', email: 'aino@example.com', formFields: {} },
  };
  const order = normalise(anOrder({ billing_address: address }, { addresses: [{ ...address, id: 3 }] }), options);
  expect(order.billing).toEqual(read);
  expect(order.addresses).toEqual([{ ...read, addressId: 3, shippingMethod: null }]);
});

test('an order has notes on what a reader should know, and on nothing else', () => {
  const [line] = anOrder().lines;
  const [address] = anOrder().addresses;
  const doubts = (wire: OrderAsSent) => doubtsAbout(wire, options);
  expect(doubts(anOrder({ default_currency_code: ' ' }))).toEqual(['The order names no currency that it was paid in.']);
  expect(doubts(anOrder({ total_inc_tax: null }))).toEqual(["The order's total is no amount: it counts as 0."]);
  expect(doubts(anOrder({}, { lines: [line!, { ...line!, id: 12 }] }))).toEqual([]);
  expect(doubts(anOrder({}, { addresses: [address!, address!] }))).toEqual([
    'An address came twice: the later one counts.',
  ]);
  expect(doubtsAbout(anOrder(), { weightUnits: null })).toEqual([
    'The store\'s weight unit "" is unknown: its weights are not used.',
  ]);
});

test.each([0, -5, 1.5])('an order that is numbered %s is refused', (id) =>
  expect(() => normalise(anOrder({ id }), options)).toThrow('whose id cannot be read'),
);

test.each([
  ['fi', 'fi'],
  ['sv_SE', 'sv-SE'],
  ['EN-us', 'en-US'],
  ['', undefined],
  ['not a language', undefined],
  [null, undefined],
])('the language of a shopper, %s, is read as %s', (customer_locale, expected) => {
  const order = normalise(anOrder({ customer_locale }), options);
  expect('customerLocale' in order ? order.customerLocale : undefined).toBe(expected);
  if (expected === undefined) expect(order).not.toHaveProperty('customerLocale');
});

test('the cart that an order was made of is kept, and an order of none has none', () => {
  const cartId = '2f5a4c8e-0000-4000-8000-000000000001';
  expect(normalise(anOrder({ cart_id: cartId }), options).cartId).toBe(cartId);
  expect(normalise(anOrder({ cart_id: null }), options)).not.toHaveProperty('cartId');
});

test('an order that the BigCommerce client returns can be read', () =>
  expectTypeOf<WireOrder>().toExtend<OrderAsSent>());

describe('odd data', () => {
  const lineOf = (changes: Partial<LineAsSent>) =>
    normalise(anOrder({}, { lines: [aLine(changes)] }), options).lines[0];

  test.each<[string, Partial<LineAsSent>, object]>([
    ['a gift certificate', { type: 'giftcertificate' }, { kind: 'gift_certificate' }],
    ['a digital line', { type: 'digital', order_address_id: 0 }, { kind: 'digital', addressId: null }],
    ['a type that nobody knows is goods', { type: 'donation' }, { kind: 'physical' }],
    [
      'a custom line without SKU',
      { product_id: 0, variant_id: 0, sku: '' },
      { productId: 0, variantId: null, sku: 'Muki-11' },
    ],
    ['a line without name and SKU', { name: null, sku: null }, { name: '', sku: 'physical-11' }],
    ['a merchant pickup', { order_pickup_method_id: 4 }, { merchantPickup: true }],
    ['a weight of nothing', { weight: '0.0000' }, { weightGrams: null }],
    ['a weight in words', { weight: 'heavy' }, { weightGrams: null }],
    ['a price in words', { price_inc_tax: 'free' }, { unitPriceMinor: 0 }],
    [
      'quantities that are none',
      { quantity: -1, quantity_shipped: NaN, quantity_refunded: null },
      { quantity: 0, quantityShipped: 0, quantityRefunded: 0 },
    ],
  ])('a line with odd data is read: %s', (_name, changes, expected) => expect(lineOf(changes)).toMatchObject(expected));

  test('a line that came twice is one line, and the later reading counts', () => {
    const wire = anOrder({}, { lines: [aLine(), aLine({ id: 12 }), aLine({ quantity: 5 })] });
    expect(normalise(wire, options).lines.map((line) => [line.lineId, line.quantity])).toEqual([
      [11, 5],
      [12, 2],
    ]);
    expect(doubtsAbout(wire, options)).toEqual(['A line came twice: the later reading counts.']);
  });
  test('an unknown weight unit makes weights unknown and is noted', () => {
    const stones = { weightUnits: 'Stones' };
    expect(normalise(anOrder(), stones).lines[0]?.weightGrams).toBeNull();
    expect(doubtsAbout(anOrder(), stones).join()).toContain('"Stones" is unknown');
  });
  test('an order that leaves nothing in doubt has no notes', () => expect(doubtsAbout(anOrder(), options)).toEqual([]));
  test('an order of its number and dates alone can be read', () => {
    const { id, date_created, date_modified } = anOrder().order;
    const bare = normalise({ order: { id, date_created, date_modified }, lines: [], addresses: [] }, options);
    expect(bare).toMatchObject({ orderId: 10482, channelId: 1, statusId: 0, addresses: [], lines: [] });
  });
  test('the word "None" is no shipping method', () => {
    const wire = anOrder({}, { addresses: [{ id: 3, shipping_method: 'None' }] });
    expect(normalise(wire, options).addresses[0]?.shippingMethod).toBeNull();
  });

  test.each(['id', 'date_created', 'date_modified'])('an order whose %s cannot be read is refused', (field) => {
    const broken = anOrder({ [field]: field === 'id' ? NaN : 'yesterday' });
    try {
      normalise(broken, options);
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error) && error.kind).toBe('invalid');
      expect((error as Error).message).toContain(field);
    }
  });
});

describe('the size of a unit', () => {
  const sizeOf = (line: Partial<LineAsSent>, dimensionUnits: string | null = 'Centimeters') =>
    normalise(anOrder({}, { lines: [aLine(line)] }), { ...options, dimensionUnits }).lines[0]?.sizeMillimetres;
  const shelf = { width: '30.0000', height: '120.0000', depth: '4.5000' };

  test('the size of a unit has its longest side first, whichever the shop calls it', () => {
    expect(sizeOf(shelf)).toEqual([1200, 300, 45]);
  });

  test('the size of a unit is unknown where a side is missing, or the unit of the store', () => {
    expect(sizeOf({ ...shelf, depth: '0.0000' })).toBeNull();
    expect(sizeOf({})).toBeNull();
    expect(sizeOf(shelf, null)).toBeNull();
  });
});
