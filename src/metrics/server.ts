import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../listen.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
}

/**
 * Serves `GET /metrics` and `GET /livez` and nothing else, without a token. A listener of its own, in the API too: how much a
 * merchant sells is nobody's business, and whether a request came through a proxy only the proxy's headers would say.
 */
export async function serveMetrics(metrics: Pick<Metrics, 'text' | 'contentType'>, options: MetricsServerOptions) {
  const server = createServer((req, res) => {
    if (req.method !== 'GET') return void res.writeHead(405, { allow: 'GET' }).end();
    if (req.url === '/livez') return void res.writeHead(200).end('{"status":"alive"}');
    if (req.url !== '/metrics') return void res.writeHead(404).end();
    metrics.text().then(
      (text) => res.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => res.writeHead(500).end(),
    );
  });
  const variables = { port: 'LAHETTI_METRICS_PORT', host: 'LAHETTI_METRICS_HOST' };
  await listen(server, { ...options, variables });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
