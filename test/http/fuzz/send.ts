import { Agent, request } from 'node:http';
import type { WireRequest } from './requests.ts';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly tookMs: number;
}

/** Sends requests one after the other, as they are: `fetch` would put some of them right. */
export interface RawClient {
  /** @throws Error where there is no whole answer within the limit */
  send(wire: WireRequest): Promise<WireAnswer>;
  close(): void;
}

export function rawClient(url: string, limitMs: number): RawClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(url);
  return {
    send({ method, path, headers, body }) {
      const startedAt = performance.now();
      return new Promise((resolve, reject) => {
        const signal = AbortSignal.timeout(limitMs);
        const asked = request({ agent, hostname, port, method, path, headers: { ...headers }, signal }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.once('error', reject);
          answer.once('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              ...{ status: answer.statusCode ?? 0, headers: answer.headers, text },
              tookMs: performance.now() - startedAt,
            });
          });
        });
        asked.once('error', reject);
        asked.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
