/* eslint-disable @typescript-eslint/no-unsafe-member-access -- wire bodies: the assertions are what checks them */
import { afterAll, describe, expect, test } from 'vitest';
import { moneyText, openShop, rfc2822Text } from './bigcommerce-shop.ts';

// What reading a store relies on. The section of the reference is named after each fact.
const shop = await openShop();
const { call, control, target } = shop;
afterAll(() => target.close());

describe('a store', () => {
  test('a store tells its time in Unix seconds (7.7)', async () => {
    const { status, body } = await call('GET', '/v2/time');
    expect(status).toBe(200);
    expect(Math.abs(body.time - Date.now() / 1000)).toBeLessThan(120);
  });

  test('a store tells its id and the unit of its weights (7.7)', async () => {
    const { body } = await call('GET', '/v2/store');
    expect(body).toMatchObject({ id: target.credentials.storeHash, weight_units: expect.any(String) });
  });

  test('a store lists its statuses with number, sort position and the merchant’s label (2.7)', async () => {
    const { body } = await call('GET', '/v2/order_statuses');
    expect(body).toContainEqual(
      expect.objectContaining({
        id: 11,
        order: 3,
        system_label: 'Awaiting Fulfillment',
        custom_label: expect.any(String),
      }),
    );
    expect(body).toHaveLength(15);
  });

  test('a store refuses an unknown token with 401 and an object, on V2 paths too (6.4)', async () => {
    const { status, body } = await call('GET', '/v2/orders', undefined, { token: 'nobody' });
    expect(status).toBe(401);
    expect(Array.isArray(body)).toBe(false);
  });

  test('a store counts calls down in a window that is named in four headers (6.1)', async () => {
    const [first, second] = [await call('GET', '/v2/time'), await call('GET', '/v2/time')];
    const left = (answer: typeof first) => Number(answer.headers.get('x-rate-limit-requests-left'));
    expect(first.headers.get('x-rate-limit-time-window-ms')).toBe('30000');
    expect(Number(first.headers.get('x-rate-limit-time-reset-ms'))).toBeLessThanOrEqual(30_000);
    expect(Number(first.headers.get('x-rate-limit-requests-quota'))).toBeGreaterThan(0);
    expect(left(second)).toBeLessThan(left(first));
  });
});

describe('lists and errors', () => {
  test('an empty V2 list is 204 without a body (0.3)', async () => {
    const { status, text } = await call('GET', '/v2/orders?min_id=999999999');
    expect([status, text]).toEqual([204, '']);
  });

  test('more than 250 per page is refused with 413 (2.2)', async () => {
    expect((await call('GET', '/v2/orders?limit=251')).status).toBe(413);
  });

  test('an unknown order is 404, as an array on V2 and as an object on V3 (6.4)', async () => {
    const v2 = await call('GET', '/v2/orders/999999999');
    const v3 = await call('GET', '/v3/orders/999999999/metafields');
    expect([v2.status, v3.status]).toEqual([404, 404]);
    expect(v2.body).toEqual([{ status: 404, message: 'The requested resource was not found.' }]);
    expect(v3.body).toMatchObject({ status: 404, title: expect.any(String), type: expect.any(String) });
  });

  test('a V3 list has data and meta, without links past its ends (6.5)', async () => {
    const { body } = await call('GET', '/v3/hooks?limit=250');
    expect(body.data).toEqual(expect.any(Array));
    expect(body.meta.pagination.links).not.toHaveProperty('previous');
    expect(body.meta.pagination.links).not.toHaveProperty('next');
  });
});

const orderId =
  target.credentials.orderId ??
  (await control?.order({
    lines: [
      { name: 'Cup', sku: 'CUP', quantity: 3, price: 12.5, weight: 350 },
      { name: 'Recipe', type: 'digital', price: 3 },
    ],
  }));

if (orderId !== undefined) {
  describe('an order', () => {
    test('an order has its keys in the real order, money as text with 4 decimals and dates with +0000 (2.3)', async () => {
      const { body, headers } = await call('GET', `/v2/orders/${orderId}`);
      const keys = Object.keys(body as object);
      expect(keys.slice(0, 7)).toEqual(
        'id customer_id date_created is_tax_inclusive_pricing date_modified date_shipped status_id'.split(' '),
      );
      expect(keys.indexOf('billing_address')).toBeLessThan(keys.indexOf('products'));
      expect(body.total_inc_tax).toMatch(moneyText);
      expect(body.date_created).toMatch(rfc2822Text);
      expect(headers.get('last-modified')).toMatch(rfc2822Text);
      expect(body.products).toEqual({ url: expect.stringMatching(/^http/), resource: `/orders/${orderId}/products` });
    });

    test('an order has lines whose id is not the product’s, with quantities as numbers and weights as text (2.5)', async () => {
      const { body } = await call('GET', `/v2/orders/${orderId}/products`);
      expect(body[0]).toMatchObject({
        id: expect.any(Number),
        order_address_id: expect.any(Number),
        quantity: expect.any(Number),
        quantity_shipped: expect.any(Number),
        quantity_refunded: expect.any(Number),
        weight: expect.stringMatching(moneyText),
        // A line without them, as most are.
        event_date: null,
        external_id: '',
      });
    });

    test('an order carries lines and addresses in one read with the include (2.9)', async () => {
      const include = 'include=consignments.line_items&consignment_structure=object';
      const { body } = await call('GET', `/v2/orders/${orderId}?${include}`);
      const [addresses, lines] = [
        await call('GET', `/v2/orders/${orderId}/shipping_addresses`),
        await call('GET', `/v2/orders/${orderId}/products`),
      ];
      const [shipping] = body.consignments.shipping;
      expect(shipping.id).toBe(addresses.body[0].id);
      expect(shipping.line_items[0]).toEqual(lines.body[0]);
    });

    test('an order without consignment_structure=object has the legacy array (2.9)', async () => {
      const { body } = await call('GET', `/v2/orders/${orderId}?include=consignments`);
      expect(Array.isArray(body.consignments)).toBe(true);
    });
  });
}

