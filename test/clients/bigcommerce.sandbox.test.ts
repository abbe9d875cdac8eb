import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/start.ts';
import type { BigCommerceApi, WireOrder } from '../../src/bigcommerce/api.ts';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import { control } from './control.ts';

const store = { storeHash: 'shop1', accessToken: 'token-1' };
const call = { about: {} };
const sender = createHttpSender();
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let shop: BigCommerceApi;

beforeAll(async () => {
  sandbox = await startSandbox();
  shop = createBigCommerce({
    baseUrl: sandbox.bigcommerce,
    sender,
    log: () => {},
    clock: { now: () => new Date() },
  });
  await control(sandbox.bigcommerce, 'POST', '/stores', {
    hash: 'shop1',
    token: 'token-1',
    clientId: 'app',
    clientSecret: 'app-secret',
    weightUnits: 'KGS',
  });
});
afterAll(async () => {
  await sandbox.close();
  await sender.close();
});

async function placeOrder(fields: object = {}): Promise<WireOrder> {
  const lines = [{ name: 'Mittens', sku: 'MIT-1', quantity: 2, price: '19.90', weight: 0.3 }];
  const placed = await control<{ id: number }>(sandbox.bigcommerce, 'POST', '/stores/shop1/orders', {
    lines,
    ...fields,
  });
  const order = await shop.getOrder(store, placed.id, call);
  return order ?? expect.fail('the order is not there');
}

const harm = (fault: object) => control(sandbox.bigcommerce, 'POST', '/faults', fault);

test('the store, its clock and its statuses are read', async () => {
  expect(await shop.getStore(store, call)).toMatchObject({ id: 'shop1', weight_units: 'KGS', currency: 'EUR' });
  expect((await shop.getTime(store, call)).getFullYear()).toBeGreaterThan(2020);
  expect((await shop.getOrderStatuses(store, call)).find((status) => status.id === 11)?.name).toBe(
    'Awaiting Fulfillment',
  );
  expect(shop.quota('shop1')?.requestsLeft).toBeLessThan(150);
});

test('a wrong token is an error of credentials', async () => {
  await expect(shop.getTime({ ...store, accessToken: 'wrong' }, call)).rejects.toMatchObject({ kind: 'credentials' });
});

test('an order comes with its lines and addresses, and an unknown one is null', async () => {
  const order = await placeOrder();
  expect(order).toMatchObject({ complete: true, lines: [{ sku: 'MIT-1', quantity: 2 }] });
  expect(order.lines[0]!.order_address_id).toBe(order.addresses[0]!.id);
  expect(await shop.getOrder(store, 999_999, call)).toBeNull();
});

test.each([
  ['that the include loses', { includeLosesLines: true }, 1],
  ['beyond the fifty of the include', { lines: Array.from({ length: 60 }, (_, n) => ({ name: `Thing ${n}` })) }, 60],
])('lines %s are read nevertheless', async (_why, fields, count) => {
  expect((await placeOrder(fields)).lines).toHaveLength(count);
});

test('orders are listed with the same content as when read one by one', async () => {
  const order = await placeOrder();
  const query = {
    minDateModified: order.order.date_modified,
    page: 1,
    limit: 250,
    sort: 'date_modified:asc',
    include: true,
  };
  const listed = await shop.listOrders(store, query as Parameters<BigCommerceApi['listOrders']>[1], call);
  expect(listed.orders.find((it) => it.order.id === order.order.id)).toEqual(order);
  const later = { minDateModified: new Date(Date.now() + 3_600_000), page: 1, limit: 50, include: false };
  expect(await shop.listOrders(store, later, call)).toEqual({ orders: [], unreadable: [] });
});

test('a shipment is created, changed, listed and deleted', async () => {
  const { order, lines, addresses } = await placeOrder();
  expect(await shop.listShipments(store, order.id, call)).toEqual([]);
  const draft = {
    order_address_id: addresses[0]!.id,
    tracking_number: 'JJFI65432100000000001',
    tracking_link: 'https://www.posti.fi/seuranta/JJFI65432100000000001',
    items: [{ order_product_id: lines[0]!.id, quantity: 2 }],
  };
  const made = await shop.createShipment(store, order.id, draft, call);
  expect(made).toMatchObject({ tracking_number: draft.tracking_number, items: draft.items });
  const changed = await shop.updateShipment(
    store,
    order.id,
    made.id,
    { tracking_number: 'JJFI65432100000000002' },
    call,
  );
  expect(changed.tracking_number).toBe('JJFI65432100000000002');
  expect(await shop.listShipments(store, order.id, call)).toEqual([changed]);
  await expect(shop.createShipment(store, order.id, draft, call)).rejects.toMatchObject({
    code: 'bigcommerce_more_than_left_to_ship',
  });
  await shop.deleteShipment(store, order.id, made.id, call);
  await shop.deleteShipment(store, order.id, made.id, call);
  expect(await shop.listShipments(store, order.id, call)).toEqual([]);
});

test('a shipment whose answer is lost has an unknown outcome, and is there when listed', async () => {
  const { order, lines, addresses } = await placeOrder();
  await harm({ method: 'POST', path: `/orders/${order.id}/shipments`, kind: 'hangup-after' });
  const draft = {
    order_address_id: addresses[0]!.id,
    tracking_number: 'JJFI7',
    items: [{ order_product_id: lines[0]!.id, quantity: 1 }],
  };
  await expect(shop.createShipment(store, order.id, draft, call)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  expect(await shop.listShipments(store, order.id, call)).toMatchObject([{ tracking_number: 'JJFI7' }]);
});

test('a status is set', async () => {
  const { order } = await placeOrder();
  expect((await shop.setOrderStatus(store, order.id, 10, call)).status_id).toBe(10);
});

test('metafields are created once, changed and deleted', async () => {
  const { order } = await placeOrder();
  const draft = { permission_set: 'read', namespace: 'lahetti', key: 'tracking', value: 'JJFI1' } as const;
  const made = await shop.createMetafield(store, order.id, draft, call);
  await expect(shop.createMetafield(store, order.id, draft, call)).rejects.toMatchObject({ kind: 'conflict' });
  expect((await shop.updateMetafield(store, order.id, made.id, { value: 'JJFI2' }, call)).value).toBe('JJFI2');
  expect(await shop.listMetafields(store, order.id, { namespace: 'lahetti' }, call)).toHaveLength(1);
  await shop.deleteMetafield(store, order.id, made.id, call);
  expect(await shop.listMetafields(store, order.id, {}, call)).toEqual([]);
});

test('webhooks are created, switched and deleted', async () => {
  const destination = 'https://lahetti.example/webhooks';
  const headers = { 'x-lahetti': 'secret' };
  const draft = { scope: 'store/order/statusUpdated', destination, is_active: true, headers };
  const made = await shop.createHook(store, draft, call);
  expect(await shop.listHooks(store, call)).toEqual([made]);
  expect((await shop.updateHook(store, made.id, { is_active: false }, call)).is_active).toBe(false);
  await shop.deleteHook(store, made.id, call);
  expect(await shop.listHooks(store, call)).toEqual([]);
});

test('a throttled call says how long to wait', async () => {
  await harm({ kind: 'throttle' });
  const error: unknown = await shop.getTime(store, call).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: 'throttled', retryAfterMs: expect.any(Number) as number });
});
