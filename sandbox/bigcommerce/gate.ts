import type { Request, RequestHandler, Response } from 'express';
import type { StateFile } from '../state.ts';
import { rfc2822 } from './format.ts';
import type { Account, BigCommerceState, Order, Store } from './model.ts';
import { v3Refusal } from './refusals.ts';

const WINDOW_MS = 30_000;
const UNLIMITED = 1_000_000;

/** Whose request this is, known behind the gate. */
export interface Caller {
  store: Store;
  account: Account;
}

export function callerOf(res: Response): Caller {
  return res.locals.caller as Caller;
}

/** Counts every call of a store by its route, also those that a fault then spoils. */
export function countRequests(state: StateFile<BigCommerceState>): RequestHandler {
  const atOnce = new Map<string, number>();
  return (req, res, next) => {
    const [, hash = '', rest = ''] = /^\/stores\/([^/]+)(\/.*)$/.exec(req.path) ?? [];
    const requests = state.data.stores[hash]?.requests;
    if (requests === undefined) return next();
    const route = `${req.method} ${rest.replace(/\/\d+(?=\/|$)/g, '/:id')}`;
    requests.total++;
    state.touch();
    requests.byRoute[route] = (requests.byRoute[route] ?? 0) + 1;
    atOnce.set(hash, (atOnce.get(hash) ?? 0) + 1);
    requests.mostAtOnce = Math.max(requests.mostAtOnce ?? 0, atOnce.get(hash) ?? 0);
    res.once('close', () => atOnce.set(hash, (atOnce.get(hash) ?? 1) - 1));
    res.once('finish', () => {
      if (res.statusCode === 429) requests.throttled++;
    });
    next();
  };
}

/** Token, then quota, then the form of the request, in this order. */
export function gate(deps: { state: StateFile<BigCommerceState> }): RequestHandler<{ hash: string }> {
  // One fixed window per store, shared by all its apps. Real time: callers wait for it in real time.
  const windows = new Map<string, { endsAt: number; used: number }>();
  return (req, res, next) => {
    const store = deps.state.data.stores[req.params.hash];
    const account = store?.accounts.find(({ token }) => token === req.get('x-auth-token'));
    if (store === undefined || account === undefined) {
      // The real body of a 401 was never recorded (bigcommerce.md 6.4).
      throw v3Refusal(401, 'Unauthorized');
    }
    res.locals.caller = { store, account } satisfies Caller;

    const now = Date.now();
    let window = windows.get(store.hash);
    const windowMs = store.quotaWindowMs ?? WINDOW_MS;
    if (window === undefined || window.endsAt <= now) window = { endsAt: now + windowMs, used: 0 };
    windows.set(store.hash, window);
    const quota = store.quota === 0 ? UNLIMITED : store.quota;
    const left = quota - ++window.used;
    const resetMs = window.endsAt - now;
    store.requests.busiestWindow = Math.max(store.requests.busiestWindow ?? 0, window.used);
    res.set({
      'X-Rate-Limit-Time-Window-Ms': String(windowMs),
      'X-Rate-Limit-Time-Reset-Ms': String(resetMs),
      'X-Rate-Limit-Requests-Quota': String(quota),
      'X-Rate-Limit-Requests-Left': String(Math.max(0, left)),
    });
    if (left < 0) {
      res.set('X-Retry-After', String(Math.ceil(resetMs / 1000)));
      throw v3Refusal(429, 'Too many requests');
    }
    if (isV2(req)) res.set({ 'X-BC-ApiLimit-Remaining': '20000', 'X-BC-Store-Version': '7.6.0' });

    if (req.body !== undefined && req.body !== '' && !/json/.test(req.get('content-type') ?? '')) {
      throw v3Refusal(415, 'Unsupported Media Type');
    }
    if (!/json|\*\/\*|^$/.test(req.get('accept') ?? '')) throw v3Refusal(406, 'Not Acceptable');
    next();
  };
}

/** Asks for a scope: `…_read_only` suffices for reads. The 403 is an object on V2 paths too (bigcommerce.md 6.4). */
export function needs(scope: string): RequestHandler {
  return (req, res, next) => {
    const { scopes } = callerOf(res).account;
    const reads = req.method === 'GET' || req.method === 'HEAD';
    if (scopes.includes(scope) || (reads && scopes.includes(`${scope}_read_only`))) return next();
    throw v3Refusal(403, "You don't have a required scope to access the endpoint");
  };
}

/** 204 as recorded after a DELETE: without rate headers (bigcommerce.md 6.1). */
export function deleted(res: Response): void {
  for (const name of res.getHeaderNames()) if (name.startsWith('x-rate-limit')) res.removeHeader(name);
  res.status(204).end();
}

/** A V2 list: the bare array, or 204 without a body when there is nothing on the page. */
export function list(res: Response, items: unknown[]): void {
  if (items.length === 0) res.status(204).end();
  else res.json(items);
}

export function lastModified(res: Response, order: Order): void {
  res.set('Last-Modified', rfc2822(order.modifiedAt));
}

function isV2(req: Request): boolean {
  return req.originalUrl.includes('/v2/');
}
