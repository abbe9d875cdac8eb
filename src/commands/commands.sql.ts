import type { OrderRef } from '../domain/order-ref.ts';
import type { CommandKind, CommandOutcome } from '../domain/commands.ts';
import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';

/** A command as carrying it out needs it. */
export interface OpenCommand {
  readonly storeId: number;
  readonly n: number | null;
  readonly kind: CommandKind;
  /** Unchecked. */
  readonly body: unknown;
  readonly who: string;
  /** Set where it was carried out already. */
  readonly outcome: CommandOutcome | null;
}

/** A command of this order, locked for the rest of the transaction. */
export async function lockCommand(tx: Db, ref: OrderRef, id: string): Promise<OpenCommand | undefined> {
  interface Row {
    storeId: number;
    n: number | null;
    kind: CommandKind;
    body: unknown;
    who: string;
    applied: boolean;
    outcome: CommandOutcome['outcome'] | null;
    reason: string | null;
  }
  const { rows } = await tx.query<Row>(
    `select c.store_id as "storeId", c.n, c.kind, c.people_body as body, c.who, c.applied_at is not null as applied,
            c.outcome, c.reason
       from lahetti.commands c join lahetti.stores st on st.id = c.store_id
      where c.id = $1 and st.store_hash = $2 and c.order_id = $3 for update of c`,
    [id, ref.storeHash, ref.orderId],
  );
  const row = maybeOne(rows);
  if (!row) return undefined;
  const { applied, outcome, reason, ...command } = row;
  const had = applied && outcome ? { outcome, ...(reason === null ? {} : { reason }) } : null;
  return { ...command, outcome: had };
}

/** Written with what the command did, so that the two can't come apart. */
export async function saveOutcome(tx: Db, id: string, { outcome, reason }: CommandOutcome): Promise<void> {
  await tx.query(`update lahetti.commands set applied_at = now(), outcome = $2, reason = $3 where id = $1`, [
    id,
    outcome,
    reason ?? null,
  ]);
}

/** The pickup point that a change asks for, and the country that it has to be in; undefined where it asks for none. */
export async function pickupPointAskedFor(
  db: Db,
  ref: OrderRef,
  commandId: string,
): Promise<{ id: string; country: string } | undefined> {
  const { rows } = await db.query<{ id: string; country: string }>(
    `select c.people_body->>'pickupPointId' as id,
            coalesce(c.people_body#>>'{address,country}', s.people_override#>>'{address,country}', r.recipient->>'country') as country
       from lahetti.commands c
       join lahetti.stores st on st.id = c.store_id
       join lahetti.orders o on o.store_id = c.store_id and o.order_id = c.order_id
       join lahetti.shipments s on s.order_pk = o.id and s.phase in ('planned', 'booked') and (c.n is null or s.n = c.n)
       join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision
      where c.id = $1 and st.store_hash = $2 and c.order_id = $3 and jsonb_typeof(c.people_body->'pickupPointId') = 'string'
      order by s.n limit 1`,
    [commandId, ref.storeHash, ref.orderId],
  );
  const row = maybeOne(rows);
  return row?.country ? row : undefined;
}
