import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Call } from '../exchanges/exchange.ts';
import { isAppError, type AppError } from '../errors.ts';
import type {
  OrderPage,
  OrderQuery,
  StoreConnection,
  UnreadableOrder,
  WireLine,
  WireOrder,
  WireOrderHead,
  WireShippingAddress,
} from './api.ts';
import { readEmbedded } from './embedded-order.ts';
import { scopeMissing, unreadableAnswer } from './errors.ts';
import { fieldsOf, outOfStep, type Requests } from './requests.ts';
import { orderHead, orderLine, shippingAddress } from './wire-order.ts';
import { instantOrNull, intOr } from './wire-values.ts';

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
  // A connection that is out of step gives one caller another's answer: the order of a stranger must not be taken for ours.
  const asked = rawOrder.refine(({ head }) => head.id === orderId, { path: ['id'], ...outOfStep });
  const order = await orNullIfGone(
    requests.read(
      { method: 'GET', purpose: 'read order', store, path: `/v2/orders/${orderId}?${include}`, call },
      asked,
    ),
  );
  return order && complete(requests, store, order, call);
}

/** Only the order's own route says that it is gone; that a list of its parts is not there says nothing of it. */
async function orNullIfGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
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
): Promise<OrderPage> {
  const path = `/v2/orders?${parametersOf(query)}${query.include ? `&${include}` : ''}`;
  const asked = { method: 'GET', purpose: 'list orders', store, path, call } as const;
  const page = await requests.readList(asked, z.unknown());
  const orders: WireOrder[] = [];
  const unreadable: UnreadableOrder[] = [];
  for (const raw of page) {
    await setImmediate(); // a page is long to read: all else that the process does has its turn between two orders
    const parsed = rawOrder.safeParse(raw);
    if (!parsed.success) {
      unreadable.push({ ...numberAndDate(raw), failure: unreadableAnswer(asked, 200, fieldsOf(parsed.error)) });
      continue;
    }
    const { head } = parsed.data;
    if (!query.include) {
      orders.push({ order: head, lines: [], addresses: [], complete: false });
      continue;
    }
    try {
      // One after the other: the quota is the store's, and doubts are rare.
      orders.push(await complete(requests, store, parsed.data, call));
    } catch (error) {
      if (!isAppError(error) || !isOfThisOrder(error)) throw error;
      unreadable.push({ orderId: head.id, modifiedAt: head.date_modified, failure: error });
    }
  }
  return { orders, unreadable };
}

/** The shop answers for others: one order that is closed to us, locked or unreadable keeps none of the rest from being found. */
const isOfThisOrder = ({ kind, code }: AppError): boolean =>
  code !== scopeMissing && ['invalid', 'forbidden', 'conflict', 'refused'].includes(kind);

/** What of an order can be read where the whole of it cannot. */
function numberAndDate(raw: unknown): { orderId: number | null; modifiedAt: Date | null } {
  const { id, date_modified: modifiedAt } = z
    .object({ id: intOr(null), date_modified: instantOrNull })
    .catch({ id: null, date_modified: null })
    .parse(raw);
  return { orderId: id !== null && id > 0 ? id : null, modifiedAt };
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
  /** Null where the shop knows of no such list. */
  const pages = <T extends { readonly id: number }>(purpose: string, resource: string, schema: z.ZodType<T>) =>
    orNullIfGone(
      allPages((page) => {
        const path = `/v2/orders/${head.id}/${resource}?page=${page}&limit=${pageLimit}`;
        return requests.readList({ method: 'GET', purpose, store, path, call }, schema);
      }),
    );
  const lines: WireLine[] | null = await pages('read order lines', 'products', orderLine);
  if (lines === null) throw partIsMissing('read order lines');
  const addresses: WireShippingAddress[] | null = await pages(
    'read shipping addresses',
    'shipping_addresses',
    shippingAddress,
  );
  // Where nothing is shipped, no list of addresses is none of them.
  if (addresses === null && lines.some(isShipped)) throw partIsMissing('read shipping addresses');
  return { order: head, lines, addresses: addresses ?? [], complete: true };
}

const isShipped = (line: WireLine): boolean => line.type === 'physical' && line.order_pickup_method_id === 0;

const partIsMissing = (purpose: string): AppError =>
  unreadableAnswer({ method: 'GET', purpose }, 404, 'The shop knows the order, and not this part of it.');

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
export const toSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, '+00:00');
