import type { Db } from '../db/pool.ts';
import { maybeOne, one } from '../db/rows.ts';
import type { Hosts } from './hosts.ts';

/** A store as its table has it; secrets are still sealed (src/stores/secrets.ts). */
export interface StoreRow {
  readonly id: number;
  readonly store_hash: string;
  readonly name: string;
  readonly state: StoreState;
  readonly client_id: string;
  readonly access_token: Buffer;
  readonly client_secret: Buffer | null;
  readonly webhook_secrets: Buffer;
  readonly key_id: string;
  readonly carrier_account_id: number | null;
  readonly weight_units: string;
  /** Null for a store that was connected before it was asked for. */
  readonly dimension_units: string | null;
  /** Null where they are to be asked for again. */
  readonly units_read_at: Date | null;
  readonly units_asked: number;
  /** Null for a store that was connected before it was asked for. */
  readonly language: string | null;
  /** Where it was connected (src/stores/hosts.ts); null for a store that was connected before this was kept. */
  readonly connected_at_host: string | null;
}

const columns = `id, store_hash, name, state, client_id, access_token, client_secret, webhook_secrets, key_id,
  carrier_account_id, weight_units, dimension_units, units_read_at, units_asked, language, connected_at_host`;

export async function listStores(db: Db): Promise<StoreRow[]> {
  const { rows } = await db.query<StoreRow>(`select ${columns} from lahetti.stores order by id`);
  return rows;
}

export async function findStore(db: Db, storeHash: string): Promise<StoreRow | undefined> {
  const { rows } = await db.query<StoreRow>(`select ${columns} from lahetti.stores where store_hash = $1`, [storeHash]);
  return maybeOne(rows);
}

export async function findStoreById(db: Db, id: number): Promise<StoreRow | undefined> {
  const { rows } = await db.query<StoreRow>(`select ${columns} from lahetti.stores where id = $1`, [id]);
  return maybeOne(rows);
}

/** One statement, known store or not: how long it takes must not tell which stores are ours. */
export async function findStoreWithSettings(
  db: Db,
  storeHash: string,
): Promise<(StoreRow & { readonly settings: unknown }) | undefined> {
  const { rows } = await db.query<StoreRow & { readonly settings: unknown }>(
    `select ${columns},
       (select settings from lahetti.store_settings where store_id = s.id order by version desc limit 1) as settings
     from lahetti.stores s where store_hash = $1`,
    [storeHash],
  );
  return maybeOne(rows);
}

/** Holds the store's row to the end of the transaction, so that two changes of its settings or secrets follow each other. */
export async function lockStore(tx: Db, storeHash: string): Promise<StoreRow | undefined> {
  const { rows } = await tx.query<StoreRow>(
    `select ${columns} from lahetti.stores where store_hash = $1 for no key update`,
    [storeHash],
  );
  return maybeOne(rows);
}

export interface SealedSecrets {
  readonly accessToken: Buffer;
  readonly clientSecret: Buffer | null;
  readonly webhookSecrets: Buffer;
  readonly keyId: string;
}

export interface SealedStore extends SealedSecrets {
  readonly storeHash: string;
  readonly name: string;
  readonly clientId: string;
  readonly weightUnits: string;
  readonly dimensionUnits: string | null;
  readonly language: string | null;
  readonly carrierAccountId: number | null;
  readonly connectedAtHost: string;
}

