import { addToAudit } from '../audit/audit.sql.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { AppError } from '../errors.ts';
import { tryAtOnce } from '../health/system-health.sql.ts';
import { shopSystems } from '../health/system-account.ts';
import { hintWaitingOrders, planAnewInStore } from '../orders/waiting.sql.ts';
import { auditOf, changedSettings } from '../settings/changed.ts';
import { connectedElsewhere, type ConnectedElsewhere, type Hosts } from './hosts.ts';
import { createKeys } from './key-rotation.ts';
import { accountPlace, storePlace, type AccountSecret, type StoreSecret } from './secret-places.ts';
import type { SecretBox } from './secrets.ts';
import { defaultSettings, settingsSchema, type Settings } from '../settings/settings.ts';
import {
  lockCarrierAccountOfClient,
  carrierAccountRow,
  connectedAtOf,
  connectedHosts,
  findStore,
  findStoreById,
  findStoreWithSettings,
  disconnect,
  insertSettings,
  latestSettings,
  listStores,
  lockStore,
  rememberHosts,
  updateSecrets,
  askForUnits,
  updateState,
  updateUnits,
  upsertCarrierAccount,
  upsertStore,
  type CarrierAccountRow,
  type StoreRow,
  type StoreState,
} from './stores.sql.ts';
import { visibleTexts } from '../visible-text.ts';
import { problemsOfSettings } from '../settings/problems.ts';
import type {
  CarrierAccountDraft,
  Store,
  Stores,
  TrackingLogIn,
  VersionedSettings,
  WebhookVerification,
} from './store.ts';

export interface StoresDeps {
  readonly pool: Pool;
  readonly secretBox: SecretBox;
  /** What this process is configured for. */
  readonly hosts: Hosts;
  /** False where the demo has used the state folder: a store of which nobody knows where it was connected may be its own. */
  readonly unknownHostsAreOurs?: boolean;
  /** Milliseconds; for the age of what the webhook path keeps. */
  readonly clock?: () => number;
  /** Milliseconds that {@link Stores.webhookVerification} may be old; default 1000. */
  readonly cacheMs?: number;
}

