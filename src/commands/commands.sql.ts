import type { CommandKind, CommandOutcome, OrderRef } from '../../workflows/contract.ts';
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
