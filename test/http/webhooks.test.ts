import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BigCommerceApi } from '../../src/bigcommerce/api.ts';
import { createPool } from '../../src/db/pool.ts';
import { AppError, type ErrorKind } from '../../src/errors.ts';
import { eventually } from '../support/wait.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';
import { orderUpdated, shopDelivery, type DeliveryOptions } from './shop-delivery.ts';

let db: TestDatabase;
let app: ServedApp;

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
});
afterAll(() => app.close());
beforeEach(async () => {
  await db.pool.query('truncate lahetti.stores, lahetti.inbox restart identity cascade');
  await app.stores.connect(aStore('kauppa1'));
});

const deliver = async (payload: unknown, options: DeliveryOptions = {}, storeHash = 'kauppa1') => {
  const answer = await fetch(
    `${app.url}/webhooks/bigcommerce/${storeHash}`,
    shopDelivery(payload, { secret: 'current-secret', ...options }),
  );
  return { status: answer.status, text: await answer.text() };
};
const inbox = async () =>
  (await db.pool.query('select * from lahetti.inbox order by id')).rows as { order_id: number }[];
const requireSigned = () => app.stores.saveSettings('kauppa1', { requireSignedWebhooks: true }, 'test');

describe('a delivery that is authentic', () => {
  test('an authentic delivery is answered with 200 and nothing else once its hint is stored', async () => {
    expect(await deliver(orderUpdated(10482), { id: 'msg_1' })).toEqual({ status: 200, text: '' });
    expect(await inbox()).toMatchObject([
      { order_id: 10482, source: 'webhook', delivery_key: 'msg_1', scope: 'store/order/updated', dispatched_at: null },
    ]);
  });

  test('an authentic delivery that comes twice leaves one hint and is acknowledged twice', async () => {
    await deliver(orderUpdated(1), { id: 'msg_2' });
    expect((await deliver(orderUpdated(1), { id: 'msg_2' })).status).toBe(200);
    expect(await inbox()).toHaveLength(1);
  });

  test('an authentic delivery without an id is a hint each time: two edits within a second look the same', async () => {
    await deliver(orderUpdated(1));
    await deliver(orderUpdated(1));
    expect(await inbox()).toHaveLength(2);
  });

  test.each([
    ['store/order/statusUpdated', { type: 'order', id: 7, status: { previous_status_id: 1, new_status_id: 11 } }],
    ['store/order/refund/created', { type: 'order', id: 7, refund: { refund_id: 99 } }],
    ['store/order/transaction/created', { type: 'transaction', order_id: '7', transaction_id: 3 }],
    ['store/order/metafield/created', { metafield_id: 4, resource_id: '7', namespace: 'app' }],
    ['store/order/metafield/updated', { metafield_id: 4, resource_id: '7' }],
    ['store/order/metafield/deleted', { metafield_id: 4, resource_id: '7' }],
    ['store/shipment/created', { type: 'shipment', id: 55, orderId: 7 }],
    ['store/channel/12/order/created', { order_id: 7 }],
  ])('an authentic delivery finds the order in %s', async (scope, data) => {
    expect((await deliver({ scope, data })).status).toBe(200);
    expect(await inbox()).toMatchObject([{ order_id: 7 }]);
  });

  test.each([
    ['a scope that we do not know', { scope: 'store/brand/created', data: { type: 'brand', id: 7 } }],
    ['no order id', { scope: 'store/order/updated', data: { type: 'order' } }],
    ['an order id that is none', { scope: 'store/order/updated', data: { type: 'order', id: -1 } }],
    ['an id that is no number at all', { scope: 'store/order/updated', data: { id: "1'; drop table x" } }],
  ])('an authentic delivery with %s is acknowledged and leaves no hint', async (_name, payload) => {
    expect((await deliver(payload)).status).toBe(200);
    expect(await inbox()).toEqual([]);
  });

  test('an authentic delivery that is not JSON is refused as such', async () => {
    expect((await deliver(null, { body: '{"scope": "store/ord' })).status).toBe(400);
    expect((await deliver(null, { body: '[]' })).status).toBe(400);
    expect(await inbox()).toEqual([]);
  });

  test('an authentic delivery of a disconnected store is acknowledged and leaves no hint', async () => {
    await app.stores.setState('kauppa1', 'disconnected');
    expect((await deliver(orderUpdated(1))).status).toBe(200);
    expect(await inbox()).toEqual([]);
  });

  test('an authentic delivery may carry any of the secrets while they are rotated, and the old one no longer afterwards', async () => {
    await app.stores.setWebhookSecrets('kauppa1', ['next-secret', 'current-secret']);
    expect((await deliver(orderUpdated(1))).status).toBe(200);
    expect((await deliver(orderUpdated(2), { secret: 'next-secret' })).status).toBe(200);
    await app.stores.setWebhookSecrets('kauppa1', ['next-secret']);
    expect((await deliver(orderUpdated(3))).status).toBe(401);
    expect(await inbox()).toHaveLength(2);
  });

  test('an authentic delivery may have several signatures of which one is right', async () => {
    await requireSigned();
    const answer = await deliver(orderUpdated(1), { signWith: ['an-older-secret', 'app-client-secret'] });
    expect(answer.status).toBe(200);
  });

  test('an authentic delivery about a change of the shop has its units read before the next order', async () => {
    expect((await app.stores.get('kauppa1')).unitsReadAt).not.toBeNull();
    const payload = { scope: 'store/information/updated', data: { type: 'store' } };
    expect((await deliver(payload, { signWith: ['app-client-secret'] })).status).toBe(200);
    expect((await app.stores.get('kauppa1')).unitsReadAt).toBeNull();
  });

  test('an authentic delivery about the uninstalled app disconnects the store', async () => {
    const at = Math.floor(Date.now() / 1000);
    const payload = { scope: 'store/app/uninstalled', created_at: at, data: { type: 'store' } };
    expect((await deliver(payload, { signWith: ['app-client-secret'] })).status).toBe(200);
    expect((await app.stores.get('kauppa1')).state).toBe('disconnected');
    await expect(app.stores.connection('kauppa1')).rejects.toMatchObject({ code: 'store_disconnected' });
  });

  test('an authentic delivery that tells of an uninstallation after the store came back changes nothing', async () => {
    const at = Math.floor(Date.now() / 1000) - 3600;
    const payload = { scope: 'store/app/uninstalled', created_at: at, data: { type: 'store' } };
    await deliver(payload, { signWith: ['app-client-secret'] });
    expect((await app.stores.get('kauppa1')).state).toBe('connected');
  });
});

