import { Router } from 'express';
import { bodyJson } from '../body.ts';
import { whenAnswered } from '../faults.ts';
import type { StateFile } from '../state.ts';
import { callerOf, deleted, lastModified, list } from './gate.ts';
import { orderOf, shipmentOf } from './lookup.ts';
import { pageV2 } from './paging.ts';
import { notSimulated } from './refusals.ts';
import type { Shipping } from './shipping.ts';
import { wireShipment } from './wire-shipment.ts';

/** The shipments of an order (bigcommerce.md 3). */
export function shipmentRoutes(deps: { shipping: Shipping; state: StateFile<unknown> }): Router {
  const { shipping, state } = deps;
  const router = Router({ mergeParams: true });

  router.get('/orders/:orderId/shipments', (req, res) => {
    const order = orderOf(req, res);
    list(
      res,
      pageV2(req, order.shipments).map((shipment) => wireShipment(order, shipment)),
    );
  });
  router.get('/orders/:orderId/shipments/count', (req, res) => {
    res.json({ count: orderOf(req, res).shipments.length });
  });
  router.post('/orders/:orderId/shipments', (req, res) => {
    const order = orderOf(req, res);
    const { store, account } = callerOf(res);
    const shipment = shipping.create(store, order, account.clientId, (bodyJson(req) ?? {}) as Record<string, unknown>);
    whenAnswered(res, (answered) => {
      shipment.answered = answered;
      state.touch();
    });
    lastModified(res, order);
    res.status(201).json(wireShipment(order, shipment));
  });
  router.delete('/orders/:orderId/shipments', () => {
    throw notSimulated('deleting all shipments of an order');
  });

  router.get('/orders/:orderId/shipments/:shipmentId', (req, res) => {
    res.json(wireShipment(orderOf(req, res), shipmentOf(req, res)));
  });
  router.put('/orders/:orderId/shipments/:shipmentId', (req, res) => {
    const [order, shipment] = [orderOf(req, res), shipmentOf(req, res)];
    const { store, account } = callerOf(res);
    shipping.edit(store, order, shipment, account.clientId, (bodyJson(req) ?? {}) as Record<string, unknown>);
    lastModified(res, order);
    res.json(wireShipment(order, shipment));
  });
  router.delete('/orders/:orderId/shipments/:shipmentId', (req, res) => {
    const { store, account } = callerOf(res);
    shipping.remove(store, orderOf(req, res), shipmentOf(req, res), account.clientId);
    deleted(res);
  });
  return router;
}
