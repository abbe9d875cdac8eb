import type { BigCommerceApi } from '../../../src/bigcommerce/api.ts';
import type { OpenApiDocument } from '../../../src/http/api/frame/openapi.ts';
import { createToken } from '../../../src/auth/tokens.ts';
import { roles, type Role } from '../../../src/auth/roles.ts';
import { createLog } from '../../../src/log.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { anOrderDesk } from '../../db/order-desk.ts';
import { testDatabase } from '../../support/postgres.ts';
import { aSmallLabel } from '../../support/label-file.ts';
import { aLabel } from '../../unit/labels/label-files.ts';
import { aBookedShipment } from '../booked-shipment.ts';
import { aStore, serveApp, type ServedApp } from '../served-app.ts';
import { namedSchemas } from './operations.ts';
import type { Requesting } from './requests.ts';

export interface FuzzedApp {
  readonly app: ServedApp;
  /** As Prometheus reads them. */
  readonly metricsText: () => Promise<string>;
  readonly document: OpenApiDocument;
  /** What requests are made of: tokens of every role and none, and names of what there is. */
  readonly requesting: Requesting;
}

/** A shop that agrees to everything, so that what stands behind its consent is reached too. */
const agreeableShop = new Proxy({} as BigCommerceApi, {
  get: (_target, name) => () =>
    Promise.resolve(
      name === 'getStore' ? { name: 'Kauppa', weight_units: 'KGS', dimension_units: 'Centimeters' } : undefined,
    ),
});

/** The app with a store, two orders, a booked shipment with its label, and a real database behind them. */
export async function fuzzedApp(): Promise<FuzzedApp> {
  const { pool } = await testDatabase();
  // Its lines would be what grows.
  const log = createLog({ level: 'error', destination: { write: () => undefined } });
  const metrics = createMetrics({ log });
  metrics.observe({ database: pool });
  const app = await serveApp(pool, {
    ...{ log, metrics, counters: metrics.counters, bigcommerce: agreeableShop },
    commandPatienceMs: 1,
    eventLimits: { lifeMs: 10 },
  });
  await app.stores.connect(aStore('kauppa1'));
  const labelId = await aBookedShipment(pool, {
    ...{ storeHash: 'kauppa1', orderId: 1001 },
    pdf: Buffer.from(await aLabel(1)),
  });
  const desk = await anOrderDesk(pool);
  await desk.look();
  await desk.book();

  const tokens = {} as Record<Role, string>;
  for (const role of roles) tokens[role] = (await createToken(pool, `the ${role}`, role)).token;
  const hold = await fetch(`${app.url}/api/v1/orders/kauppa1/1001/hold`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.admin}`, 'idempotency-key': 'the-first' },
  });
  const commandId = ((await hold.json()) as { command: { id: string } }).command.id;
  const document = (await (await fetch(`${app.url}/api/v1/openapi.json`)).json()) as OpenApiDocument;
  const storeHashes = ['kauppa1', desk.ref.storeHash];
  const orderIds = [1001, desk.ref.orderId];
  return {
    app,
    metricsText: () => metrics.text(),
    document,
    requesting: {
      named: namedSchemas(document),
      known: {
        ...{ storeHash: storeHashes, store: storeHashes, orderId: orderIds, number: orderIds, n: [1, 2] },
        ...{
          id: [labelId, commandId],
          labels: [[labelId]],
          trackingNumbers: [['JJFI65432100000000001']],
          labelPdfBase64: [Buffer.from(aSmallLabel).toString('base64')],
          version: [1],
          'if-match': ['"0"', '"1"'],
          email: ['aino@example.com'],
        },
      },
      tokens: [
        { weight: 12, token: tokens.admin },
        { weight: 2, token: tokens.operator },
        { weight: 1, token: tokens.viewer },
        { weight: 1, token: `lht_${'A'.repeat(43)}` },
        { weight: 1, token: undefined },
      ],
    },
  };
}