export function createStores(deps: StoresDeps): Stores {
  const { pool, secretBox, hosts, unknownHostsAreOurs = true, clock = Date.now, cacheMs = 1_000 } = deps;
  const verifications = new Map<string, { at: number; answer: Promise<WebhookVerification | null> }>();

  async function existing(storeHash: string, db: Db = pool): Promise<StoreRow> {
    const row = await findStore(db, storeHash);
    if (!row) throw unknownStore(storeHash);
    return row;
  }

  const open = (row: StoreRow, column: StoreSecret): string | null => {
    const sealed = row[column];
    return sealed === null ? null : secretBox.open(sealed, row.key_id, storePlace(row.store_hash, column));
  };

  const openOfAccount = (row: CarrierAccountRow, column: AccountSecret): string | null => {
    const sealed = row[column];
    return sealed === null ? null : secretBox.open(sealed, row.key_id, accountPlace(row.client_id, column));
  };

  const openTrackingLogIn = (row: CarrierAccountRow): TrackingLogIn | null =>
    row.tracking_client_id === null
      ? null
      : { clientId: row.tracking_client_id, clientSecret: openOfAccount(row, 'tracking_client_secret')! };

  const isHere = (system: ConnectedElsewhere['system'], at: string | null) =>
    at === hosts[system] || (at === null && unknownHostsAreOurs);
  const expectHere = (found: ConnectedElsewhere) => {
    if (!isHere(found.system, found.at)) throw connectedElsewhere(found, hosts);
  };

  /** Bookings go on: only what would be sent to tracking is not. */
  function whyNoTracking(storeHash: string, row: CarrierAccountRow): AppError | null {
    const logIn = {
      what: trackingLogInOf(storeHash),
      system: 'postiTracking',
      at: row.tracking_connected_at_host,
    } as const;
    const address = { what: trackingOf(storeHash), system: 'tracking', at: row.tracking_at_host } as const;
    const found = [...(row.tracking_client_id === null ? [] : [logIn]), address].find(
      ({ system, at }) => !isHere(system, at),
    );
    return found ? connectedElsewhere(found, hosts) : null;
  }

  function labelHostsFor({ label_hosts: known }: CarrierAccountRow): string[] {
    const configured = hosts.labels.split(' ').filter(Boolean);
    if (known === null) return unknownHostsAreOurs ? configured : [];
    const remembered = new Set(known.split(' '));
    return configured.filter((host) => remembered.has(host));
  }

  const openWebhookSecrets = (row: StoreRow): string[] => JSON.parse(open(row, 'webhook_secrets') ?? '[]') as string[];

  async function readVerification(storeHash: string): Promise<WebhookVerification | null> {
    const row = await findStoreWithSettings(pool, storeHash);
    if (!row) return null;
    return {
      store: toStore(row),
      secrets: openWebhookSecrets(row),
      signingKey: open(row, 'client_secret'),
      requireSigned: settingsSchema.parse(row.settings ?? {}).requireSignedWebhooks,
    };
  }

  async function readSettings(row: StoreRow): Promise<VersionedSettings> {
    const kept = await latestSettings(pool, row.id);
    // Parsed again: a field that is younger than the row gets its default.
    return kept
      ? { settings: settingsSchema.parse(kept.settings), version: kept.version }
      : { settings: defaultSettings(), version: 0 };
  }

  return {
    keys: createKeys({ pool, secretBox }),

    list: async () => (await listStores(pool)).map(toStore),

    get: async (storeHash) => toStore(await existing(storeHash)),

    async byId(id) {
      const row = await findStoreById(pool, id);
      if (!row) throw unknownStore(`number ${id}`);
      return toStore(row);
    },

    async connection(storeHash) {
      const row = await existing(storeHash);
      if (row.state === 'disconnected') {
        throw new AppError(`Store ${storeHash} is disconnected: the shop took our token back.`, {
          kind: 'credentials',
          code: 'store_disconnected',
          advice: 'Connect the store again: npm run lahetti -- connect.',
        });
      }
      expectHere({ what: `Store ${storeHash}`, system: 'shop', at: row.connected_at_host });
      return { storeHash, accessToken: open(row, 'access_token')! };
    },

    webhookVerification(storeHash) {
      const kept = verifications.get(storeHash);
      if (kept && clock() - kept.at < cacheMs) return kept.answer;
      // Names of stores come from anybody on the internet: what is remembered of them is bounded.
      if (verifications.size >= cacheLimit) verifications.clear();
      const answer = readVerification(storeHash);
      verifications.set(storeHash, { at: clock(), answer });
      answer.catch(() => verifications.delete(storeHash));
      return answer;
    },

    settings: async (storeHash) => readSettings(await existing(storeHash)),

    async saveSettings(storeHash, given, who, options = {}) {
      const settings = parseSettings(storeHash, given);
      const version = await inTransaction(pool, async (tx) => {
        const row = await lockStore(tx, storeHash);
        if (!row) throw unknownStore(storeHash);
        const kept = await latestSettings(tx, row.id);
        const before = kept?.version ?? 0;
        if (options.ifVersion !== undefined && options.ifVersion !== before) {
          throw new AppError(`The settings of store ${storeHash} are at version ${before}, not ${options.ifVersion}.`, {
            kind: 'conflict',
            code: 'settings_changed',
            advice: 'Somebody else saved them meanwhile: read them again, then save.',
          });
        }
        await insertSettings(tx, { storeId: row.id, version: before + 1, settings, who });
        const changes = auditOf(changedSettings(settingsSchema.parse(kept?.settings ?? {}), settings));
        await addToAudit(tx, {
          ...{ who, what: 'settings_saved', subject: storeSubject(storeHash) },
          before: { version: before, ...changes.before },
          after: { version: before + 1, ...changes.after },
        });
        // What waits may do so for what was just changed: live at last, another status, a warehouse.
        await hintWaitingOrders(tx, row.id, 'api');
        return before + 1;
      });
      verifications.delete(storeHash);
      return { settings, version };
    },

    async carrierAccount(storeHash) {
      const store = await existing(storeHash);
      if (store.carrier_account_id === null) return null;
      const row = await carrierAccountRow(pool, store.carrier_account_id);
      expectHere({ what: accountOf(storeHash), system: 'posti', at: row.connected_at_hosts });
      return {
        id: row.id,
        clientId: row.client_id,
        clientSecret: openOfAccount(row, 'client_secret')!,
        gatewaySecret: openOfAccount(row, 'gateway_secret'),
        trackingLogIn: openTrackingLogIn(row),
        trackingElsewhere: whyNoTracking(storeHash, row),
        labelHosts: labelHostsFor(row),
      };
    },

    async connectedElsewhere() {
      if (unknownHostsAreOurs) await rememberHosts(pool, hosts);
      const rows = await connectedHosts(pool);
      const found = rows.flatMap((row): ConnectedElsewhere[] => [
        { what: `Store ${row.store_hash}`, system: 'shop', at: row.store_host },
        ...(row.account_client_id === null
          ? []
          : [{ what: accountOf(row.store_hash), system: 'posti' as const, at: row.account_hosts }]),
        ...(row.tracking_host === null
          ? []
          : [{ what: trackingLogInOf(row.store_hash), system: 'postiTracking' as const, at: row.tracking_host }]),
        ...(row.account_client_id === null
          ? []
          : [{ what: trackingOf(row.store_hash), system: 'tracking' as const, at: row.tracking_at_host }]),
      ]);
      return { stores: rows.length, elsewhere: found.filter(({ system, at }) => !isHere(system, at)) };
    },

    async connect(draft, who = 'lahetti') {
      const store = await inTransaction(pool, async (tx) => {
        const before = await lockStore(tx, draft.storeHash);
        // Where their key is lost, connecting again is the way out: the hooks get new ones.
        const kept = before && secretBox.keyIds.includes(before.key_id) ? openWebhookSecrets(before) : [];
        const seal = (text: string, column: StoreSecret) => secretBox.seal(text, storePlace(draft.storeHash, column));
        const connected = await upsertStore(tx, {
          storeHash: draft.storeHash,
          name: draft.name,
          clientId: draft.clientId,
          weightUnits: draft.weightUnits,
          dimensionUnits: draft.dimensionUnits ?? null,
          language: draft.language ?? null,
          accessToken: seal(draft.accessToken, 'access_token'),
          clientSecret: draft.clientSecret === null ? null : seal(draft.clientSecret, 'client_secret'),
          webhookSecrets: seal(JSON.stringify(kept.length > 0 ? kept : draft.webhookSecrets), 'webhook_secrets'),
          keyId: secretBox.keyId,
          carrierAccountId: draft.posti
            ? await keepCarrierAccount(tx, draft.posti)
            : (before?.carrier_account_id ?? null),
          connectedAtHost: hosts.shop,
        });
        // The new token may have a scope that the old one lacked.
        for (const system of shopSystems) await tryAtOnce(tx, { system, account: draft.storeHash });
        await addToAudit(tx, {
          ...{ who, what: 'store_connected', subject: storeSubject(draft.storeHash) },
          ...(before ? { before: connectionIds(before) } : {}),
          after: connectionIds(connected),
        });
        return connected;
      });
      verifications.delete(draft.storeHash);
      return toStore(store);
    },

    async keepUnits(storeHash, units) {
      const row = await inTransaction(pool, async (tx) => {
        const before = await lockStore(tx, storeHash);
        if (!before) throw unknownStore(storeHash);
        const after = await updateUnits(tx, storeHash, units);
        const changes = unitChanges(before, after);
        if (changes.length > 0) {
          await addToAudit(tx, {
            ...{ who: 'shop', what: 'store_units_changed', subject: storeSubject(storeHash) },
            before: { weightUnits: before.weight_units, dimensionUnits: before.dimension_units },
            after: { weightUnits: after.weight_units, dimensionUnits: after.dimension_units },
          });
          await planAnewInStore(tx, after.id, {
            what: 'store_units_changed',
            words: `${changes.join(' ')} What is not booked is planned anew.`,
          });
        }
        return after;
      });
      return toStore(row);
    },

    informationChanged: (storeHash) => askForUnits(pool, storeHash),

    webhookSecrets: async (storeHash) => openWebhookSecrets(await existing(storeHash)),

    async setWebhookSecrets(storeHash, secrets) {
      await inTransaction(pool, async (tx) => {
        const row = await lockStore(tx, storeHash);
        if (!row) throw unknownStore(storeHash);
        // One key id stands for the whole row, so that all of it is sealed anew.
        const seal = (text: string, column: StoreSecret) => secretBox.seal(text, storePlace(storeHash, column));
        const clientSecret = open(row, 'client_secret');
        await updateSecrets(tx, row.id, {
          accessToken: seal(open(row, 'access_token')!, 'access_token'),
          clientSecret: clientSecret === null ? null : seal(clientSecret, 'client_secret'),
          webhookSecrets: seal(JSON.stringify(secrets), 'webhook_secrets'),
          keyId: secretBox.keyId,
        });
      });
      verifications.delete(storeHash);
    },

    async setState(storeHash, state, who = 'lahetti') {
      const row = await inTransaction(pool, async (tx) => {
        const before = await lockStore(tx, storeHash);
        if (!before) throw unknownStore(storeHash);
        if (before.state === state) return before;
        await addToAudit(tx, {
          ...{ who, what: stateWords[state], subject: storeSubject(storeHash) },
          before: { state: before.state },
          after: { state },
        });
        // What came in meanwhile started nothing (src/inbox/relay.ts); the next sweep finds the rest.
        if (state === 'connected') await hintWaitingOrders(tx, before.id, 'api');
        return updateState(tx, storeHash, state);
      });
      verifications.delete(storeHash);
      return toStore(row);
    },

    async connectedAt(storeHash) {
      const at = await connectedAtOf(pool, storeHash);
      if (!at) throw unknownStore(storeHash);
      return at;
    },

    async uninstalled(storeHash, by) {
      const isOut = await inTransaction(pool, async (tx) => {
        if (!(await disconnect(tx, storeHash, by))) return (await findStore(tx, storeHash))?.state === 'disconnected';
        await addToAudit(tx, {
          ...{ who: 'shop', what: stateWords.disconnected, subject: storeSubject(storeHash) },
          after: { state: 'disconnected' },
        });
        return true;
      });
      verifications.delete(storeHash);
      return isOut;
    },
  };

  async function keepCarrierAccount(tx: Db, account: CarrierAccountDraft): Promise<number> {
    const { clientId, clientSecret } = account;
    const seal = (text: string, column: AccountSecret) => secretBox.seal(text, accountPlace(clientId, column));
    const before = await lockCarrierAccountOfClient(tx, clientId);
    const tracking = trackingFromNowOn(account, before);
    const gatewaySecret = gatewaySecretFromNowOn(account, before);
    const id = await upsertCarrierAccount(tx, {
      clientId,
      clientSecret: seal(clientSecret, 'client_secret'),
      gatewaySecret: gatewaySecret === null ? null : seal(gatewaySecret, 'gateway_secret'),
      keyId: secretBox.keyId,
      connectedAtHosts: hosts.posti,
      trackingAtHost: hosts.tracking,
      labelHosts: hosts.labels,
      tracking: tracking && {
        ...{ clientId: tracking.clientId, connectedAtHost: tracking.host },
        clientSecret: seal(tracking.clientSecret, 'tracking_client_secret'),
      },
    });
    if (!before) return id;
    // The same secret once more would be one more wrong log-in, of which five lock the account (posti.md 3.3).
    const isAsBefore =
      (before.connected_at_hosts ?? hosts.posti) === hosts.posti && hasSecrets(before, clientSecret, gatewaySecret);
    if (!isAsBefore) await tryAtOnce(tx, { system: 'posti', account: String(id) });
    const isTrackedThere = (before.tracking_at_host ?? hosts.tracking) === hosts.tracking;
    const tracksAsBefore =
      isTrackedThere && (tracking ? hasTracking(before, tracking) : before.tracking_client_id === null && isAsBefore);
    if (!tracksAsBefore) await tryAtOnce(tx, { system: 'posti_tracking', account: String(id) });
    return id;
  }

  function gatewaySecretFromNowOn(
    { clientId, gatewaySecret }: CarrierAccountDraft,
    before: CarrierAccountRow | undefined,
  ): string | null {
    if (gatewaySecret !== undefined) return gatewaySecret;
    if (!before || before.gateway_secret === null) return null;
    if (!secretBox.keyIds.includes(before.key_id)) throw gatewaySecretLost(clientId, before.key_id);
    return openOfAccount(before, 'gateway_secret');
  }

  /** With the host that its secret may be sent to: one that is kept stays where it was connected. */
  function trackingFromNowOn(
    { clientId, trackingLogIn }: CarrierAccountDraft,
    before: CarrierAccountRow | undefined,
  ): TrackingAtHost | null {
    if (trackingLogIn !== undefined) return trackingLogIn && { ...trackingLogIn, host: hosts.postiTracking };
    if (!before || before.tracking_connected_at_host === null) return null;
    if (!secretBox.keyIds.includes(before.key_id)) throw trackingSecretLost(clientId, before.key_id);
    return { ...openTrackingLogIn(before)!, host: before.tracking_connected_at_host };
  }

  function hasSecrets(row: CarrierAccountRow, clientSecret: string, gatewaySecret: string | null): boolean {
    return (
      secretBox.keyIds.includes(row.key_id) &&
      openOfAccount(row, 'client_secret') === clientSecret &&
      openOfAccount(row, 'gateway_secret') === gatewaySecret
    );
  }

  function hasTracking(row: CarrierAccountRow, { clientId, clientSecret, host }: TrackingAtHost): boolean {
    if (row.tracking_client_id !== clientId || row.tracking_connected_at_host !== host) return false;
    return secretBox.keyIds.includes(row.key_id) && openOfAccount(row, 'tracking_client_secret') === clientSecret;
  }
}

