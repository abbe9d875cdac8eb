import { Router, type Request } from 'express';
import { bodyJson } from '../body.ts';
import type { StateFile } from '../state.ts';
import { orderBooks } from './books.ts';
import type { Changes } from './changes.ts';
import { badRequest, notFound } from './control-answers.ts';
import {
  type AddressDraft,
  type LineDraft,
  lineFrom,
  type OrderDraft,
  orderFrom,
  type ShippingAddressDraft,
} from './draft.ts';
import { fromTenThousandths, tenThousandths } from './format.ts';
import type { BigCommerceState, Metafield, Order, Store } from './model.ts';
import { setStatus } from './order-edits.ts';
import { newMetafield, tellOfMetafield } from './routes-metafields.ts';
import type { Shipping } from './shipping.ts';

/** What the merchant or the shopper does to an order that exists; every part is optional. */
interface OrderChange {
  statusId?: number;
  /** Which address by id or by position; the first when neither is given. */
  shippingAddress?: ShippingAddressDraft & { id?: number; index?: number };
  billing?: AddressDraft;
  addLines?: LineDraft[];
  /** The id of a line. */
  removeLine?: number;
  setQuantity?: { lineId: number; quantity: number }[];
  refund?: { lineId: number; quantity: number }[];
  customerMessage?: string;
  staffNotes?: string;
  paymentStatus?: string;
  archived?: boolean;
  includeLosesLines?: boolean;
  unreadable?: boolean;
  losesHooks?: boolean;
}

const CANCELLED = 5;
const PAID = 11;
const who = 'control';
/** The API account of an app at the checkout. */
const app = 'checkout-app';

/** Orders as merchants, shoppers and other apps make and change them; the hooks fire as in the real system. */
export function orderControl(deps: {
  state: StateFile<BigCommerceState>;
  changes: Changes;
  shipping: Shipping;
}): Router {
  const { state, changes, shipping } = deps;
  const router = Router();
  const base = '/_control/stores/:hash/orders';
  const storeOf = (req: Request) => state.data.stores[String(req.params.hash)] ?? notFound('There is no such store.');
  const orderOf = (req: Request) => storeOf(req).orders[String(req.params.id)] ?? notFound('There is no such order.');

  router.post(base, (req, res) => {
    const draft = bodyJson(req) as OrderDraft;
    if (!Array.isArray(draft.lines) || draft.lines.length === 0) badRequest('An order needs lines.');
    const store = storeOf(req);
    const order = orderFrom(store, draft);
    store.orders[String(order.id)] = order;
    changes.tell(store, 'store/order/created', { type: 'order', id: order.id });
    if (draft.viaIncomplete === true) {
      changes.order(store, order, who, () => setStatus(order, draft.statusId ?? PAID));
    }
    res.status(201).json({ id: order.id });
  });
  router.get(`${base}/:id`, (req, res) => void res.json(orderBooks(orderOf(req))));

  router.patch(`${base}/:id`, (req, res) => {
    const [store, order, change] = [storeOf(req), orderOf(req), bodyJson(req) as OrderChange];
    changes.order(store, order, who, () => apply(store, order, change));
    if (change.refund !== undefined) {
      const refund = { refund_id: ++store.lastId.refund };
      changes.tell(store, 'store/order/refund/created', { type: 'order', id: order.id, refund });
    }
    res.json(orderBooks(order));
  });
  for (const [verb, statusId] of [
    ['cancel', CANCELLED],
    ['pay', PAID],
  ] as const) {
    router.post(`${base}/:id/${verb}`, (req, res) => {
      const order = orderOf(req);
      changes.order(storeOf(req), order, who, () => setStatus(order, statusId));
      res.json(orderBooks(order));
    });
  }

  router.post(`${base}/:id/shipments`, (req, res) => {
    const order = orderOf(req);
    const shipment = shipping.create(storeOf(req), order, who, withDefaults(order, bodyJson(req)));
    shipment.answered = 'whole';
    res.status(201).json(orderBooks(order));
  });
  router.delete(`${base}/:id/shipments/:sid`, (req, res) => {
    const order = orderOf(req);
    const shipment = order.shipments.find(({ id }) => String(id) === req.params.sid);
    shipping.remove(storeOf(req), order, shipment ?? notFound('There is no such shipment.'), who);
    res.json(orderBooks(order));
  });
  // An app of the shop writes it, which changes nothing else about the order: not even its date.
  router.put(`${base}/:id/metafields`, (req, res) => {
    const [store, order] = [storeOf(req), orderOf(req)];
    const { namespace, key, value } = bodyJson(req) as Pick<Metafield, 'namespace' | 'key' | 'value'>;
    const known = order.metafields.find((field) => field.namespace === namespace && field.key === key);
    if (known) Object.assign(known, { value, modifiedAt: Date.now() });
    const field = known ?? newMetafield(store, app, { permissionSet: 'read', namespace, key, value });
    if (!known) order.metafields.push(field);
    tellOfMetafield(changes, store, known ? 'updated' : 'created', order, field);
    res.json(orderBooks(order));
  });
  return router;
}

