import type { AddressInfo } from 'node:net';
import { createChangeFeed } from '../changes/feed.ts';
import { createApp } from '../http/app.ts';
import { createLimitedServer } from '../http/server.ts';
import { listen } from '../listen.ts';
import type { Parts } from './parts.ts';

export interface RunningPart {
  stop(): Promise<void>;
}

/** Listens: webhooks, API, health. Stops taking requests first, and lets those that came finish. */
export async function startApi(parts: Parts): Promise<RunningPart & { readonly url: string }> {
  const { config, log, scope, traces, pool, stores, engine, metrics, bigcommerce, examineStore } = parts;
  const { publicUrl } = config.http;
  const changes = createChangeFeed({ pool, log });
  const server = createLimitedServer(
    createApp({
      ...{ pool, stores, engine, counters: metrics.counters, metrics, log, scope, traces },
      ...{ bigcommerce, publicUrl, examineStore, changes },
      ...config.api,
    }),
  );
  await listen(server, { ...config.http, variables: { port: 'HTTP_PORT', host: 'HTTP_HOST' } });
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.http.host}:${port}`;
  log.info({ url, docs: `${url}/api/v1/docs` }, `the API listens; what it can do is shown at ${url}/api/v1/docs`);
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        changes.stop();
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 5_000).unref();
      }),
  };
}
