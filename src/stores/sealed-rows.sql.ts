import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';
import { carrierAccountColumns, type CarrierAccountRow } from './stores.sql.ts';

/** A row with sealed values, all of them by the same key. */
export type SealedRow =
  | { readonly table: 'stores'; readonly storeHash: string }
  | { readonly table: 'carrier_accounts'; readonly id: number };

/** Every table that has sealed values. One that is added has to be named here, and nowhere else. */
const sealed = `
  select key_id, 'stores' as "table", store_hash as name,
         1 + (client_secret is not null)::int + 1 as "values" from lahetti.stores
  union all
  select key_id, 'carrier_accounts', id::text,
         1 + (gateway_secret is not null)::int + (tracking_client_secret is not null)::int
    from lahetti.carrier_accounts`;

/** How many values each key has sealed; keys that have sealed none are left out. */
export async function keysInUse(db: Db): Promise<{ readonly keyId: string; readonly values: number }[]> {
  const { rows } = await db.query<{ keyId: string; values: number }>(
    `select key_id as "keyId", sum("values")::int as values from (${sealed}) v group by key_id order by key_id`,
  );
  return rows;
}

/** Rows that another key than this one has sealed, always in the same order. */
export async function rowsOfOtherKeys(db: Db, keyId: string): Promise<SealedRow[]> {
  const { rows } = await db.query<{ table: SealedRow['table']; name: string }>(
    `select "table", name from (${sealed}) v where key_id <> $1 order by "table" desc, name`,
    [keyId],
  );
  return rows.map(({ table, name }) => (table === 'stores' ? { table, storeHash: name } : { table, id: Number(name) }));
}

export async function lockCarrierAccount(tx: Db, id: number): Promise<CarrierAccountRow | undefined> {
  const { rows } = await tx.query<CarrierAccountRow>(
    `select ${carrierAccountColumns} from lahetti.carrier_accounts where id = $1 for no key update`,
    [id],
  );
  return maybeOne(rows);
}

export async function updateAccountSecrets(
  tx: Db,
  account: Pick<CarrierAccountRow, 'id' | 'client_secret' | 'gateway_secret' | 'tracking_client_secret' | 'key_id'>,
): Promise<void> {
  await tx.query(
    `update lahetti.carrier_accounts
        set client_secret = $2, gateway_secret = $3, tracking_client_secret = $4, key_id = $5 where id = $1`,
    [account.id, account.client_secret, account.gateway_secret, account.tracking_client_secret, account.key_id],
  );
}
