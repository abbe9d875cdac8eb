import type { CommandKind, CommandOutcome } from '../domain/commands.ts';
import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';

/** What a person or program asks of an order or shipment. The row is also its audit entry. */
export interface NewCommand {
  /** A UUID; also the id of the workflow update, so that the engine runs it once. */
  readonly id: string;
  readonly storeId: number;
  readonly orderId: number;
  /** Shipment number, or null for the whole order. */
  readonly n: number | null;
  readonly kind: CommandKind;
  /** What was asked for. May hold an address, and never travels. */
  readonly body: unknown;
  readonly who: string;
  readonly source: string;
}

export interface Command extends NewCommand {
  readonly storeHash: string;
  readonly at: Date;
  /** When the body was carried out in the database; the update may still be under way. */
  readonly appliedAt: Date | null;
  /** Null while it is under way. */
  readonly outcome: CommandOutcome['outcome'] | null;
  readonly reason: string | null;
  readonly closedAt: Date | null;
}

/** The same command for several orders or shipments, each with an id of its own. */
export interface CommandForMany extends Pick<NewCommand, 'kind' | 'body' | 'who' | 'source'> {
  readonly targets: readonly Pick<NewCommand, 'id' | 'storeId' | 'orderId' | 'n'>[];
}

/** Keeps commands. Gives how many; those whose id is known already were asked for before, and are not added again. */
export async function insertCommands(db: Db, { kind, body, who, source, targets }: CommandForMany): Promise<number> {
  const { rowCount } = await db.query(
    `insert into lahetti.commands (id, store_id, order_id, n, kind, people_body, who, source)
     select target.id, target.store_id, target.order_id, target.n, $5, $6, $7, $8
       from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::int[]) as target (id, store_id, order_id, n)
     on conflict (id) do nothing`,
    [
      targets.map(({ id }) => id),
      targets.map(({ storeId }) => storeId),
      targets.map(({ orderId }) => orderId),
      targets.map(({ n }) => n),
      kind,
      JSON.stringify(body ?? {}),
      who,
      source,
    ],
  );
  return rowCount ?? 0;
}

/** Keeps one command. False if its id is known already: then it was asked for before, and nothing was added. */
export async function insertCommand(db: Db, command: NewCommand): Promise<boolean> {
  return (await insertCommands(db, { ...command, targets: [command] })) === 1;
}

export async function findCommand(db: Db, id: string): Promise<Command | undefined> {
  const { rows } = await db.query<CommandRow>(
    `select c.*, s.store_hash from lahetti.commands c join lahetti.stores s on s.id = c.store_id where c.id = $1`,
    [id],
  );
  const row = maybeOne(rows);
  return row && toCommand(row);
}

/**
 * Leases open commands, the oldest of each order only: the next one of an order is dispatched when the one before it has
 * its outcome.
 */
export async function leaseCommands(
  db: Db,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<Command[]> {
  const { rows } = await db.query<CommandRow>(
    `with heads as (
       select c.id
       from lahetti.commands c
       where c.closed_at is null and (c.leased_until is null or c.leased_until <= now())
         and not exists (
           select from lahetti.commands earlier
           where earlier.store_id = c.store_id and earlier.order_id = c.order_id and earlier.closed_at is null
             and (earlier.at, earlier.id) < (c.at, c.id))
       order by c.at, c.id
       limit $1
       for update skip locked
     )
     update lahetti.commands c
     set leased_until = now() + $2 * interval '1 millisecond'
     from heads, lahetti.stores s
     where c.id = heads.id and s.id = c.store_id
     returning c.*, s.store_hash`,
    [limit, leaseMs],
  );
  return rows.map(toCommand).sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Writes down what a command came to. The first outcome counts: false if it had one. */
export async function closeCommand(db: Db, id: string, { outcome, reason }: CommandOutcome): Promise<boolean> {
  const { rowCount } = await db.query(
    `update lahetti.commands set outcome = $2, reason = $3, closed_at = now() where id = $1 and closed_at is null`,
    [id, outcome, reason ?? null],
  );
  return rowCount === 1;
}

/** Gives back a lease. The wait before it is leased again grows with the command's age, from half a second to ten. */
export async function releaseCommand(db: Db, id: string): Promise<void> {
  await db.query(
    `update lahetti.commands
     set leased_until = now() + least(interval '10 seconds', greatest(interval '0.5 seconds', (now() - at) / 10))
     where id = $1 and closed_at is null`,
    [id],
  );
}

interface CommandRow {
  id: string;
  store_id: number;
  store_hash: string;
  order_id: number;
  n: number | null;
  kind: CommandKind;
  people_body: unknown;
  who: string;
  source: string;
  at: Date;
  applied_at: Date | null;
  outcome: CommandOutcome['outcome'] | null;
  reason: string | null;
  closed_at: Date | null;
}

const toCommand = (row: CommandRow): Command => ({
  id: row.id,
  storeId: row.store_id,
  storeHash: row.store_hash,
  orderId: row.order_id,
  n: row.n,
  kind: row.kind,
  body: row.people_body,
  who: row.who,
  source: row.source,
  at: row.at,
  appliedAt: row.applied_at,
  outcome: row.outcome,
  reason: row.reason,
  closedAt: row.closed_at,
});