/** Connects, or connects again: the store keeps its number, because references at Posti start with it. */
export async function upsertStore(tx: Db, store: SealedStore): Promise<StoreRow> {
  const { rows } = await tx.query<StoreRow>(
    `insert into lahetti.stores
       (store_hash, name, client_id, access_token, client_secret, webhook_secrets, key_id, carrier_account_id, weight_units,
        dimension_units, language, connected_at_host)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (store_hash) do update set
       name = excluded.name, state = 'connected', client_id = excluded.client_id, access_token = excluded.access_token,
       client_secret = excluded.client_secret, webhook_secrets = excluded.webhook_secrets, key_id = excluded.key_id,
       carrier_account_id = excluded.carrier_account_id, weight_units = excluded.weight_units,
       dimension_units = excluded.dimension_units, units_read_at = now(), language = excluded.language,
       connected_at_host = excluded.connected_at_host, connected_at = now()
     returning ${columns}`,
    [
      store.storeHash,
      store.name,
      store.clientId,
      store.accessToken,
      store.clientSecret,
      store.webhookSecrets,
      store.keyId,
      store.carrierAccountId,
      store.weightUnits,
      store.dimensionUnits,
      store.language,
      store.connectedAtHost,
    ],
  );
  return one(rows);
}

export async function updateSecrets(tx: Db, storeId: number, secrets: SealedSecrets): Promise<void> {
  await tx.query(
    `update lahetti.stores set access_token = $2, client_secret = $3, webhook_secrets = $4, key_id = $5 where id = $1`,
    [storeId, secrets.accessToken, secrets.clientSecret, secrets.webhookSecrets, secrets.keyId],
  );
}

export async function updateState(tx: Db, storeHash: string, state: StoreState): Promise<StoreRow> {
  const { rows } = await tx.query<StoreRow>(
    `update lahetti.stores set state = $2 where store_hash = $1 returning ${columns}`,
    [storeHash, state],
  );
  return one(rows);
}

/** When it was connected last, new or again, to the millisecond. */
export async function connectedAtOf(db: Db, storeHash: string): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date }>(
    `select date_trunc('milliseconds', connected_at) as at from lahetti.stores where store_hash = $1`,
    [storeHash],
  );
  return maybeOne(rows)?.at;
}