/** Without a body, somebody else ships everything that can still go to the first address. */
function withDefaults(order: Order, body: unknown): Record<string, unknown> {
  const addressId = order.addresses[0]?.id;
  const items = order.lines
    .filter((line) => line.addressId === addressId)
    .map((line) => ({
      order_product_id: line.id,
      quantity: line.quantity - line.quantityShipped - line.quantityRefunded,
    }))
    .filter(({ quantity }) => quantity > 0);
  return {
    order_address_id: addressId,
    items,
    shipping_provider: '',
    ...(body as Record<string, unknown> | undefined),
  };
}

function apply(store: Store, order: Order, change: OrderChange): void {
  const lineOf = (id: number) => order.lines.find((line) => line.id === id) ?? notFound(`There is no line ${id}.`);
  if (change.shippingAddress !== undefined) {
    const { id, index = 0, ...fields } = change.shippingAddress;
    const address = id === undefined ? order.addresses[index] : order.addresses.find((address) => address.id === id);
    Object.assign(address ?? notFound('There is no such address.'), fields);
  }
  Object.assign(order.billing, change.billing);
  for (const draft of change.addLines ?? []) order.lines.push(lineFrom(store, order.addresses, draft));
  if (change.removeLine !== undefined) order.lines.splice(order.lines.indexOf(lineOf(change.removeLine)), 1);
  for (const { lineId, quantity } of change.setQuantity ?? []) lineOf(lineId).quantity = quantity;
  if (change.refund !== undefined) refund(order, change.refund);
  if (change.customerMessage !== undefined) order.customerMessage = change.customerMessage;
  if (change.staffNotes !== undefined) order.staffNotes = change.staffNotes;
  if (change.paymentStatus !== undefined) order.paymentStatus = change.paymentStatus;
  if (change.includeLosesLines !== undefined) order.includeLosesLines = change.includeLosesLines;
  if (change.unreadable !== undefined) order.unreadable = change.unreadable;
  if (change.losesHooks !== undefined) order.losesHooks = change.losesHooks;
  if (change.archived !== undefined) order.isDeleted = change.archived;
  if (change.statusId !== undefined) setStatus(order, change.statusId);
}

/**
 * Refunded units stay in `quantity` (bigcommerce.md 9.16). A refund of everything makes the order Refunded (4), one of a
 * part Partially Refunded (14), as shops report it; that it does so whatever the status was before is an assumption.
 */
function refund(order: Order, items: { lineId: number; quantity: number }[]): void {
  let amount = tenThousandths(order.refundedAmount);
  for (const { lineId, quantity } of items) {
    const line = order.lines.find(({ id }) => id === lineId) ?? notFound(`There is no line ${lineId}.`);
    if (line.quantityRefunded + quantity > line.quantity) badRequest(`Line ${lineId} has fewer units than that.`);
    line.quantityRefunded += quantity;
    amount += tenThousandths(line.price) * quantity;
  }
  order.refundedAmount = fromTenThousandths(amount);
  const everything = order.lines.every((line) => line.quantityRefunded === line.quantity);
  order.paymentStatus = everything ? 'refunded' : 'partially refunded';
  setStatus(order, everything ? 4 : 14);
}
