/* eslint-disable @typescript-eslint/no-unsafe-member-access -- wire bodies: the assertions are what checks them */
import { afterAll, describe, expect, test } from 'vitest';
import { moneyText, openShop, rfc2822Text } from './bigcommerce-shop.ts';

// What writing shipments relies on. It writes, and so needs a shop whose orders may be made up.
const { call, control, target } = await openShop();
afterAll(() => target.close());

test('the shipments of an unknown order are 404, as an array (3.6)', async () => {
  const { status, body } = await call('GET', '/v2/orders/999999999/shipments');
  expect([status, body[0].status]).toEqual([404, 404]);
});

if (control !== undefined) {
  const anOrder = async (quantity = 3) => {
    const id = await control.order({ lines: [{ name: 'Cup', quantity }] });
    const [line] = (await call('GET', `/v2/orders/${id}/products`)).body;
    const path = `/v2/orders/${id}/shipments`;
    const items = (units: number) => [{ order_product_id: line.id as number, quantity: units }];
    const ship = (units: number, more: object = {}) =>
      call('POST', path, { order_address_id: line.order_address_id, items: items(units), ...more });
    const order = async () => (await call('GET', `/v2/orders/${id}`)).body as Record<string, unknown>;
    return { id, path, line, items, ship, order };
  };

  describe('a shipment', () => {
    test('a shipment is answered 201, with the observed keys in their order (3.1)', async () => {
      const { ship } = await anOrder();
      const { status, body } = await ship(3, { tracking_number: 'JJFI65432100000000001', shipping_provider: '' });
      expect(status).toBe(201);
      expect(Object.keys(body as object).join(' ')).toBe(
        'id order_id customer_id order_address_id date_created tracking_number merchant_shipping_cost shipping_method ' +
          'comments shipping_provider tracking_carrier tracking_link billing_address shipping_address items ' +
          'generated_tracking_link shipping_provider_display_name',
      );
      expect(body.date_created).toMatch(rfc2822Text);
      expect(body.merchant_shipping_cost).toMatch(moneyText);
      expect(body.items).toEqual([
        { order_product_id: expect.any(Number), product_id: expect.any(Number), quantity: 3 },
      ]);
      expect(body.shipping_provider_display_name).toBe('Other');
    });

    test('a shipment of every unit makes the order Shipped, one of some units Partially Shipped (3.5)', async () => {
      const { ship, order } = await anOrder(3);
      await ship(1);
      expect(await order()).toMatchObject({ status_id: 3, items_shipped: 1, date_shipped: '' });
      await ship(2);
      expect(await order()).toMatchObject({ status_id: 2, items_shipped: 3 });
      expect((await order()).date_shipped).toMatch(rfc2822Text);
    });

    test('a shipment of more units than are left is refused, and nothing else protects from shipping twice (3.6)', async () => {
      const { ship, line, path } = await anOrder(3);
      await ship(2);
      const { status, body } = await ship(2);
      expect(status).toBe(400);
      expect(body).toEqual([
        {
          status: 400,
          message: "The field 'quantity' is invalid.",
          details: expect.objectContaining({ available_quantity: 1, order_product_id: line.id }),
        },
      ]);
      expect((await call('GET', path)).body).toHaveLength(1);
    });

    test('a shipment of refunded units is refused (2.5)', async () => {
      const { id, ship, line } = await anOrder(2);
      const refund = [{ lineId: line.id, quantity: 1 }];
      await control.call('PATCH', `/stores/${target.credentials.storeHash}/orders/${id}`, { refund });
      expect((await ship(2)).status).toBe(400);
      expect((await ship(1)).status).toBe(201);
    });

    test('a shipment list of an order without shipments is 204 (3.1)', async () => {
      const { path } = await anOrder();
      expect((await call('GET', path)).status).toBe(204);
      expect((await call('GET', `${path}/count`)).body).toEqual({ count: 0 });
    });

    test('a shipment takes a new tracking number, but never other items (3.1)', async () => {
      const { ship, path, items } = await anOrder();
      const { id } = (await ship(3, { tracking_number: 'OLD' })).body;
      const changed = await call('PUT', `${path}/${id}`, { tracking_number: 'NEW' });
      expect([changed.status, changed.body.id, changed.body.tracking_number]).toEqual([200, id, 'NEW']);
      expect((await call('PUT', `${path}/${id}`, { items: items(1) })).status).toBe(400);
    });

    test('a shipment that is deleted gives its units back and leaves the order Shipped (3.5)', async () => {
      const { ship, path, order } = await anOrder();
      const { id } = (await ship(3)).body;
      const gone = await call('DELETE', `${path}/${id}`);
      expect([gone.status, gone.headers.has('x-rate-limit-requests-left')]).toEqual([204, false]);
      expect(await order()).toMatchObject({ status_id: 2, items_shipped: 0 });
      expect((await ship(3)).status).toBe(201);
    });
  });

  describe('what a shipment may say', () => {
    test.each([
      ['a provider and a number', { shipping_provider: 'ups', tracking_number: 'N1' }, true, ''],
      ['a slug and a number', { shipping_provider: '', tracking_carrier: 'posti', tracking_number: 'N1' }, true, ''],
      [
        'a link of its own',
        { shipping_provider: '', tracking_link: 'https://example.com/N1', tracking_number: 'N1' },
        false,
        'https://example.com/N1',
      ],
      ['a number only', { shipping_provider: '', tracking_number: 'N1' }, false, ''],
      ['a number without the provider key', { tracking_number: 'N1' }, false, ''],
    ])('a shipment’s provider decides on its links: %s (3.4)', async (_name, fields, isGenerated, link) => {
      const { ship } = await anOrder();
      const { body } = await ship(1, fields);
      expect([body.generated_tracking_link !== '', body.tracking_link]).toEqual([isGenerated, link]);
    });

    test('a shipment without a provider is custom (3.2)', async () => {
      const { ship } = await anOrder();
      expect((await ship(1)).body.shipping_provider).toBe('custom');
    });

    test.each([
      ['a tracking number above 50 characters', { tracking_number: 'N'.repeat(51) }, 'tracking_number'],
      ['a link above 500 characters', { tracking_link: `https://example.com/${'x'.repeat(500)}` }, 'tracking_link'],
      ['an unknown provider', { shipping_provider: 'posti' }, 'shipping_provider'],
      ['an address of another order', { order_address_id: 999_999 }, 'order_address_id'],
      ['no items', { items: [] }, 'items'],
      ['a line of another order', { items: [{ order_product_id: 999_999, quantity: 1 }] }, 'order_product_id'],
      ['the catalogue’s product id', { items: [{ order_product_id: 1, product_id: 1, quantity: 1 }] }, 'product_id'],
      ['a key that cannot be written', { generated_tracking_link: 'x' }, 'generated_tracking_link'],
    ])('a shipment with %s is refused with 400 (3.1, 3.6)', async (_name, fields, field) => {
      const { ship, path } = await anOrder();
      const { status, body } = await ship(1, fields);
      expect([status, body[0].message]).toEqual([400, expect.stringContaining(`The field '${field}'`)]);
      expect((await call('GET', path)).status).toBe(204);
    });
  });
}