const cacheLimit = 1_000;

type TrackingAtHost = TrackingLogIn & { readonly host: string };

const gatewaySecretLost = (clientId: string, keyId: string) =>
  new AppError(
    `The gateway secret of the Posti account ${clientId} was sealed with the key "${keyId}", which is not in LAHETTI_SECRET_KEYS.`,
    {
      kind: 'invalid',
      code: 'gateway_secret_lost',
      advice:
        'Connect again with the gateway secret too (LAHETTI_CONNECT_POSTI_GATEWAY_SECRET), or without one (LAHETTI_CONNECT_POSTI_GATEWAY_SECRET=none).',
    },
  );

const trackingSecretLost = (clientId: string, keyId: string) =>
  new AppError(
    `The secret by which the Posti account ${clientId} logs in for tracking was sealed with the key "${keyId}", which is not in LAHETTI_SECRET_KEYS.`,
    {
      kind: 'invalid',
      code: 'tracking_secret_lost',
      advice:
        "Connect again with tracking's client id and secret too (--posti-tracking-client-id), or without that log-in (--posti-tracking-client-id none).",
    },
  );

/** @throws AppError `invalid_settings` that names each wrong field */
export function parseSettings(storeHash: string, given: unknown): Settings {
  const parsed = settingsSchema.safeParse(visibleTexts(given));
  if (parsed.success) return parsed.data;
  const problems = problemsOfSettings(parsed.error, given);
  throw new AppError(`The settings of store ${storeHash} were not saved: ${problems.join('; ')}.`, {
    kind: 'invalid',
    code: 'invalid_settings',
  });
}

