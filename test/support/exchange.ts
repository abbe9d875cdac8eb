import type { Exchange } from '../../src/exchanges/exchange.ts';

/** A call to a shop that went well, with changes. */
export const anExchange = (changes: Partial<Exchange> = {}): Exchange => ({
  system: 'bigcommerce',
  account: 'kauppa1',
  at: new Date(),
  method: 'GET',
  path: '/stores/kauppa1/v2/orders/7',
  purpose: 'read order',
  status: 200,
  durationMs: 120,
  errorCode: null,
  requestId: null,
  request: null,
  response: null,
  about: {},
  ...changes,
});
