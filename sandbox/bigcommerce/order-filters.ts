import type { Request } from 'express';
import { unixSeconds } from './format.ts';
import type { Order } from './model.ts';
import { invalidField } from './refusals.ts';

type Query = Request['query'];

/**
 * The orders that a list's query asks for, sorted (bigcommerce.md 2.2).
 * Archived ones only with `is_deleted=true`; whether the real list shows them otherwise is not known.
 */
export function chosenOrders(orders: Order[], query: Query): Order[] {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : undefined);
  const number = (name: string) => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (!Number.isFinite(Number(value)) || value === '') throw invalidField(name, 'This is not a number.');
    return Number(value);
  };
  const tests: ((order: Order) => boolean)[] = [];
  const equal = (name: string, value: (order: Order) => number) => {
    const wanted = number(name);
    if (wanted !== undefined) tests.push((order) => value(order) === wanted);
  };
  const between = (name: string, value: (order: Order) => number, bound: (name: string) => number | undefined) => {
    const [least, most] = [bound(`min_${name}`), bound(`max_${name}`)];
    if (least !== undefined) tests.push((order) => value(order) >= least);
    if (most !== undefined) tests.push((order) => value(order) <= most);
  };
  const seconds = (name: string) => dateSeconds(name, text(name));

  between('id', (order) => order.id, number);
  between('date_modified', (order) => unixSeconds(order.modifiedAt), seconds);
  between('date_created', (order) => unixSeconds(order.createdAt), seconds);
  equal('status_id', (order) => order.statusId);
  equal('channel_id', (order) => order.channelId);
  equal('customer_id', (order) => order.customerId);
  const email = text('email');
  if (email !== undefined) tests.push((order) => order.billing.email === email);
  const externalOrderId = text('external_order_id');
  if (externalOrderId !== undefined) tests.push((order) => order.externalOrderId === externalOrderId);
  const archived = text('is_deleted') === 'true';
  tests.push((order) => order.isDeleted === archived);

  return orders.filter((order) => tests.every((test) => test(order))).sort(sorting(text('sort') ?? 'id:asc'));
}

/** RFC-2822 or ISO-8601, partial too; a `+` that was not URL-encoded arrives as a space and is refused. */
function dateSeconds(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  if (Number.isNaN(ms)) throw invalidField(name, 'This is not a date.');
  return unixSeconds(ms);
}

const sortKeys: Record<string, (order: Order) => number | string> = {
  id: (order) => order.id,
  customer_id: (order) => order.customerId,
  date_created: (order) => unixSeconds(order.createdAt),
  date_modified: (order) => unixSeconds(order.modifiedAt),
  status_id: (order) => order.statusId,
  channel_id: (order) => order.channelId,
  external_id: (order) => order.id,
};

function sorting(sort: string): (a: Order, b: Order) => number {
  const [field = '', direction = 'asc'] = sort.split(':');
  const key = sortKeys[field];
  if (key === undefined || !['asc', 'desc'].includes(direction)) throw invalidField('sort', `Cannot sort by ${sort}.`);
  const sign = direction === 'desc' ? -1 : 1;
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -sign : left > right ? sign : a.id - b.id;
  };
}
