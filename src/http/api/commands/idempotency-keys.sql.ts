import type { OrderRef } from '../../../domain/order-ref.ts';
import type { CommandKind } from '../../../domain/commands.ts';
import type { Db } from '../../../db/pool.ts';
import { maybeOne } from '../../../db/rows.ts';

/** A request as its sender names it: the key means something to the holder of this token alone. */
export interface AskedOnce {
  readonly tokenId: number;
  readonly key: string;
  readonly requestHash: string;
}

/**
 * Takes a key for a request. False where it was taken before; where another transaction takes it at this moment, that
 * one's end is waited for. Keys of more than a week ago are dropped on the way, a few at a time.
 */
export async function takeKey(tx: Db, { tokenId, key, requestHash }: AskedOnce): Promise<boolean> {
  await tx.query(
    `delete from lahetti.idempotency_keys k using (
       select token_id, key from lahetti.idempotency_keys where at < now() - interval '7 days'
       order by at limit 20 for update skip locked) old
     where k.token_id = old.token_id and k.key = old.key`,
  );
  const { rowCount } = await tx.query(
    `insert into lahetti.idempotency_keys (token_id, key, request_hash, command_ids) values ($1, $2, $3, '{}')
     on conflict do nothing`,
    [tokenId, key, requestHash],
  );
  return rowCount === 1;
}

/** What the request that took the key came to. */
export async function readKey(
  tx: Db,
  { tokenId, key }: Omit<AskedOnce, 'requestHash'>,
): Promise<{ requestHash: string; commandIds: (string | null)[] } | undefined> {
  const { rows } = await tx.query<{ requestHash: string; commandIds: (string | null)[] }>(
    `select request_hash as "requestHash", command_ids as "commandIds"
       from lahetti.idempotency_keys where token_id = $1 and key = $2`,
    [tokenId, key],
  );
  return maybeOne(rows);
}

export async function saveCommandIds(
  tx: Db,
  { tokenId, key }: AskedOnce,
  ids: readonly (string | null)[],
): Promise<void> {
  await tx.query(`update lahetti.idempotency_keys set command_ids = $3 where token_id = $1 and key = $2`, [
    tokenId,
    key,
    ids,
  ]);
}

/** Of each reference the number of its store and whether we know the order; null where the store is not ours. */
export async function storesOf(
  tx: Db,
  refs: readonly OrderRef[],
): Promise<({ storeId: number; known: boolean } | null)[]> {
  const { rows } = await tx.query<{ storeId: number | null; known: boolean }>(
    `select st.id as "storeId", o.id is not null as known
       from unnest($1::text[], $2::bigint[]) with ordinality as asked (store_hash, order_id, position)
       left join lahetti.stores st on st.store_hash = asked.store_hash
       left join lahetti.orders o on o.store_id = st.id and o.order_id = asked.order_id
      order by asked.position`,
    [refs.map(({ storeHash }) => storeHash), refs.map(({ orderId }) => orderId)],
  );
  return rows.map(({ storeId, known }) => (storeId === null ? null : { storeId, known }));
}

/** A command as people and programs see it: without its body, which may hold an address. */
export interface CommandView {
  readonly id: string;
  readonly storeHash: string;
  readonly orderId: number;
  /** Null for the whole order. */
  readonly n: number | null;
  readonly kind: CommandKind;
  readonly who: string;
  readonly source: string;
  readonly at: Date;
  /** Null while it is under way. */
  readonly outcome: 'done' | 'refused' | null;
  /** A sentence: why it was refused, or what was left out. */
  readonly reason: string | null;
  /** When the engine had told us. */
  readonly closedAt: Date | null;
}

export async function viewCommands(db: Db, ids: readonly string[]): Promise<Map<string, CommandView>> {
  const { rows } = await db.query<CommandView>(
    `select c.id, st.store_hash as "storeHash", c.order_id as "orderId", c.n, c.kind, c.who, c.source, c.at, c.outcome,
            c.reason, c.closed_at as "closedAt"
       from lahetti.commands c join lahetti.stores st on st.id = c.store_id where c.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export async function countOpen(db: Db, ids: readonly string[]): Promise<number> {
  const { rows } = await db.query<{ open: number }>(
    `select count(*)::int as open from lahetti.commands where id = any($1::uuid[]) and closed_at is null`,
    [ids],
  );
  return rows[0]?.open ?? 0;
}
