import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { Topology } from '../../../harness/topology.ts';
import { moments, type Moment, type RowMoment } from './moments.ts';
import type { StandInFaults } from './stand-in-faults.ts';

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
export async function setTraps({ parts }: Topology, faults: StandInFaults): Promise<Trap> {
  const armed = new Map<string, () => Promise<void>>();
  const met = new Map<string, number>();
  const { pool } = parts;

  const spring = async (name: string) => {
    const strike = armed.get(name);
    if (!strike) return;
    armed.delete(name);
    met.set(name, (met.get(name) ?? 0) + 1);
    const moment = moments[name];
    if (moment && isRow(moment)) await pool.query('delete from chaos.armed where event = $1', [eventOf(moment)]);
    await strike();
  };

  const server = createServer((req, res) => {
    void spring(decodeURIComponent((req.url ?? '/').slice(1)))
      .catch(() => undefined)
      .finally(() => res.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  await pool.query(triggers(Object.values(moments).filter(isRow)));
  const ears = await listen(parts.databaseUrl, (heard) => {
    for (const [name, moment] of Object.entries(moments)) {
      if (isRow(moment) && eventOf(moment) === heard) void spring(name).catch(() => undefined);
    }
  });

  return {
    met,
    async arm(name, strike) {
      const moment = moments[name];
      if (!moment) throw new RangeError(`There is no moment "${name}".`);
      if (armed.has(name)) return;
      armed.set(name, strike);
      if (isRow(moment)) {
        await pool.query('insert into chaos.armed (event) values ($1) on conflict do nothing', [eventOf(moment)]);
        return;
      }
      const { of, method, path, at } = moment;
      const url = `http://127.0.0.1:${port}/${encodeURIComponent(name)}`;
      await faults.add(of, { kind: 'tell', method, path, at, url });
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
const eventOf = ({ table, on }: RowMoment): string => `${table} ${on}`;

/**
 * A notification is sent when its transaction commits, and not before. Only while somebody waits for it: transactions that
 * notify commit one after the other, and the system is to be harmed, not slowed down.
 */
function triggers(rows: readonly RowMoment[]): string {
  return [
    `create schema if not exists chaos;
     create table if not exists chaos.armed (event text primary key);
     create or replace function chaos.tells() returns trigger language plpgsql as $$
     begin
       if exists (select from chaos.armed where event = tg_table_name || ' ' || lower(tg_op)) then
         perform pg_notify('${channel}', tg_table_name || ' ' || lower(tg_op));
       end if;
       return null;
     end $$;`,
    ...rows.map(
      ({ table, on }) =>
        `create or replace trigger chaos_${on} after ${on} on lahetti.${table}
         for each statement execute function chaos.tells();`,
    ),
  ].join('\n');
}

/** Hears until it is closed; the server may be restarted meanwhile. */
async function listen(url: string, hear: (text: string) => void): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let client: pg.Client | undefined;
  const open = async () => {
    const mine = new pg.Client({ connectionString: url });
    client = mine;
    mine.on('notification', ({ payload }) => hear(payload ?? ''));
    mine.on('error', () => undefined);
    // Also after a connection that could not be opened.
    mine.once('end', () => {
      if (!closed) setTimeout(() => void open().catch(() => undefined), 500).unref();
    });
    await mine.connect();
    await mine.query(`listen ${channel}`);
  };
  await open();
  return {
    async close() {
      closed = true;
      await client?.end().catch(() => undefined);
    },
  };
}