const stateWords: Readonly<Record<StoreState, string>> = {
  connected: 'store_resumed',
  paused: 'store_paused',
  disconnected: 'store_disconnected',
};

const storeSubject = (storeHash: string) => `store/${storeHash}`;

function unitChanges(before: StoreRow, after: StoreRow): string[] {
  const change = (what: string, was: string | null, is: string | null) =>
    was === is ? [] : [`The shop’s unit of ${what} is ${is ?? 'unknown'} now, and was ${was ?? 'unknown'}.`];
  return [
    ...change('weight', before.weight_units, after.weight_units),
    ...change('length', before.dimension_units, after.dimension_units),
  ];
}

/** What of a connection may be told. */
const connectionIds = (row: StoreRow) => ({
  state: row.state,
  clientId: row.client_id,
  carrierAccount: row.carrier_account_id,
  host: row.connected_at_host,
});

const accountOf = (storeHash: string): string => `The Posti account of store ${storeHash}`;

const trackingOf = (storeHash: string): string => `Tracking of store ${storeHash}’s Posti account`;

const trackingLogInOf = (storeHash: string): string => `The log-in for tracking of store ${storeHash}’s Posti account`;

const unknownStore = (which: string) =>
  new AppError(`There is no store ${which} here.`, {
    kind: 'not_found',
    code: 'unknown_store',
    advice: 'See npm run lahetti -- stores for those that are connected.',
  });

const toStore = (row: StoreRow): Store => ({
  id: row.id,
  storeHash: row.store_hash,
  name: row.name,
  state: row.state,
  weightUnits: row.weight_units,
  dimensionUnits: row.dimension_units,
  unitsReadAt: row.units_read_at,
  unitsAsked: row.units_asked,
  language: row.language,
  clientId: row.client_id,
  carrierAccountId: row.carrier_account_id,
});
