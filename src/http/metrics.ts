import type { Request, RequestHandler } from 'express';
import type { Metrics } from '../metrics/metrics.ts';

/** Measures every answer by the pattern of its route. */
export function measureRequests({ requests }: Pick<Metrics, 'requests'>): RequestHandler {
  return (req, res, next) => {
    const end = requests(req.method);
    // `close` comes also where nobody waited for the answer.
    res.once('close', () => end((res.locals as Locals).route ?? routeOf(req), res.statusCode));
    next();
  };
}

/** For the first handler of a route: Express forgets where a router was mounted once an error has left it. */
export const remembersRoute: RequestHandler = (req, res, next) => {
  (res.locals as Locals).route = routeOf(req);
  next();
};

interface Locals {
  route?: string | undefined;
}

function routeOf(req: Request): string | undefined {
  const path = (req.route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? `${patternOf(req.baseUrl)}${path}` : undefined;
}

/** Where a router is mounted is a pattern too, but Express gives only what it was filled with. */
const patternOf = (mountedAt: string): string =>
  mountedAt
    .split('/')
    .map((part) => (/\d/.test(part) && !/^v\d+$/.test(part) ? ':id' : part))
    .join('/');
