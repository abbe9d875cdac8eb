import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';

/**
 * The hosts that this process talks to: scheme, host and port, since paths change with versions. A store and a carrier
 * account remember those at which they were connected, and are used there alone: what one host gave us as a secret must
 * not be sent to another, which may be a stand-in, or production.
 */
export interface Hosts {
  readonly shop: string;
  /** Log-in and gateway, which the secret and the token go to. */
  readonly posti: string;
  /** Log-in of tracking, where an account has one for it. */
  readonly postiTracking: string;
  /** Where parcels are asked for, with a token of either log-in. */
  readonly tracking: string;
  /** Where labels may lie, by their names and with a space between. */
  readonly labels: string;
}

export const hostsOf = ({ bigcommerce, posti }: Pick<Config, 'bigcommerce' | 'posti'>): Hosts => ({
  shop: origin(bigcommerce.apiUrl),
  posti: `${origin(posti.authUrl)} ${origin(posti.gatewayUrl)}`,
  postiTracking: origin(posti.trackingAuthUrl),
  tracking: origin(posti.trackingUrl),
  labels: [...new Set(posti.labelHosts)].sort().join(' '),
});

const origin = (url: string): string => new URL(url).origin;

/** Something of ours that was connected elsewhere than this process is configured for. */
export interface ConnectedElsewhere {
  /** `Store ab12cd`, `The Posti account …` */
  readonly what: string;
  readonly system: Exclude<keyof Hosts, 'labels'>;
  /** Null: unknown, and it may be the demo's. */
  readonly at: string | null;
}

const settings = {
  shop: 'BIGCOMMERCE_API_URL',
  posti: 'POSTI_AUTH_URL or POSTI_GATEWAY_URL',
  postiTracking: 'POSTI_TRACKING_AUTH_URL',
  tracking: 'POSTI_TRACKING_URL',
} as const;

/** One sentence: what was connected where, and which variable says otherwise. */
export function elsewhereInWords({ what, system, at }: ConnectedElsewhere, hosts: Hosts): string {
  if (at === null) {
    return `It is not written down where ${lower(what)} was connected, and the demo has used this state folder: it is not used.`;
  }
  const [was, is] = [at, hosts[system]].map((text) => text.replace(' ', ' and '));
  return `${what} was connected at ${was}, and ${settings[system]} says ${is}: it is not used.`;
}

export const elsewhereAdvice =
  'Set the variables back, name the database or state folder (LAHETTI_STATE_DIR) that is meant, or, where it has really moved, connect the store again.';

/** Nobody's fault but this process's configuration: a step waits, in the hope that a process with the right one takes it. */
export const connectedElsewhere = (found: ConnectedElsewhere, hosts: Hosts): AppError =>
  new AppError(elsewhereInWords(found, hosts), {
    kind: 'paused',
    code: 'connected_elsewhere',
    advice: elsewhereAdvice,
    retryAfterMs: 60_000,
  });

const lower = (what: string): string => what.charAt(0).toLowerCase() + what.slice(1);
