import { join } from 'node:path';
import express, { Router } from 'express';
import { rawBody } from '../body.ts';
import { controlRoutes } from '../control.ts';
import { createFaults, faultMiddleware } from '../faults.ts';
import type { StandIn, StandInDeps } from '../stand-in.ts';
import { openState } from '../state.ts';
import { createChanges } from './changes.ts';
import { orderControl } from './control-orders.ts';
import { emptyState, storeControl } from './control-stores.ts';
import { callerOf, countRequests, gate, needs } from './gate.ts';
import { type BigCommerceState, initialState } from './model.ts';
import { answerRefusal, v2NotFound, v3NotFound } from './refusals.ts';
import { homePage } from './home.ts';
import { hookRoutes } from './routes-hooks.ts';
import { metafieldRoutes } from './routes-metafields.ts';
import { orderRoutes } from './routes-orders.ts';
import { shipmentRoutes } from './routes-shipments.ts';
import { createShipping } from './shipping.ts';
import { createWebhooks } from './webhooks.ts';
import { wireStore } from './wire-store.ts';

/**
 * A BigCommerce on this machine: the parts that an order-to-carrier integration touches, on their real paths under
 * `/stores/{hash}`, and a control interface under `/_control`.
 */
export function createBigCommerce(deps: StandInDeps): StandIn {
  const { clock, stateDir, baseUrl } = deps;
  const state = openState<BigCommerceState>(stateDir && join(stateDir, 'bigcommerce.json'), initialState);
  const faults = createFaults();
  const webhooks = createWebhooks({ state, clock });
  const changes = createChanges({ state, webhooks });
  const shipping = createShipping({ changes });

  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(rawBody());
  app.use(controlRoutes({ clock, faults, empty: () => emptyState(state) }));
  app.use(storeControl({ state, webhooks }));
  app.use(orderControl({ state, changes, shipping }));
  app.get('/', (_req, res) => void res.type('html').send(homePage(state.data)));
  app.use(countRequests(state));
  app.use(faultMiddleware(faults));
  app.use('/stores/:hash', gate({ state }));
  app.use(
    '/stores/:hash/v2',
    storeRoutes(),
    orderRoutes({ changes, baseUrl }),
    shipmentRoutes({ shipping, state }),
    () => {
      throw v2NotFound();
    },
  );
  app.use('/stores/:hash/v3', metafieldRoutes({ changes }), hookRoutes({ state, clock }), () => {
    throw v3NotFound();
  });
  app.use(answerRefusal);

  return {
    app,
    close: async () => {
      webhooks.stop();
      await state.flush();
    },
  };
}

function storeRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/time', (_req, res) => void res.json({ time: Math.floor(Date.now() / 1000) }));
  router.get('/store', needs('store_v2_information'), (_req, res) => void res.json(wireStore(callerOf(res).store)));
  return router;
}
