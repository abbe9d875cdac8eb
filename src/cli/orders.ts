import { searchOrders } from '../http/api/orders.sql.ts';
import { viewOrder } from '../http/api/order-view.ts';
import { orderSearch, unreadOf } from '../http/api/orders.ts';
import { parseRequest } from '../http/api/request.ts';
import { orderNamed, type Command } from './command.ts';
import { orderInLines } from './order-words.ts';
import { attentionCodes, problemsOf } from './staff.sql.ts';
import { unreadInLine } from './unread-words.ts';

export const showOrder: Command = {
  words: 'orders show',
  usage: '<store hash> <order id>',
  summary: 'shows where an order is, how it came there, and what helps where it needs a person',
  flags: [],
  async run({ pool, engine }, given) {
    const ref = orderNamed(given);
    const [view, problems] = await Promise.all([viewOrder(pool, engine, ref), problemsOf(pool, ref)]);
    return { lines: orderInLines(view, ref, problems), json: { ...view, problems } };
  },
};

export const listOrders: Command = {
  words: 'orders list',
  usage: '[--phase needs_attention|waiting|under_way|…] [--store <hash>] [--tracking <number>] [--limit <n>]',
  summary: 'lists orders, the youngest first',
  flags: ['phase', 'store', 'tracking', 'limit', 'after'],
  async run({ pool }, { flags }) {
    const asked = Object.entries(flags).filter(([, value]) => value !== undefined);
    const search = parseRequest(orderSearch, Object.fromEntries(asked));
    const [found, unread] = await Promise.all([searchOrders(pool, search), unreadOf(pool, search)]);
    const attention = await attentionCodes(
      pool,
      found.map(({ id }) => id),
    );
    const orders = found.map(({ id, ...order }) => ({ ...order, attention: attention.get(id) ?? [] }));
    const read = orders.map(({ storeHash, orderId, phase, since, attention: codes }) =>
      [
        `${storeHash}/${orderId}`.padEnd(24),
        phase.replaceAll('_', ' ').padEnd(16),
        since.toISOString().slice(0, 16).replace('T', ' '),
        codes.map((code) => code.replaceAll('_', ' ')).join(', '),
      ]
        .join(' ')
        .trimEnd(),
    );
    const lines = [...unread.map(unreadInLine), ...read];
    const next = found.length < search.limit ? null : (found.at(-1)?.id ?? null);
    return {
      lines: [
        ...(lines.length > 0 ? lines : ['There are no such orders.']),
        ...(next === null ? [] : [`There are more: the same with --after ${next}.`]),
      ],
      json: { orders, unread, next },
    };
  },
};

export const listStores: Command = {
  words: 'stores',
  usage: '',
  summary: 'lists the connected stores',
  flags: [],
  async run({ stores }) {
    const list = await stores.list();
    const lines = list.map((store) => `${store.storeHash.padEnd(14)} ${store.state.padEnd(13)} ${store.name}`);
    return { lines: lines.length > 0 ? lines : ['No store is connected yet.'], json: { stores: list } };
  },
};