describe('a delivery that has the secret but no signature, and says that the app was uninstalled', () => {
  let asked = 0;
  /** What the shop answers to our token. */
  const tell = async (answer: () => Promise<Date>) => {
    const getTime = () => ((asked += 1), answer());
    const served = await serveApp(db.pool, {
      stores: app.stores,
      bigcommerce: { getTime } as Partial<BigCommerceApi> as BigCommerceApi,
    });
    const payload = { scope: 'store/app/uninstalled', data: { type: 'store' } };
    const send = () =>
      fetch(`${served.url}/webhooks/bigcommerce/kauppa1`, shopDelivery(payload, { secret: 'current-secret' }));
    const { status } = await send();
    const again = await send();
    await served.close();
    return { status, again: again.status, state: (await app.stores.get('kauppa1')).state };
  };
  const refused = (status: number, kind: ErrorKind) => () =>
    Promise.reject(new AppError('The shop says no.', { kind, code: 'no', status }));
  beforeEach(() => void (asked = 0));

  test('an unsigned uninstallation disconnects the store if the shop refuses our token', async () => {
    expect(await tell(refused(401, 'credentials'))).toMatchObject({ status: 200, state: 'disconnected' });
  });

  test('an unsigned uninstallation changes nothing while our token works, costs one request however often it comes, and is delivered again', async () => {
    const found = await tell(() => Promise.resolve(new Date()));
    expect(found).toEqual({ status: 200, again: 503, state: 'connected' });
    expect(asked).toBe(1);
  });

  test('an unsigned uninstallation leaves a store connected that was connected again while the shop was asked about the old token', async () => {
    const found = await tell(async () => {
      await app.stores.connect(aStore('kauppa1'));
      return refused(401, 'credentials')();
    });
    expect(found).toMatchObject({ status: 200, state: 'connected' });
  });

  test.each([
    ['is away', refused(503, 'retryable')],
    ['lacks a scope for it', refused(403, 'credentials')],
    ['throttles us', refused(429, 'throttled')],
  ])('an unsigned uninstallation changes nothing where the shop %s: it is delivered again', async (_name, answer) => {
    expect(await tell(answer)).toEqual({ status: 503, again: 503, state: 'connected' });
  });
});

