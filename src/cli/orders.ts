import { nextPage, page } from '../http/api/frame/fields.ts';
import { searchOrders, timelineOf } from '../orders/search.sql.ts';
import { requireOrder, viewOrder, unreadOf } from '../orders/view.ts';
import { orderSearch } from '../http/api/orders/schemas.ts';
import { parseRequest } from '../http/api/frame/request.ts';
import {
  andMore,
  asQuery,
  orderArguments,
  orderNamed,
  pageOptions,
  stampOf,
  storeOption,
  type Command,
} from './command.ts';
import { orderInLines } from './order-words.ts';
import { attentionCodes, problemsOf } from './staff.sql.ts';
import { unreadInLine } from './unread-words.ts';

export const showOrder: Command = {
  words: 'orders show',
  summary: 'shows where an order is, how it came there, and what helps where it needs a person',
  arguments: orderArguments,
  async run({ pool, engine }, given) {
    const ref = orderNamed(given);
    const [view, problems] = await Promise.all([viewOrder(pool, engine, ref), problemsOf(pool, ref)]);
    return { lines: orderInLines(view, ref, problems), json: { ...view, problems } };
  },
};

export const listOrders: Command = {
  words: 'orders list',
  summary: 'lists and searches orders, the one that we heard of last first',
  details: 'All that is given has to fit.',
  options: [
    { flags: '--number <order id>', description: 'the number of the order' },
    { flags: '--tracking <number>', description: 'a tracking number, also one that was superseded since' },
    { flags: '--recipient <words>', description: 'beginnings of a name, a company or an e-mail address' },
    { flags: '--phase <phase>', description: 'waiting, under_way, needs_attention, done, ignored or cancelled' },
    { flags: '--attention <code>', description: 'what it needs attention for' },
    storeOption,
    ...pageOptions,
  ],
  async run({ pool }, given) {
    const search = parseRequest(orderSearch, asQuery(given));
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
      lines: [...(lines.length > 0 ? lines : ['There are no such orders.']), ...andMore(next)],
      json: { orders, unread, next },
    };
  },
};

export const orderTimeline: Command = {
  words: 'orders timeline',
  summary: 'says what happened to an order, and by whom, oldest first',
  arguments: orderArguments,
  options: pageOptions,
  async run({ pool }, given) {
    const ref = orderNamed(given);
    const query = parseRequest(page, asQuery(given));
    await requireOrder(pool, ref);
    const timeline = await timelineOf(pool, ref, query);
    const next = nextPage(timeline, query);
    const lines = timeline.map(
      ({ at, n, words, who }) => `${stampOf(at)}  ${n === null ? 'order     ' : `shipment ${n}`}  ${words} (${who})`,
    );
    return { lines: [...lines, ...andMore(next)], json: { timeline, next } };
  },
};
