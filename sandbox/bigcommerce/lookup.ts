import type { Request, Response } from 'express';
import { callerOf } from './gate.ts';
import type { Order, ShippingAddress, Shipment } from './model.ts';
import { v2NotFound, v3NotFound } from './refusals.ts';

/** The order that the path names; unknown → 404 in the words of the path's generation. */
export function orderOf(req: Request, res: Response): Order {
  const order = callerOf(res).store.orders[String(req.params.orderId)];
  if (order === undefined) throw req.originalUrl.includes('/v3/') ? v3NotFound() : v2NotFound();
  return order;
}

export function addressOf(req: Request, res: Response): ShippingAddress {
  const address = orderOf(req, res).addresses.find(({ id }) => String(id) === req.params.addressId);
  if (address === undefined) throw v2NotFound();
  return address;
}

export function shipmentOf(req: Request, res: Response): Shipment {
  const shipment = orderOf(req, res).shipments.find(({ id }) => String(id) === req.params.shipmentId);
  if (shipment === undefined) throw v2NotFound();
  return shipment;
}