describe('a delivery that is not authentic', () => {
  const refused: readonly [string, DeliveryOptions, string?][] = [
    ['a wrong secret', { secret: 'wrong' }],
    ['no secret', { secret: null }],
    ['a signature by somebody else', { signWith: ['not-our-secret'] }],
    ['a right signature but a wrong secret', { signWith: ['app-client-secret'], secret: 'wrong' }],
    ['a signature that is six minutes old', { signWith: ['app-client-secret'], at: Date.now() - 6 * 60_000 }],
    ['a signature from the future', { signWith: ['app-client-secret'], at: Date.now() + 6 * 60_000 }],
    ['the name of a store that is not ours', {}, 'stranger9'],
    ['a name that cannot be a store', {}, 'No%00Store'],
  ];

  test.each(refused)(
    'a delivery with %s is answered 401 and leaves nothing but a count',
    async (_name, options, storeHash) => {
      expect(await deliver(orderUpdated(1), options, storeHash)).toEqual({ status: 401, text: '' });
      expect(await inbox()).toEqual([]);
    },
  );

  test('a delivery without a signature is answered 401 where the store asks for signatures', async () => {
    await requireSigned();
    expect((await deliver(orderUpdated(1))).status).toBe(401);
  });

  test('a delivery whose body was changed after it was signed is answered 401', async () => {
    const { headers } = shopDelivery(orderUpdated(1), { secret: 'current-secret', signWith: ['app-client-secret'] });
    const answer = await fetch(`${app.url}/webhooks/bigcommerce/kauppa1`, {
      method: 'POST',
      headers: headers!,
      body: JSON.stringify(orderUpdated(2)),
    });
    expect(answer.status).toBe(401);
  });

  test('a delivery to an unknown store gets the same answer as one with a wrong secret', async () => {
    const look = async (storeHash: string) => {
      const answer = await fetch(
        `${app.url}/webhooks/bigcommerce/${storeHash}`,
        shopDelivery(orderUpdated(1), { secret: 'wrong' }),
      );
      const headers = [...answer.headers].filter(([name]) => name !== 'date');
      return { status: answer.status, headers, text: await answer.text() };
    };
    expect(await look('stranger9')).toEqual(await look('kauppa1'));
  });
});

describe('a delivery that is too large', () => {
  const post = (headers: Record<string, string>, chunks: number) =>
    new Promise<number | undefined>((resolve, reject) => {
      const req = request(`${app.url}/webhooks/bigcommerce/kauppa1`, { method: 'POST', headers }, (res) => {
        res.resume();
        resolve(res.statusCode);
      });
      req.on('error', reject);
      for (let i = 0; i < chunks; i++) req.write('x'.repeat(100_000));
      if (headers['content-length'] === undefined) req.end();
    });

  test('a delivery that is too large is refused by its declared length, before it is sent', async () => {
    expect(await post({ 'content-length': '9000000' }, 1)).toBe(413);
  });

  test('a delivery that is too large is refused although it does not say how long it is', async () => {
    expect(await post({}, 4)).toBe(413);
  });

  test('a delivery that would be too large once inflated is not inflated', async () => {
    expect(await post({ 'content-encoding': 'gzip' }, 1)).toBe(415);
  });
});

test('while the database is away nothing is acknowledged', async () => {
  const nowhere = createPool('postgres://nobody:nothing@127.0.0.1:1/none');
  const lost = await serveApp(nowhere);
  const answer = await fetch(
    `${lost.url}/webhooks/bigcommerce/kauppa1`,
    shopDelivery(orderUpdated(1), { secret: 'current-secret' }),
  );
  expect(answer.status).toBe(503);
  expect(lost.counters.read('webhooks', 'not_kept')).toBe(1);
  await lost.close();
  await nowhere.end();
});

test('a database that does not answer in time is as good as away', async () => {
  const locker = await db.pool.connect();
  const hasty = await serveApp(db.pool, { stores: app.stores, webhookPatienceMs: 150 });
  try {
    await locker.query('begin; lock table lahetti.inbox in exclusive mode');
    const answer = await fetch(
      `${hasty.url}/webhooks/bigcommerce/kauppa1`,
      shopDelivery(orderUpdated(1), { secret: 'current-secret' }),
    );
    expect(answer.status).toBe(503);
  } finally {
    await locker.query('rollback');
    locker.release();
    await hasty.close();
  }
  // It was kept after all, which does no harm: the shop's next try is another hint.
  await eventually(async () => (await inbox()).length === 1);
});

test('no log line holds a secret, a token or a body', () => {
  for (const canary of ['current-secret', 'next-secret', 'app-client-secret', 'token-of', 'data']) {
    expect(app.logged()).not.toContain(canary);
  }
});
