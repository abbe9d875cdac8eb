import express, { type RequestHandler, type Router } from 'express';
import type { Pool } from '../../db/pool.ts';
import type { Engine } from '../../engine/client.ts';
import { AppError } from '../../errors.ts';
import type { Stores } from '../../stores/store.ts';
import { askedBy, requireRole } from './authenticate.ts';
import { handOutLabel, labelsOf } from './labels.sql.ts';
import { unknownOrder, viewOrder } from './order-view.ts';
import { exchangesOf, findOrderHead, searchOrders, timelineOf } from './orders.sql.ts';
import { labelPath, orderPath, orderSearch, page, parseRequest, type Page } from './request.ts';

export interface ApiDeps {
  readonly pool: Pool;
  readonly engine: Pick<Engine, 'liveState'>;
  readonly stores: Pick<Stores, 'list'>;
}

/** `/api/v1/…`: JSON; lists have `next`, the value of `after` for the page that follows, or null. */
export function apiRoutes({ pool, engine, stores }: ApiDeps): Router {
  const router = express.Router();
  // Answers are about people's parcels: nobody on the way keeps them.
  router.use((_req, res, next) => {
    res.set('cache-control', 'no-store');
    next();
  });
  router.use(requireRole(pool, 'viewer'));

  router.get('/stores', async (_req, res) => {
    res.json({ stores: await stores.list() });
  });

  router.get('/orders', async (req, res) => {
    const search = parseRequest(orderSearch, req.query);
    const orders = await searchOrders(pool, search);
    res.json({ orders: orders.map(({ id: _id, ...order }) => order), next: nextPage(orders, search) });
  });

  router.get('/orders/:storeHash/:orderId', async (req, res) => {
    res.json(await viewOrder(pool, engine, parseRequest(orderPath, req.params)));
  });

  router.get('/orders/:storeHash/:orderId/timeline', async (req, res) => {
    const ref = await known(req.params);
    const wanted = parseRequest(page, req.query);
    const timeline = await timelineOf(pool, ref, wanted);
    res.json({ timeline, next: nextPage(timeline, wanted) });
  });

  router.get('/orders/:storeHash/:orderId/exchanges', async (req, res) => {
    // Not `known`: calls about an order that we could not read are what one wants to see.
    const ref = parseRequest(orderPath, req.params);
    const wanted = parseRequest(page, req.query);
    const exchanges = await exchangesOf(pool, ref, wanted);
    res.json({ exchanges, next: nextPage(exchanges, wanted) });
  });

  router.get('/orders/:storeHash/:orderId/labels', async (req, res) => {
    res.json({ labels: await labelsOf(pool, await known(req.params)) });
  });

  router.get('/labels/:id.pdf', notForHead, requireRole(pool, 'operator'), async (req, res) => {
    const { id } = parseRequest(labelPath, req.params);
    const label = await handOutLabel(pool, id, askedBy(res));
    if (label.outcome !== 'handed_out') throw labelProblem(id, label.outcome);
    res.type('application/pdf').set('content-disposition', `inline; filename="label-${id}.pdf"`).send(label.pdf);
  });

  async function known(params: unknown) {
    const ref = parseRequest(orderPath, params);
    if (!(await findOrderHead(pool, ref))) throw unknownOrder(ref);
    return ref;
  }

  return router;
}

/** Express answers HEAD with the handler for GET, and this one would hand a label out to nobody. */
const notForHead: RequestHandler = (req, res, next) => {
  if (req.method === 'HEAD') res.status(405).set('allow', 'GET').end();
  else next();
};

const nextPage = (rows: readonly { readonly id: number }[], { limit }: Page): number | null =>
  rows.length < limit ? null : (rows.at(-1)?.id ?? null);

function labelProblem(id: number, outcome: 'unknown' | 'not_kept' | 'withdrawn'): AppError {
  switch (outcome) {
    case 'unknown':
      return new AppError(`There is no label ${id}.`, { kind: 'not_found', code: 'unknown_label' });
    case 'not_kept':
      return new AppError(`Label ${id} is not here yet, or its file was erased.`, {
        kind: 'not_found',
        code: 'label_not_kept',
      });
    case 'withdrawn':
      return new AppError(`Label ${id} must not be used any more: its booking was replaced or cancelled.`, {
        kind: 'conflict',
        code: 'label_withdrawn',
        advice: "Take the shipment's newest label. One that was printed before has to be destroyed.",
      });
    default:
      return outcome satisfies never;
  }
}
