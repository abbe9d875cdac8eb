import { Histogram, type Registry } from 'prom-client';
import { fewValues } from './few-values.ts';

/** One request that is under way. The route is a pattern (`/api/v1/orders/:orderId`), never the path that was asked for. */
export type RequestTimer = (method: string) => (route: string | undefined, status: number) => void;

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function requestTimer(registry: Registry): RequestTimer {
  const duration = new Histogram({
    name: 'lahetti_http_request_duration_seconds',
    help: 'Duration of requests that we answered, by the pattern of the route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const routeOf = fewValues(150);
  return (method) => {
    const end = duration.startTimer({ method: methods.has(method) ? method : 'other' });
    return (route, status) => void end({ route: routeOf(route ?? 'none'), status: String(status) });
  };
}