if (control !== undefined) {
  describe('orders as shoppers and merchants make them', () => {
    test('an order of digital goods only has no shipping address: 204 (2.10)', async () => {
      const id = await control.order({ lines: [{ name: 'Recipe', type: 'digital' }] });
      expect((await call('GET', `/v2/orders/${id}/shipping_addresses`)).status).toBe(204);
      expect((await call('GET', `/v2/orders/${id}`)).body.order_is_digital).toBe(true);
    });

    test('the include stops at 50 lines and says so; the lines themselves are paged (2.9)', async () => {
      const lines = Array.from({ length: 60 }, (_, i) => ({ name: `Bead ${i}` }));
      const id = await control.order({ lines });
      const include = 'include=consignments.line_items&consignment_structure=object';
      const [shipping] = (await call('GET', `/v2/orders/${id}?${include}`)).body.consignments.shipping;
      expect(shipping.line_items).toHaveLength(50);
      expect(shipping.__warning__).toBeDefined();
      expect((await call('GET', `/v2/orders/${id}/products?page=2`)).body).toHaveLength(10);
    });

    test('the include may answer empty line items for a valid order (2.9)', async () => {
      const id = await control.order({ includeLosesLines: true, lines: [{ name: 'Cup', quantity: 2 }] });
      const include = 'include=consignments.line_items&consignment_structure=object';
      const { body } = await call('GET', `/v2/orders/${id}?${include}`);
      expect(body.consignments.shipping[0].line_items).toEqual([]);
      expect(body.items_total).toBe(2);
    });

    test('the choice behind a live rate can be read from the quotes of the address (2.4)', async () => {
      const quotes = [{ shipping_provider_id: 'carrier_33', rate_code: 'PO2103', rate_id: 'pickup-1' }];
      const id = await control.order({ shippingAddresses: [{ quotes }], lines: [{ name: 'Cup' }] });
      const addressId = (await call('GET', `/v2/orders/${id}/shipping_addresses`)).body[0].id as number;
      const { body } = await call('GET', `/v2/orders/${id}/shipping_addresses/${addressId}/shipping_quotes`);
      // The schema and a live provider's app have one bare object, an older example a list (checkout-shoppers.md 1).
      const quote = Array.isArray(body) ? (body as unknown[])[0] : body;
      expect(quote).toMatchObject({ ...quotes[0], timestamp: expect.stringMatching(rfc2822Text) });
    });

    test('a change moves date_modified, which the list filters by, inclusively and in both date forms (2.2)', async () => {
      const id = await control.order({ lines: [{ name: 'Cup' }] });
      const { body: order } = await call('GET', `/v2/orders/${id}`);
      const since = (date: string) =>
        call('GET', `/v2/orders?min_date_modified=${encodeURIComponent(date)}&min_id=${id}&sort=date_modified:asc`);
      const ids = async (date: string) => ((await since(date)).body as { id: number }[]).map((found) => found.id);
      expect(await ids(order.date_modified as string)).toContain(id);
      expect(await ids(new Date(order.date_modified as string).toISOString())).toContain(id);
      expect((await since(new Date(Date.now() + 60_000).toISOString())).status).toBe(204);
    });

    test('a read-only key in a PUT is refused, by its name (2.8)', async () => {
      const id = await control.order({ lines: [{ name: 'Cup' }] });
      const { status, body } = await call('PUT', `/v2/orders/${id}`, { items_total: 4, staff_notes: 'x' });
      expect(status).toBe(400);
      expect(body[0].message).toContain("The field 'items_total' cannot be written to.");
      expect((await call('GET', `/v2/orders/${id}`)).body.staff_notes).toBeNull();
    });

    test('setting Shipped dates the order and ships no unit (2.8)', async () => {
      const id = await control.order({ lines: [{ name: 'Cup' }] });
      const { body } = await call('PUT', `/v2/orders/${id}`, { status_id: 2 });
      expect(body).toMatchObject({ status_id: 2, items_shipped: 0, date_shipped: body.date_modified });
    });

    test('a missing scope is 403 and an object; read-only scopes read (1.5, 6.4)', async () => {
      await control.account({ token: 'reader', clientId: 'reader', scopes: ['store_v2_orders_read_only'] });
      const id = await control.order({ lines: [{ name: 'Cup' }] });
      expect((await call('GET', `/v2/orders/${id}`, undefined, { token: 'reader' })).status).toBe(200);
      const refused = await call('PUT', `/v2/orders/${id}`, { staff_notes: 'x' }, { token: 'reader' });
      expect([refused.status, refused.body.errors]).toEqual([403, {}]);
      expect((await call('GET', '/v2/store', undefined, { token: 'reader' })).status).toBe(403);
    });

    test('past the quota every call is 429 until the window ends (6.2)', async () => {
      const own = { hash: 'small', token: 'small', clientId: 'small', clientSecret: 'small-secret', quota: 2 };
      await control.call('POST', '/stores', own);
      const ask = () => fetch(`${target.baseUrl}/stores/small/v2/time`, { headers: { 'x-auth-token': 'small' } });
      const statuses = [(await ask()).status, (await ask()).status];
      const throttled = await ask();
      expect([...statuses, throttled.status]).toEqual([200, 200, 429]);
      expect(throttled.headers.get('x-rate-limit-requests-left')).toBe('0');
      expect(Number(throttled.headers.get('x-retry-after'))).toBeGreaterThan(0);
    });
  });
}
