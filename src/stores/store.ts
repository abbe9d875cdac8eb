import type { AppError } from '../errors.ts';
import { type ConnectedElsewhere } from './hosts.ts';
import type { Keys } from './key-rotation.ts';
import type { Settings } from '../settings/settings.ts';
import type { StoreState, UninstalledBy } from './stores.sql.ts';

/** One connected BigCommerce store. */
export interface Store {
  /** The store number: base 36 of it starts every reference that Posti sees. */
  readonly id: number;
  readonly storeHash: string;
  readonly name: string;
  readonly state: StoreState;
  /** As the shop writes it: `KGS`, `Grams`, … */
  readonly weightUnits: string;
  /** `Inches` or `Centimeters`; null where it is not known: sizes are not checked then. */
  readonly dimensionUnits: string | null;
  /** When the shop was asked for both; null: it said since that something about it changed. */
  readonly unitsReadAt: Date | null;
  /** How often the shop said that something about it changed. */
  readonly unitsAsked: number;
  /** What the shop is written in, as the shop says it: `fi`, `en`, …; null where that is not known. */
  readonly language: string | null;
  readonly clientId: string;
  readonly carrierAccountId: number | null;
}

/** What decides whether a delivered webhook is authentic. */
export interface WebhookVerification {
  readonly store: Store;
  /** Several while they are rotated. */
  readonly secrets: readonly string[];
  /** Key of the Standard Webhooks signature; null where the store has none. */
  readonly signingKey: string | null;
  readonly requireSigned: boolean;
}

/** A Posti account, with its secrets in the clear for the time of the call. */
export interface CarrierAccount {
  readonly id: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly gatewaySecret: string | null;
  /** Of a service account (posti.md 3.3); null where tracking is asked with the account's own log-in. */
  readonly trackingLogIn: TrackingLogIn | null;
  /** Why this process must not ask tracking: it was connected with another address of it. Null where it may. */
  readonly trackingElsewhere: AppError | null;
  /** Those that are configured, and were when the account was connected. */
  readonly labelHosts: readonly string[];
}

export interface TrackingLogIn {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface CarrierAccountDraft extends Pick<CarrierAccount, 'clientId' | 'clientSecret'> {
  /** Left out: as before, since another store that shares the account may have given it. Null: none from now on. */
  readonly gatewaySecret?: string | null | undefined;
  /** Likewise. */
  readonly trackingLogIn?: TrackingLogIn | null | undefined;
}

export interface StoreDraft {
  readonly storeHash: string;
  readonly name: string;
  readonly clientId: string;
  readonly accessToken: string;
  readonly clientSecret: string | null;
  readonly weightUnits: string;
  readonly dimensionUnits?: string | null;
  readonly language?: string | null;
  /** Taken where the store has none yet; a store that is connected again keeps those that its hooks carry. */
  readonly webhookSecrets: readonly string[];
  readonly posti: CarrierAccountDraft | null;
}

export interface VersionedSettings {
  readonly settings: Settings;
  /** 0 where the store still has the defaults. */
  readonly version: number;
}

/** The connected stores. Each method that takes a store hash throws AppError `unknown_store` for one that is not ours. */
export interface Stores {
  list(): Promise<Store[]>;
  get(storeHash: string): Promise<Store>;
  byId(id: number): Promise<Store>;
  /** The shape that the BigCommerce client takes. @throws AppError `store_disconnected` (credentials), `connected_elsewhere` */
  connection(storeHash: string): Promise<{ storeHash: string; accessToken: string }>;
  /** Null for a store that is not ours. Up to a second old. */
  webhookVerification(storeHash: string): Promise<WebhookVerification | null>;
  settings(storeHash: string): Promise<VersionedSettings>;
  /**
   * Keeps a new version, and lets the orders that wait be looked at by it. `ifVersion`: only where nobody else saved one meanwhile.
   * @throws AppError `invalid_settings` that names each wrong field, `settings_changed` (conflict)
   */
  saveSettings(
    storeHash: string,
    settings: unknown,
    who: string,
    options?: { ifVersion?: number },
  ): Promise<VersionedSettings>;
  /** @throws AppError `connected_elsewhere` */
  carrierAccount(storeHash: string): Promise<CarrierAccount | null>;
  /**
   * What this process must not use, since it was connected at another host than it is configured for. What was connected
   * before that was kept is taken to belong here, and that is written down, unless `hosts` says that it may not.
   */
  connectedElsewhere(): Promise<{ readonly stores: number; readonly elsewhere: readonly ConnectedElsewhere[] }>;
  /** Writes a connection down, new or anew; the state becomes `connected`. */
  connect(draft: StoreDraft, who?: string): Promise<Store>;
  /**
   * What the shop has as its units, and its language, now. A change of units is in the audit and in the timeline of the orders that it concerns, and all
   * that is not booked is looked at again.
   */
  keepUnits(
    storeHash: string,
    units: Pick<Store, 'weightUnits' | 'dimensionUnits' | 'language'> & { readonly asked: number },
  ): Promise<Store>;
  /** The shop said that something about it changed: its units are asked for before the next order is read. */
  informationChanged(storeHash: string): Promise<void>;
  webhookSecrets(storeHash: string): Promise<string[]>;
  setWebhookSecrets(storeHash: string, secrets: readonly string[]): Promise<void>;
  /** A store that is connected again has its waiting orders looked at. The same state again changes nothing. */
  setState(storeHash: string, state: StoreState, who?: string): Promise<Store>;
  /** When it was connected last. */
  connectedAt(storeHash: string): Promise<Date>;
  /**
   * The shop uninstalled us: it said so, or refused the token of a connection. What is found out about a store that was
   * connected again since changes nothing. Gives whether the store is disconnected now.
   */
  uninstalled(storeHash: string, by: UninstalledBy): Promise<boolean>;
  /** What encrypts the secrets of stores and carrier accounts. */
  readonly keys: Keys;
}
