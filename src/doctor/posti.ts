import { isAppError, type AppError } from '../errors.ts';
import type { Db } from '../db/pool.ts';
import { readHealth } from '../health/system-health.sql.ts';
import { trackingLogInPurpose } from '../carriers/posti/token.ts';
import { connectPostiAgain } from './connect-again.ts';
import { findingsOf, isWrong, type Finding, type Findings } from './finding.ts';
import { examineHealthRow } from './health-row.ts';
import { examinePostiRoles } from './posti-roles.ts';
import { refusedLogInAgo } from './refused-log-in.sql.ts';
import type { PostiAccount, PostiAddresses } from './posti-account.ts';

export interface PostiDeps {
  readonly db: Db;
  /** Null where the store has none. */
  readonly posti: PostiAccount | null;
  readonly addresses: PostiAddresses;
  /** Ask, although the last log-in was refused and nobody is to ask for now: for after the account was mended. */
  readonly again: boolean;
}

/** As long as probes of workers wait after a refusal: five wrong log-ins lock an account for an hour (posti.md 3.3). */
const waitAfterRefusalMs = 15 * 60_000;

/**
 * Whether Posti lets the account in, and what it may do. Logs in once, and not at all while a refusal is fresh: what others
 * were refused a moment ago would only bring the account nearer to being locked.
 *
 * What fails here is told and written down nowhere: this process may be configured otherwise than the workers, whose
 * account would be closed by it. What works opens a closed account.
 */
export async function examinePosti(storeHash: string, deps: PostiDeps): Promise<Finding[]> {
  const { db, posti, addresses, again } = deps;
  const login = findingsOf('posti_login', storeHash);
  const roles = findingsOf('posti_roles', storeHash).unproven('Not looked at: it takes a log-in.');
  if (posti === null) {
    const advice = `Connect the store again with it: ${connectPostiAgain(storeHash)}.`;
    return [login.wrong('posti_account_missing', 'The store has no Posti account.', advice), roles];
  }
  const waitMs = again ? 0 : await waitAfterRefusal(db, posti.account, logIns.posti);
  if (waitMs > 0) {
    const words = `Posti refused the client id and secret a moment ago, and is not asked again for ${Math.ceil(waitMs / 60_000)} minutes: five wrong log-ins lock an account for an hour.`;
    return [login.wrong('posti_credentials_refused', words, `${mendSecret(storeHash)} Then: doctor --again.`), roles];
  }
  const call = { about: { storeHash } };
  try {
    const { roles: named } = await posti.carrier.checkCredentials(call);
    const found = await examinePostiRoles(storeHash, {
      ...{ carrier: posti.carrier, named, addresses },
      trackingWaitsMs: again ? 0 : await waitAfterRefusal(db, posti.account, logIns.posti_tracking),
    });
    return [login.right('Posti lets the account in.'), ...found, ...(await examineRows(found))];
  } catch (error) {
    if (!isAppError(error)) throw error;
    return [whyNotIn(login, error, { storeHash, addresses }), roles];
  }

  /** The rows of the two systems, by what the roles just came to. */
  async function examineRows(found: readonly Finding[]): Promise<Finding[]> {
    const who = { system: 'posti', account: posti!.account } as const;
    const tracking = { system: 'posti_tracking', account: posti!.account } as const;
    const wrong = found.filter(isWrong).map(({ code }) => code);
    const about = { db, found: login };
    return [
      ...(await examineHealthRow(who, {
        ...{ ...about, name: 'Posti', stops: 'nothing is booked' },
        // A question that only an account with the role of booking may ask.
        works: wrong.some((code) => !code?.startsWith('posti_tracking')) ? null : () => posti!.carrier.probe(call),
      })),
      ...(await examineHealthRow(tracking, {
        ...{ ...about, name: "Posti's tracking", stops: 'parcels are not followed' },
        works: wrong.some((code) => code !== null && stopsTracking.has(code)) ? null : () => Promise.resolve(),
      })),
    ];
  }
}

/** The log-ins of an account, by the system that asks with them. */
const logIns = {
  posti: { system: 'posti', purpose: 'log in', refusedAs: 'posti_credentials_refused' },
  posti_tracking: {
    system: 'posti_tracking',
    purpose: trackingLogInPurpose,
    refusedAs: 'posti_tracking_login_refused',
  },
} as const;

const stopsTracking: ReadonlySet<string> = new Set([
  'posti_tracking_missing',
  'posti_tracking_login_refused',
  'posti_tracking_auth_url_wrong',
]);

/** Of the workers' row, which waits between their probes, and of the last log-in that anybody tried. */
async function waitAfterRefusal(db: Db, account: string, logIn: (typeof logIns)[keyof typeof logIns]): Promise<number> {
  const row = await readHealth(db, { system: logIn.system, account });
  const ofRow = row?.state === 'closed' && row.reason === logIn.refusedAs ? (row.waitMs ?? 0) : 0;
  const agoMs = await refusedLogInAgo(db, account, logIn, waitAfterRefusalMs);
  return Math.max(ofRow, agoMs === undefined ? 0 : waitAfterRefusalMs - agoMs);
}

interface LogInAsked {
  readonly storeHash: string;
  readonly addresses: PostiAddresses;
}

/** What a log-in that failed means, with what mends it: the secret is only one of the things that may be wrong. */
function whyNotIn(login: Findings, error: AppError, { storeHash, addresses }: LogInAsked): Finding {
  const { authUrl } = addresses;
  if (error.code === 'posti_credentials_refused') {
    return /locked/i.test(error.message)
      ? login.wrong(
          'posti_account_locked',
          'Posti has locked the account: five wrong log-ins do so.',
          'Wait for an hour, and check the secret before anything logs in again.',
        )
      : login.wrong(error.code, 'Posti does not accept the client id and secret.', mendSecret(storeHash));
  }
  if (error.kind === 'credentials') {
    const demo = `The demo wants its gateway secret: connect again with LAHETTI_CONNECT_POSTI_GATEWAY_SECRET (${connectPostiAgain(storeHash)}).`;
    return login.wrong(
      error.code,
      `Posti's log-in at ${authUrl} turns us away before it looks at the secret (HTTP ${error.status ?? 403}).`,
      `${demo} In production, ask Posti whether the account is enabled and this machine's address is let through.`,
    );
  }
  if (error.kind === 'retryable' && error.status === undefined) {
    const advice = `Check POSTI_AUTH_URL (${authUrl}), name service and firewall. Nothing is booked until it answers; orders go on by themselves then.`;
    return login.wrong(error.code, error.message, advice);
  }
  if (error.code === 'posti_address_unknown' || error.code === 'posti_unreadable') {
    return login.wrong(
      'posti_auth_url_wrong',
      `There is no log-in of Posti's at ${authUrl} (HTTP ${error.status ?? 'unknown'}): nothing can be booked.`,
      'Correct POSTI_AUTH_URL: leave it out for production; Posti’s demo has another one (.env.example).',
    );
  }
  return login.notLooked(error, 'Nothing is booked until Posti lets us log in; orders go on by themselves then.');
}

const mendSecret = (storeHash: string): string =>
  `Check in Posti's developer portal that the account is enabled and of this environment (demo or production), make a new secret, and connect again: ${connectPostiAgain(storeHash)}.`;
