import { ask } from '../../harness/ask.ts';
import type { Topology } from '../../harness/topology.ts';

interface PostiRequests {
  readonly byRoute: Readonly<Record<string, number>>;
  readonly throttled: number;
  /** The most that the order API was asked within one second by one address. */
  readonly busiestSecond: number;
}

/** Every connection to the stand-in ends without an answer, until it is brought back. */
export async function takePostiDown({ urls }: Pick<Topology, 'urls'>): Promise<() => Promise<void>> {
  const faults = `${urls.posti}/_control/faults`;
  const { id } = await ask<{ id: string }>('POST', faults, { kind: 'refuse', path: '.*', times: -1 });
  return () => ask('DELETE', `${faults}/${id}`);
}

/** The fast clock that both stand-ins share. */
export function clockOf({ urls }: Pick<Topology, 'urls'>) {
  const clock = `${urls.posti}/_control/clock`;
  return {
    now: async (): Promise<number> => Date.parse((await ask<{ now: string }>('GET', clock)).now),
    jump: (ms: number): Promise<unknown> => ask('PUT', clock, { advanceMs: ms }),
  };
}

/** What was asked of Posti so far, also what it did not answer. */
export async function requestsAtPosti({ urls }: Pick<Topology, 'urls'>) {
  const { requests } = await ask<{ requests: PostiRequests }>('GET', `${urls.posti}/_control/books?of=none`);
  const of = (route: string) => requests.byRoute[route] ?? 0;
  return {
    bookings: of('POST /shippingapi/api/v2/shipping/order'),
    logIns: of('POST /auth/api/v1/token'),
    probes: of('GET /shippingapi/api/v2/shipping/order'),
    throttled: requests.throttled,
    busiestSecond: requests.busiestSecond,
  };
}

export type AskedOfPosti = Awaited<ReturnType<typeof requestsAtPosti>>;

/** 429s of all shops together. */
export async function throttledByShops({ urls }: Pick<Topology, 'urls'>): Promise<number> {
  const { stores } = await ask<{ stores: { requests: { throttled: number } }[] }>(
    'GET',
    `${urls.bigcommerce}/_control/books`,
  );
  return stores.reduce((sum, { requests }) => sum + requests.throttled, 0);
}
