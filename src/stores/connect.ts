import { randomBytes } from 'node:crypto';
import type { BigCommerceApi } from '../bigcommerce/api.ts';
import { AppError, isAppError } from '../errors.ts';
import { mendHooks, type HooksReport } from './hooks.ts';
import type { CarrierAccountDraft, Store, Stores } from './store.ts';

export interface ConnectDeps {
  readonly api: Pick<BigCommerceApi, 'getTime' | 'getStore' | 'listHooks' | 'createHook' | 'updateHook' | 'deleteHook'>;
  readonly stores: Stores;
  /** Where the shop reaches us; null where it cannot. */
  readonly publicUrl: string | null;
}

export interface NewConnection {
  readonly storeHash: string;
  /** The shop's own name where none is given. */
  readonly name?: string;
  readonly clientId: string;
  readonly accessToken: string;
  readonly clientSecret?: string;
  readonly posti?: CarrierAccountDraft;
  /** Made up where none is given. */
  readonly webhookSecret?: string;
  /** Fields of the settings that shall not have their defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly who: string;
}

export interface Connected {
  readonly store: Store;
  readonly settingsVersion: number;
  /** Null where the shop cannot reach us: the sweep finds its orders alone. */
  readonly hooks: HooksReport | null;
  /** For the person who connected it. */
  readonly words: readonly string[];
}

/**
 * Connects a store, or connects it again: proves the token, keeps the connection, starts with settings that observe, and
 * brings the hooks into order. May be run again after any failure.
 * @throws AppError `token_refused` (credentials) with nothing kept; what the shop answers to the hooks
 */
export async function connectStore(given: NewConnection, deps: ConnectDeps): Promise<Connected> {
  const { api, stores, publicUrl } = deps;
  const connection = { storeHash: given.storeHash, accessToken: given.accessToken };
  const shop = await prove(given, deps);

  const draft = {
    storeHash: given.storeHash,
    name: given.name ?? shop.name,
    clientId: given.clientId,
    accessToken: given.accessToken,
    clientSecret: given.clientSecret ?? null,
    weightUnits: shop.weight_units ?? 'Grams',
    dimensionUnits: shop.dimension_units ?? null,
    language: shop.language ?? null,
    webhookSecrets: [given.webhookSecret ?? newSecret()],
    posti: given.posti ?? null,
  };
  const store = await stores.connect(draft, given.who);

  const before = await stores.settings(given.storeHash);
  const isNew = before.version === 0;
  const { version, settings } =
    isNew || given.settings
      ? await stores.saveSettings(given.storeHash, { ...before.settings, ...given.settings }, given.who)
      : before;
  const mode = settings.mode === 'observe' ? 'It observes: it books and writes nothing until its mode is live.' : '';

  if (publicUrl === null) {
    const words = 'PUBLIC_URL is not set, so the shop cannot tell us of orders: the sweep alone finds them.';
    return { store, settingsVersion: version, hooks: null, words: [words, mode].filter(Boolean) };
  }
  await acceptSecret(stores, given.storeHash, given.webhookSecret);
  const [secret] = await stores.webhookSecrets(given.storeHash);
  const hooks = await mendHooks(api, connection, { publicUrl, secret: secret!, settings });
  return { store, settingsVersion: version, hooks, words: [mode].filter(Boolean) };
}

/**
 * Gives the hooks a new secret. The old ones are accepted too, until {@link forgetOldWebhookSecrets}: a changed hook takes
 * about a minute to work (bigcommerce.md 4.1), and deliveries that wait to be tried again may carry the old one.
 * @throws AppError `no_public_url`, `store_disconnected`, and what the shop answers: then both are accepted, try again
 */
export async function rotateWebhookSecret(storeHash: string, deps: ConnectDeps): Promise<HooksReport> {
  const { api, stores, publicUrl } = deps;
  if (publicUrl === null) {
    throw new AppError('There are no hooks to give a new secret to: PUBLIC_URL is not set.', {
      kind: 'invalid',
      code: 'no_public_url',
    });
  }
  const secret = newSecret();
  const connection = await stores.connection(storeHash);
  await acceptSecret(stores, storeHash, secret);
  const { settings } = await stores.settings(storeHash);
  return mendHooks(api, connection, { publicUrl, secret, settings });
}

/** Ends a rotation: only the newest secret is accepted from now on. */
export async function forgetOldWebhookSecrets(storeHash: string, stores: Stores): Promise<void> {
  const secrets = await stores.webhookSecrets(storeHash);
  await stores.setWebhookSecrets(storeHash, secrets.slice(0, 1));
}

/** Accepted before any hook carries it. */
async function acceptSecret(stores: Stores, storeHash: string, secret: string | undefined): Promise<void> {
  const secrets = await stores.webhookSecrets(storeHash);
  if (secret === undefined || secrets[0] === secret) return;
  await stores.setWebhookSecrets(storeHash, [secret, ...secrets.filter((other) => other !== secret)]);
}

async function prove({ storeHash, accessToken }: NewConnection, { api }: ConnectDeps) {
  const connection = { storeHash, accessToken };
  const call = { about: { storeHash } };
  try {
    await api.getTime(connection, call);
    return await api.getStore(connection, call);
  } catch (cause) {
    if (!isAppError(cause) || (cause.kind !== 'credentials' && cause.kind !== 'not_found')) throw cause;
    throw new AppError(`The shop ${storeHash} does not accept this access token: ${cause.message}`, {
      kind: 'credentials',
      code: 'token_refused',
      advice: 'Check the store hash, and that the API account may read and change orders and read store information.',
      cause,
    });
  }
}

const newSecret = (): string => randomBytes(32).toString('base64url');
