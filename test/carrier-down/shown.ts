import { setTimeout as delay } from 'node:timers/promises';
import type { Topology } from '../../harness/topology.ts';

/** What people are shown of the outage, by our own books. */

export interface Incident {
  readonly system: string;
  readonly account: string;
  readonly state: string;
  /** Epoch milliseconds: the same all along where it is one incident and not several. */
  readonly since: number;
}

async function incidentsNow({ parts }: Topology): Promise<Incident[]> {
  const { rows } = await parts.pool.query<Incident>(
    `select system, account, state, extract(epoch from since)::float8 * 1000 as since
       from lahetti.system_health where state <> 'open' order by system, account`,
  );
  return rows;
}

/** Notices so far, as `account.paused posti` → how many. */
export async function noticesByKind({ parts }: Topology): Promise<Record<string, number>> {
  const { rows } = await parts.pool.query<{ kind: string; count: number }>(
    `select kind || ' ' || coalesce(body->>'system', body->>'reason', '') as kind, count(*)::int as count
       from lahetti.notices group by 1`,
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

export interface Progress {
  readonly known: number;
  /** Shipments. */
  readonly planned: number;
  readonly notTold: number;
  readonly attention: number;
  /** Attempts of which nobody knows what came: each is a possible orphan. */
  readonly unknown: number;
}

export async function progressOf({ parts }: Topology): Promise<Progress> {
  const { rows } = await parts.pool.query<Progress>(
    `select (select count(*)::int from lahetti.orders) as known,
            (select count(*)::int from lahetti.shipments where phase = 'planned') as planned,
            (select count(*)::int from lahetti.shipments where phase = 'booked' and told <> 'told') as "notTold",
            (select count(*)::int from lahetti.shipments where attention is not null) as attention,
            (select count(*)::int from lahetti.booking_attempts where state = 'unknown') as unknown`,
  );
  return rows[0]!;
}

/** Every incident that anybody could see, from now on until it is stopped. */
export function collectIncidents(topology: Topology): { stop(): Promise<Incident[]> } {
  const seen = new Map<string, Incident>();
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      for (const one of await incidentsNow(topology).catch(() => [])) {
        seen.set(`${one.system} ${one.account} ${one.since}`, one);
      }
      await delay(250, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
      return [...seen.values()];
    },
  };
}

export function countBySystem(incidents: readonly Incident[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { system } of incidents) counts[system] = (counts[system] ?? 0) + 1;
  return counts;
}
