import { nextPage, page } from '../http/api/frame/fields.ts';
import { exchangesOf, type ExchangeView } from '../orders/search.sql.ts';
import { requireOrder } from '../orders/view.ts';
import { parseRequest } from '../http/api/frame/request.ts';
import { exchangesQuery } from '../http/api/runs/routes.ts';
import { pageOfExchanges } from '../http/api/runs/queries.sql.ts';
import {
  andMore,
  asQuery,
  pageOptions,
  stampOf,
  storeOption,
  usageError,
  wholeNumber,
  type Command,
} from './command.ts';

/** As `GET /api/v1/exchanges` and `…/orders/{storeHash}/{orderId}/exchanges` give them. */
export const exchangesCommand: Command = {
  words: 'exchanges',
  summary: 'lists calls of shops and of Posti, the youngest first; those of one order, the oldest first',
  details: 'Bodies were redacted before they were kept; they are shown with --json.',
  options: [
    { flags: '--order <order>', description: 'of this order only: <store hash>/<order id>' },
    storeOption,
    { flags: '--system <system>', description: 'bigcommerce or posti' },
    { flags: '--failed', description: 'only those that failed' },
    { flags: '--from <time>', description: 'then or later: 2026-11-30 or 2026-11-30T12:00Z' },
    { flags: '--until <time>', description: 'before' },
    ...pageOptions,
  ],
  async run({ pool }, given) {
    const { order, ...flags } = given.flags;
    const asked = asQuery({ ...given, flags });
    const query = order === undefined ? parseRequest(exchangesQuery, asked) : parseRequest(page, asked);
    const exchanges =
      order === undefined
        ? await pageOfExchanges(pool, parseRequest(exchangesQuery, asked))
        : await exchangesOf(pool, orderIn(order), query);
    if (order !== undefined && exchanges.length === 0) await requireOrder(pool, orderIn(order));
    const next = nextPage(exchanges, query);
    const lines = exchanges.map(inLine);
    return {
      lines: [...(lines.length > 0 ? lines : ['There are no such calls.']), ...andMore(next)],
      json: { exchanges, next },
    };
  },
};

/** @throws AppError `usage` */
function orderIn(text: string): { storeHash: string; orderId: number } {
  const [storeHash, id, ...rest] = text.split('/');
  if (!storeHash || !id || rest.length > 0) throw usageError('--order is a store hash and an order id: kauppa1/1042.');
  return { storeHash, orderId: wholeNumber(id, 'An order id') };
}

const inLine = ({ at, system, purpose, method, path, status, durationMs, errorCode }: ExchangeView): string =>
  [
    stampOf(at),
    system.padEnd(11),
    `${purpose}:`,
    `${method} ${path}`,
    `→ ${status ?? 'no answer'}${errorCode === null ? '' : ` ${errorCode}`}, ${durationMs} ms`,
  ].join(' ');
