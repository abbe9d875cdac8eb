import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { ask } from '../../../demo/ask.ts';
import type { Topology } from '../../../demo/topology.ts';
import { moments, type Moment, type RowMoment } from './moments.ts';

/** Strikes at a boundary of some order's step. */
export interface Trap {
  /** The next time that this moment comes, whichever order it is of, `strike` is done, once. */
  arm(moment: string, strike: () => Promise<void>): Promise<void>;
  /** No trap is armed any more. */
  disarm(): Promise<void>;
  close(): Promise<void>;
  /** How often each moment was met. */
  readonly met: ReadonlyMap<string, number>;
}

const channel = 'chaos_row';

/** Rows by triggers of the harness's own, in its own database; requests by the stand-ins, which wait for our answer. */
export async function setTraps({ parts, urls }: Topology): Promise<Trap> {
  const armed = new Map<string, () => Promise<void>>();
  const met = new Map<string, number>();

  const spring = async (name: string) => {
    const strike = armed.get(name);
    if (!strike) return;
    armed.delete(name);
    met.set(name, (met.get(name) ?? 0) + 1);
    await strike();
  };

  const server = createServer((req, res) => {
    void spring(decodeURIComponent((req.url ?? '/').slice(1))).finally(() => res.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  await parts.pool.query(triggers(Object.values(moments).filter(isRow)));
  const ears = await listen(parts.databaseUrl, (heard) => {
    for (const [name, moment] of Object.entries(moments)) {
      if (isRow(moment) && `${moment.table} ${moment.on}` === heard) void spring(name).catch(() => undefined);
    }
  });

  return {
    met,
    async arm(name, strike) {
      const moment = moments[name];
      if (!moment) throw new RangeError(`There is no moment "${name}".`);
      if (armed.has(name)) return;
      armed.set(name, strike);
      if (isRow(moment)) return;
      const { of, method, path, at } = moment;
      const url = `http://127.0.0.1:${port}/${encodeURIComponent(name)}`;
      await ask('POST', `${urls[of]}/_control/faults`, { kind: 'tell', method, path, at, url });
    },
    // A stand-in that still has a fault of ours asks, and nothing happens.
    disarm: () => Promise.resolve(armed.clear()),
    async close() {
      armed.clear();
      await ears.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isRow = (moment: Moment): moment is RowMoment => 'table' in moment;

/** A notification is sent when its transaction commits, and not before. */
function triggers(rows: readonly RowMoment[]): string {
  return [
    `create or replace function lahetti.chaos_tells() returns trigger language plpgsql as $$
     begin
       perform pg_notify('${channel}', tg_table_name || ' ' || lower(tg_op));
       return null;
     end $$;`,
    ...rows.map(
      ({ table, on }) =>
        `create or replace trigger chaos_${on} after ${on} on lahetti.${table}
         for each statement execute function lahetti.chaos_tells();`,
    ),
  ].join('\n');
}

/** Hears until it is closed; the server may be restarted meanwhile. */
async function listen(url: string, hear: (text: string) => void): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let client: pg.Client | undefined;
  const open = async () => {
    client = new pg.Client({ connectionString: url });
    client.on('notification', ({ payload }) => hear(payload ?? ''));
    client.on('error', () => undefined);
    client.once('end', () => {
      if (!closed) setTimeout(() => void open().catch(() => undefined), 500).unref();
    });
    await client.connect();
    await client.query(`listen ${channel}`);
  };
  await open();
  return {
    async close() {
      closed = true;
      await client?.end().catch(() => undefined);
    },
  };
}
