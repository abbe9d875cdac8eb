import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Call } from '../exchanges/exchange.ts';
import { isAppError } from '../errors.ts';
import type { OrderQuery, StoreConnection, WireLine, WireOrder, WireOrderHead, WireShippingAddress } from './api.ts';
import { readEmbedded } from './embedded-order.ts';
import type { Requests } from './requests.ts';
import { orderHead, orderLine, shippingAddress } from './wire-order.ts';

/** Lines and addresses in the same call; without the second parameter a legacy array comes back (bigcommerce.md 2.9). */
const include = 'include=consignments.line_items&consignment_structure=object';

/** The default page of a list of V2: a page shorter than this is the last one, whatever limit the server holds to. */
const shortestFullPage = 50;
const pageLimit = 250;

/** An order as it came, next to its head as read: what is embedded in it is judged separately. */
const rawOrder = z.unknown().transform((raw, context): { raw: unknown; head: WireOrderHead } => {
  const parsed = orderHead.safeParse(raw);
  if (parsed.success) return { raw, head: parsed.data };
  for (const issue of parsed.error.issues)
    context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
  return z.NEVER;
});

export async function getOrder(
  requests: Requests,
  store: StoreConnection,
  orderId: number,
  call: Call,
): Promise<WireOrder | null> {
  try {
    const path = `/v2/orders/${orderId}?${include}`;
    // A connection that is out of step gives one caller another's answer: the order of a stranger must not be taken for ours.
    const asked = rawOrder.refine(({ head }) => head.id === orderId, { path: ['id'], message: 'is of another order' });
    const order = await requests.read({ method: 'GET', purpose: 'read order', store, path, call }, asked);
    return await complete(requests, store, order, call);
  } catch (error) {
    if (isAppError(error) && error.kind === 'not_found') return null;
    throw error;
  }
}

export async function listOrders(
  requests: Requests,
  store: StoreConnection,
  query: OrderQuery,
  call: Call,
): Promise<WireOrder[]> {
  const path = `/v2/orders?${parametersOf(query)}${query.include ? `&${include}` : ''}`;
  const page = await requests.readList({ method: 'GET', purpose: 'list orders', store, path, call }, rawOrder);
  const orders: WireOrder[] = [];
  for (const order of page) {
    await setImmediate(); // a page is long to read: all else that the process does has its turn between two orders
    // One after the other: the quota is the store's, and doubts are rare.
    if (query.include) orders.push(await complete(requests, store, order, call));
    else orders.push({ order: order.head, lines: [], addresses: [], complete: false });
  }
  return orders;
}

/** Takes what came embedded, or asks again where there is any doubt about it. */
async function complete(
  requests: Requests,
  store: StoreConnection,
  { raw, head }: { raw: unknown; head: WireOrderHead },
  call: Call,
): Promise<WireOrder> {
  const embedded = readEmbedded(head, raw);
  if (embedded.doubt === null) {
    return { order: head, lines: embedded.lines, addresses: embedded.addresses, complete: true };
  }
  const pages = <T extends { readonly id: number }>(purpose: string, resource: string, schema: z.ZodType<T>) =>
    allPages((page) => {
      const path = `/v2/orders/${head.id}/${resource}?page=${page}&limit=${pageLimit}`;
      return requests.readList({ method: 'GET', purpose, store, path, call }, schema);
    });
  const lines: WireLine[] = await pages('read order lines', 'products', orderLine);
  const addresses: WireShippingAddress[] = await pages(
    'read shipping addresses',
    'shipping_addresses',
    shippingAddress,
  );
  return { order: head, lines, addresses, complete: true };
}

/** V2 says neither how many there are nor what the next page is (bigcommerce.md 2.2). */
export async function allPages<T extends { readonly id: number }>(read: (page: number) => Promise<T[]>): Promise<T[]> {
  const all = new Map<number, T>();
  for (let page = 1; ; page++) {
    const items = await read(page);
    const before = all.size;
    for (const item of items) all.set(item.id, item);
    // A page that brings nothing new ends it too: a server that ignores `page` must not keep us here for ever.
    if (items.length < shortestFullPage || all.size === before) return [...all.values()];
  }
}

function parametersOf(query: OrderQuery): string {
  const parameters = new URLSearchParams({ page: String(query.page), limit: String(query.limit) });
  if (query.sort) parameters.set('sort', query.sort);
  if (query.statusId !== undefined) parameters.set('status_id', String(query.statusId));
  if (query.minDateModified) parameters.set('min_date_modified', toSeconds(query.minDateModified));
  if (query.maxDateModified) parameters.set('max_date_modified', toSeconds(query.maxDateModified));
  return parameters.toString();
}

/** ISO 8601 with an offset and without a fraction: the shop's dates have whole seconds. */
const toSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, '+00:00');
