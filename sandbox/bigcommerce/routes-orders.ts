import { Router, type Request, type Response } from 'express';
import { bodyJson } from '../body.ts';
import type { Changes } from './changes.ts';
import { callerOf, deleted, lastModified, list, needs } from './gate.ts';
import { addressOf, orderOf } from './lookup.ts';
import type { Order } from './model.ts';
import { addressEdit, orderEdit } from './order-edits.ts';
import { chosenOrders } from './order-filters.ts';
import { pageV2 } from './paging.ts';
import { v2NotFound } from './refusals.ts';
import { orderStatuses } from './statuses.ts';
import { shippingAddress } from './wire-address.ts';
import { consignments } from './wire-consignments.ts';
import { orderProduct } from './wire-line.ts';
import { linksOf } from './wire-links.ts';
import { wireOrder } from './wire-order.ts';

/** Orders, their lines and addresses, and the statuses (bigcommerce.md 2.1). */
export function orderRoutes(deps: { changes: Changes; baseUrl: () => string }): Router {
  const { changes, baseUrl } = deps;
  const router = Router({ mergeParams: true });
  const linkFor = (res: Response) => linksOf(baseUrl(), callerOf(res).store.hash);
  const included = (req: Request, res: Response, order: Order) => {
    const includes = includesOf(req);
    const withLines = includes.includes('consignments.line_items');
    if (!withLines && !includes.includes('consignments')) return undefined;
    const parts = consignments(order, withLines, linkFor(res));
    return req.query.consignment_structure === 'object' ? parts : [parts]; // the array is the legacy form
  };
  const asWire = (req: Request, res: Response, order: Order) =>
    wireOrder(callerOf(res).store, order, linkFor(res), included(req, res, order));

  router.use(['/orders', '/order_statuses'], needs('store_v2_orders'));

  router.get('/order_statuses', (_req, res) => void res.json(orderStatuses));
  router.get('/order_statuses/:statusId', (req, res) => {
    const status = orderStatuses.find(({ id }) => String(id) === req.params.statusId);
    if (status === undefined) throw v2NotFound();
    res.json(status);
  });

  router.get('/orders', (req, res) => {
    const orders = pageV2(req, chosenOrders(Object.values(callerOf(res).store.orders), req.query));
    list(
      res,
      orders.map((order) => asWire(req, res, order)),
    );
  });
  router.get('/orders/count', (req, res) => {
    const orders = chosenOrders(Object.values(callerOf(res).store.orders), req.query);
    const statuses = orderStatuses.map(({ order: sort_order, ...status }) => ({
      ...status,
      sort_order,
      count: orders.filter(({ statusId }) => statusId === status.id).length,
    }));
    res.json({ statuses, count: orders.length });
  });
  router.get('/orders/:orderId', (req, res) => {
    const order = orderOf(req, res);
    lastModified(res, order);
    res.json(asWire(req, res, order));
  });
  router.put('/orders/:orderId', (req, res) => {
    const order = orderOf(req, res);
    const { store, account } = callerOf(res);
    const edit = orderEdit((bodyJson(req) ?? {}) as Record<string, unknown>, order);
    changes.order(store, order, account.clientId, edit);
    lastModified(res, order);
    res.json(asWire(req, res, order));
  });
  router.delete('/orders/:orderId', (req, res) => {
    const { store, account } = callerOf(res);
    changes.order(store, orderOf(req, res), account.clientId, (order) => (order.isDeleted = true));
    deleted(res);
  });

  router.get('/orders/:orderId/products', (req, res) => {
    const order = orderOf(req, res);
    list(
      res,
      pageV2(req, order.lines).map((line) => orderProduct(order, line)),
    );
  });
  router.get('/orders/:orderId/products/:lineId', (req, res) => {
    const order = orderOf(req, res);
    const line = order.lines.find(({ id }) => String(id) === req.params.lineId);
    if (line === undefined) throw v2NotFound();
    res.json(orderProduct(order, line));
  });
  router.get('/orders/:orderId/consignments', (req, res) => {
    const withLines = includesOf(req).includes('consignments.line_items');
    res.json(consignments(orderOf(req, res), withLines, linkFor(res)));
  });

  router.get('/orders/:orderId/shipping_addresses', (req, res) => {
    const order = orderOf(req, res);
    list(
      res,
      pageV2(req, order.addresses).map((address) => shippingAddress(order, address, linkFor(res))),
    );
  });
  router.get('/orders/:orderId/shipping_addresses/:addressId', (req, res) => {
    res.json(shippingAddress(orderOf(req, res), addressOf(req, res), linkFor(res)));
  });
  router.put('/orders/:orderId/shipping_addresses/:addressId', (req, res) => {
    const address = addressOf(req, res);
    const { store, account } = callerOf(res);
    const edit = addressEdit((bodyJson(req) ?? {}) as Record<string, unknown>);
    const order = orderOf(req, res);
    changes.order(store, order, account.clientId, () => Object.assign(address, edit));
    res.json(shippingAddress(order, address, linkFor(res)));
  });
  router.get('/orders/:orderId/shipping_addresses/:addressId/shipping_quotes', (req, res) => {
    const { quotes } = addressOf(req, res);
    const [one, another] = quotes;
    if (callerOf(res).store.quotesAs === 'object' && one !== undefined && another === undefined) res.json(one);
    else list(res, quotes);
  });
  return router;
}

function includesOf(req: Request): string[] {
  return typeof req.query.include === 'string' ? req.query.include.split(',') : [];
}