/** Unless it was connected again after the shop said so, or is not the connection that was found to be refused. */
export async function disconnect(tx: Db, storeHash: string, by: UninstalledBy): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lahetti.stores set state = 'disconnected'
      where store_hash = $1 and state <> 'disconnected'
        and ($2::timestamptz is null or connected_at <= $2::timestamptz + interval '1 second')
        and ($3::timestamptz is null or date_trunc('milliseconds', connected_at) = $3::timestamptz)`,
    [storeHash, 'saidAt' in by ? by.saidAt : null, 'connectedAt' in by ? by.connectedAt : null],
  );
  return rowCount === 1;
}

export interface SettingsRow {
  readonly version: number;
  readonly settings: unknown;
}

export async function latestSettings(db: Db, storeId: number): Promise<SettingsRow | undefined> {
  const { rows } = await db.query<SettingsRow>(
    `select version, settings from lahetti.store_settings where store_id = $1 order by version desc limit 1`,
    [storeId],
  );
  return maybeOne(rows);
}

export interface SettingsVersion {
  readonly version: number;
  readonly who: string;
  readonly at: Date;
}

/** Youngest first. */
export async function settingsVersions(
  db: Db,
  storeId: number,
  { limit, after }: { readonly limit: number; readonly after?: number | undefined },
): Promise<SettingsVersion[]> {
  const { rows } = await db.query<SettingsVersion>(
    `select version, who, at from lahetti.store_settings
      where store_id = $1 and ($2::bigint is null or version < $2) order by version desc limit $3`,
    [storeId, after ?? null, limit],
  );
  return rows;
}

export async function settingsOfVersion(
  db: Db,
  storeId: number,
  version: number,
): Promise<(SettingsVersion & { readonly settings: unknown }) | undefined> {
  const { rows } = await db.query<SettingsVersion & { readonly settings: unknown }>(
    `select version, who, at, settings from lahetti.store_settings where store_id = $1 and version = $2`,
    [storeId, version],
  );
  return maybeOne(rows);
}

/** A version is never changed: what an order was planned with can be looked up. */
export async function insertSettings(
  tx: Db,
  row: { storeId: number; version: number; settings: unknown; who: string },
): Promise<void> {
  await tx.query(`insert into lahetti.store_settings (store_id, version, settings, who) values ($1, $2, $3, $4)`, [
    row.storeId,
    row.version,
    JSON.stringify(row.settings),
    row.who,
  ]);
}

export interface CarrierAccountRow {
  readonly id: number;
  readonly client_id: string;
  readonly client_secret: Buffer;
  readonly gateway_secret: Buffer | null;
  readonly key_id: string;
  /** Of log-in and gateway (src/stores/hosts.ts); null where it was connected before this was kept. */
  readonly connected_at_hosts: string | null;
  /** Tracking's own log-in (posti.md 3.3): all three or none. */
  readonly tracking_client_id: string | null;
  readonly tracking_client_secret: Buffer | null;
  readonly tracking_connected_at_host: string | null;
  /** Of tracking's address, and where labels lie; null as above. */
  readonly tracking_at_host: string | null;
  readonly label_hosts: string | null;
}

export const carrierAccountColumns = `id, client_id, client_secret, gateway_secret, key_id, connected_at_hosts,
  tracking_client_id, tracking_client_secret, tracking_connected_at_host, tracking_at_host, label_hosts`;

export async function carrierAccountRow(db: Db, id: number): Promise<CarrierAccountRow> {
  const { rows } = await db.query<CarrierAccountRow>(
    `select ${carrierAccountColumns} from lahetti.carrier_accounts where id = $1`,
    [id],
  );
  return one(rows);
}

/** Holds the row, so that of two who connect with it the second keeps what the first gave. */
export async function lockCarrierAccountOfClient(tx: Db, clientId: string): Promise<CarrierAccountRow | undefined> {
  const { rows } = await tx.query<CarrierAccountRow>(
    `select ${carrierAccountColumns} from lahetti.carrier_accounts
      where carrier = 'posti' and client_id = $1 for no key update`,
    [clientId],
  );
  return maybeOne(rows);
}

export interface SealedCarrierAccount {
  readonly clientId: string;
  readonly clientSecret: Buffer;
  readonly gatewaySecret: Buffer | null;
  readonly keyId: string;
  readonly connectedAtHosts: string;
  readonly trackingAtHost: string;
  readonly labelHosts: string;
  readonly tracking: {
    readonly clientId: string;
    readonly clientSecret: Buffer;
    readonly connectedAtHost: string;
  } | null;
}

/** Several stores may share a Posti account: it is one row, by its client id. */
export async function upsertCarrierAccount(tx: Db, account: SealedCarrierAccount): Promise<number> {
  const { tracking } = account;
  const { rows } = await tx.query<{ id: number }>(
    `insert into lahetti.carrier_accounts
       (carrier, client_id, client_secret, gateway_secret, key_id, connected_at_hosts,
        tracking_client_id, tracking_client_secret, tracking_connected_at_host, tracking_at_host, label_hosts)
     values ('posti', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (carrier, client_id) do update set
       client_secret = excluded.client_secret, gateway_secret = excluded.gateway_secret, key_id = excluded.key_id,
       connected_at_hosts = excluded.connected_at_hosts, tracking_client_id = excluded.tracking_client_id,
       tracking_client_secret = excluded.tracking_client_secret,
       tracking_connected_at_host = excluded.tracking_connected_at_host,
       tracking_at_host = excluded.tracking_at_host, label_hosts = excluded.label_hosts
     returning id`,
    [
      account.clientId,
      account.clientSecret,
      account.gatewaySecret,
      account.keyId,
      account.connectedAtHosts,
      tracking?.clientId ?? null,
      tracking?.clientSecret ?? null,
      tracking?.connectedAtHost ?? null,
      account.trackingAtHost,
      account.labelHosts,
    ],
  );
  return one(rows).id;
}

export interface ConnectedHosts {
  readonly store_hash: string;
  readonly store_host: string | null;
  /** Null where the store has no account. */
  readonly account_client_id: string | null;
  readonly account_hosts: string | null;
  /** Null where tracking has no log-in of its own. */
  readonly tracking_host: string | null;
  readonly tracking_at_host: string | null;
}

/** Where the stores were connected that have a token, and the carrier accounts that they send by. */
export async function connectedHosts(db: Db): Promise<ConnectedHosts[]> {
  const { rows } = await db.query<ConnectedHosts>(
    `select s.store_hash, s.connected_at_host as store_host, a.client_id as account_client_id,
            a.connected_at_hosts as account_hosts, a.tracking_connected_at_host as tracking_host,
            a.tracking_at_host
       from lahetti.stores s left join lahetti.carrier_accounts a on a.id = s.carrier_account_id
      where s.state <> 'disconnected' order by s.id`,
  );
  return rows;
}

/** Writes down where stores and accounts are used that were connected before that was kept. Gives the stores' hashes. */
export async function rememberHosts(
  db: Db,
  hosts: Pick<Hosts, 'shop' | 'posti' | 'tracking' | 'labels'>,
): Promise<string[]> {
  const { rows } = await db.query<{ store_hash: string }>(
    `with accounts as (
       update lahetti.carrier_accounts
          set connected_at_hosts = coalesce(connected_at_hosts, $2), tracking_at_host = coalesce(tracking_at_host, $3),
              label_hosts = coalesce(label_hosts, $4)
        where connected_at_hosts is null or tracking_at_host is null or label_hosts is null
     )
     update lahetti.stores set connected_at_host = $1 where connected_at_host is null returning store_hash`,
    [hosts.shop, hosts.posti, hosts.tracking, hosts.labels],
  );
  return rows.map((row) => row.store_hash);
}

/** Units that the shop gave. Where it said since they were asked for that something changed, they are asked for again. */
export async function updateUnits(
  tx: Db,
  storeHash: string,
  units: {
    readonly weightUnits: string;
    readonly dimensionUnits: string | null;
    readonly language: string | null;
    /** `unitsAsked` of the store when they were asked for. */
    readonly asked: number;
  },
): Promise<StoreRow> {
  const { rows } = await tx.query<StoreRow>(
    `update lahetti.stores set weight_units = $2, dimension_units = $3, language = $4,
            units_read_at = case when units_asked = $5 then now() end
      where store_hash = $1 returning ${columns}`,
    [storeHash, units.weightUnits, units.dimensionUnits, units.language, units.asked],
  );
  return one(rows);
}

/**
 * Whether these are a store's units still, and until the end of the transaction. Locks the store before any order of it, as a
 * change of its units does: of an order that is planned by these, the change knows, and has it planned anew; also where
 * the order is new. Looks do not wait for each other.
 */
export async function hasUnits(
  tx: Db,
  storeId: number,
  units: { readonly weightUnits: string; readonly dimensionUnits: string | null },
): Promise<boolean> {
  const { rows } = await tx.query<{ same: boolean }>(
    `select weight_units = $2 and dimension_units is not distinct from $3 as same
       from lahetti.stores where id = $1 for share`,
    [storeId, units.weightUnits, units.dimensionUnits],
  );
  return rows[0]?.same === true;
}

/** They are asked for before the next order is read. */
export async function askForUnits(db: Db, storeHash: string): Promise<void> {
  await db.query(
    `update lahetti.stores set units_read_at = null, units_asked = units_asked + 1 where store_hash = $1`,
    [storeHash],
  );
}

/**
 * `paused`: a person stopped it. Nothing is booked for it and nothing written to it; what is under way waits, and parcels
 * are followed (src/stores/paused.ts). `disconnected`: it has no valid token any more.
 */
export type StoreState = 'connected' | 'paused' | 'disconnected';

/** `saidAt` is the shop's time; null where it named none. `connectedAt` is that of the connection whose token is refused. */
export type UninstalledBy = { readonly saidAt: Date | null } | { readonly connectedAt: Date };
