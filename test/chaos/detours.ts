import { createServer, connect, type Socket } from 'node:net';

/** The ways that the API and the workers take to others; each can be troubled on its own. */
export const detourNames = ['database', 'engine', 'bigcommerce', 'posti'] as const;
export type DetourName = (typeof detourNames)[number];

/** `half-open`: takes connections, forwards nothing, closes nothing. */
export const detourModes = ['half-open', 'cut', 'slow', 'trickle'] as const;
export type DetourMode = (typeof detourModes)[number] | 'through';

export interface Detour {
  readonly port: number;
  /** What becomes of all connections from now on, those that are open included. */
  become(mode: DetourMode): void;
  close(): Promise<void>;
}

const slowMs = 400;
const trickleBytes = 2_000;
const trickleMs = 50;

/** A TCP proxy on loopback to a port of loopback, which can be made a bad way. */
export async function openDetour(targetPort: number): Promise<Detour> {
  let mode: DetourMode = 'through';
  const pairs = new Set<readonly [Socket, Socket]>();

  const server = createServer((near) => {
    if (mode === 'cut') return void near.destroy();
    const far = connect({ host: '127.0.0.1', port: targetPort });
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true);
      from.on('error', end);
      // A peer that closes is not heard of on a way that is half-open.
      from.on('close', () => (mode === 'half-open' ? undefined : end()));
      from.on('data', (chunk: Buffer) => forward(from, to, chunk));
    }
  });

  const forward = (from: Socket, to: Socket, chunk: Buffer) => {
    switch (mode) {
      case 'through':
        to.write(chunk);
        return;
      case 'half-open':
      case 'cut':
        return; // swallowed: nobody is told
      case 'slow':
      case 'trickle': {
        from.pause();
        const wait = mode === 'slow' ? slowMs : Math.ceil(chunk.length / trickleBytes) * trickleMs;
        setTimeout(() => {
          to.write(chunk);
          from.resume();
        }, wait).unref();
        return;
      }
      default:
        return mode satisfies never;
    }
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const cutAll = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };
  return {
    port,
    become(next) {
      // What was swallowed is missing for good, so those connections are of no use any more.
      if (next === 'cut' || mode === 'half-open') cutAll();
      mode = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
}
