import type { RequestHandler } from 'express';
import type { Posti } from './books.ts';

/** Counts what is asked of the wire, by route, with the ids in the paths left out. Mounted before the faults. */
export function countRequests(posti: Posti): RequestHandler {
  return (req, res, next) => {
    if (req.path.startsWith('/_control') || req.path === '/') return next();
    const { requests } = posti.books.data;
    const route = `${req.method} ${routeOf(req.path)}`;
    requests.byRoute[route] = (requests.byRoute[route] ?? 0) + 1;
    requests.total += 1;
    res.once('finish', () => {
      if (res.statusCode === 429) posti.books.data.requests.throttled += 1;
      posti.books.touch();
    });
    next();
  };
}

/**
 * The order API's limit of 50 requests a second and address (posti.md 2); the status is assumed, and no Retry-After is
 * known. Real seconds: the limit protects a server, which doesn't run faster when the sandbox's clock does.
 */
export function limitRate(posti: Posti): RequestHandler {
  const recent = new Map<string, number[]>();
  let counted = posti.books.data;
  return (req, res, next) => {
    if (!req.path.startsWith('/shippingapi/')) return next();
    // A Posti that was emptied has not been asked anything yet.
    if (counted !== posti.books.data) recent.clear();
    counted = posti.books.data;
    const limit = limitOf(posti, req.get('authorization'));
    const now = performance.now();
    const address = req.ip ?? '';
    const lastSecond = (recent.get(address) ?? []).filter((at) => at > now - 1000);
    recent.set(address, lastSecond);
    if (limit > 0 && lastSecond.length >= limit) {
      return void res.status(429).json({ message: 'Too Many Requests' });
    }
    lastSecond.push(now);
    const { requests } = posti.books.data;
    requests.busiestSecond = Math.max(requests.busiestSecond, lastSecond.length);
    next();
  };
}

function limitOf(posti: Posti, authorization: string | undefined): number {
  const token = posti.books.data.tokens[(authorization ?? '').replace(/^Bearer /i, '')];
  return posti.books.data.accounts.find((each) => each.clientId === token?.clientId)?.rateLimit ?? 50;
}

function routeOf(path: string): string {
  return path
    .replace(/^(\/tracking\/7\/shipments\/[a-z]+)\/.*$/, '$1/:value')
    .replace(/^\/shipments\/[^/]+\/pdfs\/[^/]+$/, '/shipments/:contract/pdfs/:id')
    .replace(/\/pickuppoints\/.*$/, '/pickuppoints/:id')
    .replace(/\/labelless\/.*$/, '/labelless/:id');
}
