import type { Pool } from '../../src/db/pool.ts';
import type { OrderRef } from '../../src/domain/order-ref.ts';

/** A row as it was before and after a change, in the order of the changes. Columns by their names in the database. */
export interface Change {
  readonly id: number;
  readonly what: 'orders' | 'shipments' | 'booking_attempts';
  /** Of one row, all of its changes. */
  readonly row: number;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>>;
}

/**
 * Keeps every change of the rows that say how an order stands, by triggers in this file's own database: what was true for a
 * moment only is judged as well.
 */
export async function installChangeLog(pool: Pool): Promise<void> {
  await pool.query(`
    create table public.change_log (
      id bigint generated always as identity primary key, order_pk bigint not null, what text not null, row bigint not null,
      before jsonb, after jsonb not null);
    create index on public.change_log (order_pk, id);
    create function public.note_change() returns trigger language plpgsql as $$
    declare
      pk bigint;
    begin
      if tg_table_name = 'orders' then pk := new.id;
      elsif tg_table_name = 'shipments' then pk := new.order_pk;
      else select s.order_pk into pk from lahetti.shipments s where s.id = new.shipment_id;
      end if;
      insert into public.change_log (order_pk, what, row, before, after)
      values (pk, tg_table_name, new.id, case when tg_op = 'UPDATE' then to_jsonb(old) end, to_jsonb(new));
      return null;
    end $$;`);
  for (const table of ['orders', 'shipments', 'booking_attempts']) {
    await pool.query(
      `create trigger change_noted after insert or update on lahetti.${table} for each row execute function public.note_change()`,
    );
  }
}

/** Of one order, those after the change with this id. */
export async function changesOf(pool: Pool, ref: OrderRef, after: number): Promise<Change[]> {
  const { rows } = await pool.query<Change>(
    `select c.id, c.what, c.row, c.before, c.after
       from public.change_log c join lahetti.orders o on o.id = c.order_pk join lahetti.stores st on st.id = o.store_id
      where st.store_hash = $1 and o.order_id = $2 and c.id > $3 order by c.id`,
    [ref.storeHash, ref.orderId, after],
  );
  return rows;
}
