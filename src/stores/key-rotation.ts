import { addToAudit } from '../audit/audit.sql.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import {
  keysInUse,
  lockCarrierAccount,
  rowsOfOtherKeys,
  updateAccountSecrets,
  type SealedRow,
} from './sealed-rows.sql.ts';
import { accountPlace, storePlace } from './secret-places.ts';
import type { SecretBox } from './secrets.ts';
import { lockStore, updateSecrets } from './stores.sql.ts';

/** A key, and what hangs on it. */
export interface KeyUse {
  readonly keyId: string;
  /** It seals what is written from now on. */
  readonly newest: boolean;
  /** This process has it. What a key that nobody has once sealed is lost. */
  readonly configured: boolean;
  /** Values in the database that open with it alone. */
  readonly values: number;
  /** Nothing needs it any more. */
  readonly removable: boolean;
}

export interface Rotation {
  readonly keyId: string;
  /** Rows (a store, an account at the carrier) that were sealed anew. */
  readonly rows: number;
  /** Rows that could not be: their key is not configured, or they were altered. In words without secrets. */
  readonly failures: readonly string[];
}

export interface Keys {
  /** The newest first, then as they are configured; then those that are in use and not configured. */
  list(): Promise<KeyUse[]>;
  /**
   * Seals everything anew with the newest key, a row and a transaction at a time: at each moment every value opens with the
   * key that stands beside it. Interrupted, it is finished by running it again. Changes nothing where nothing is left.
   */
  rotate(who: string): Promise<Rotation>;
}

export function createKeys({ pool, secretBox }: { readonly pool: Pool; readonly secretBox: SecretBox }): Keys {
  return {
    async list() {
      const used = new Map((await keysInUse(pool)).map(({ keyId, values }) => [keyId, values]));
      const ids = [...secretBox.keyIds, ...[...used.keys()].filter((id) => !secretBox.keyIds.includes(id))];
      return ids.map((keyId) => {
        const newest = keyId === secretBox.keyId;
        const configured = secretBox.keyIds.includes(keyId);
        const values = used.get(keyId) ?? 0;
        return { keyId, newest, configured, values, removable: configured && !newest && values === 0 };
      });
    },

    async rotate(who) {
      const failures: string[] = [];
      let rows = 0;
      for (const row of await rowsOfOtherKeys(pool, secretBox.keyId)) {
        try {
          if (await inTransaction(pool, (tx) => sealAnew(tx, secretBox, row))) rows += 1;
        } catch (error) {
          failures.push((error as Error).message);
        }
      }
      const { keyId } = secretBox;
      if (rows > 0) await addToAudit(pool, { who, what: 'keys_rotated', subject: 'keys', after: { keyId, rows } });
      return { keyId, rows, failures };
    },
  };
}

/** False where somebody else did it meanwhile. */
async function sealAnew(tx: Db, box: SecretBox, row: SealedRow): Promise<boolean> {
  const anew = (sealed: Buffer, keyId: string, place: string) => box.seal(box.open(sealed, keyId, place), place);
  switch (row.table) {
    case 'stores': {
      const store = await lockStore(tx, row.storeHash);
      if (!store || store.key_id === box.keyId) return false;
      const { key_id: old, store_hash: hash, client_secret: clientSecret } = store;
      await updateSecrets(tx, store.id, {
        accessToken: anew(store.access_token, old, storePlace(hash, 'access_token')),
        clientSecret: clientSecret && anew(clientSecret, old, storePlace(hash, 'client_secret')),
        webhookSecrets: anew(store.webhook_secrets, old, storePlace(hash, 'webhook_secrets')),
        keyId: box.keyId,
      });
      return true;
    }
    case 'carrier_accounts': {
      const account = await lockCarrierAccount(tx, row.id);
      if (!account || account.key_id === box.keyId) return false;
      const {
        id,
        key_id: old,
        client_id: clientId,
        gateway_secret: gateway,
        tracking_client_secret: tracking,
      } = account;
      await updateAccountSecrets(tx, {
        id,
        client_secret: anew(account.client_secret, old, accountPlace(clientId, 'client_secret')),
        gateway_secret: gateway && anew(gateway, old, accountPlace(clientId, 'gateway_secret')),
        tracking_client_secret: tracking && anew(tracking, old, accountPlace(clientId, 'tracking_client_secret')),
        key_id: box.keyId,
      });
      return true;
    }
    default:
      return row satisfies never;
  }
}
