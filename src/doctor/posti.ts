import { isAppError, type AppError } from '../errors.ts';
import type { Db } from '../db/pool.ts';
import { readHealth, reopen, stopUntil, type SystemAccount } from '../health/system-health.sql.ts';
import type { PostiCarrier } from '../posti/carrier.ts';
import { findingsOf, type Finding } from './finding.ts';
import { examinePostiRoles } from './posti-roles.ts';

/** A client of Posti, and the account as `system_health` knows it. */
export interface PostiAccount {
  readonly carrier: Pick<PostiCarrier, 'checkCredentials' | 'nearestPickupPoints' | 'track' | 'lookup'>;
  readonly account: string;
}

export interface PostiDeps {
  readonly db: Db;
  /** Null where the store has none. */
  readonly posti: PostiAccount | null;
  /** Ask, although the last log-in was refused and nobody is to ask for now: for after the account was mended. */
  readonly again: boolean;
}

/** As long as probes of workers wait after a refusal: five wrong log-ins lock an account for an hour (posti.md 3.3). */
const waitAfterRefusalMs = 15 * 60_000;

/**
 * Whether Posti lets the account in, and what it may do. Logs in once, and not at all while a refusal is fresh: what others
 * were refused a moment ago would only bring the account nearer to being locked. A refusal is written down for all.
 */
export async function examinePosti(storeHash: string, { db, posti, again }: PostiDeps): Promise<Finding[]> {
  const login = findingsOf('posti_login', storeHash);
  const roles = findingsOf('posti_roles', storeHash).unproven('Not looked at: it takes a log-in.');
  if (posti === null) {
    const advice = `Connect the store again with it: npm run lahetti -- connect ${storeHash} --posti-client-id <id>.`;
    return [login.wrong('posti_account_missing', 'The store has no Posti account.', advice), roles];
  }
  const who = { system: 'posti', account: posti.account } as const;
  const health = await readHealth(db, who);
  const waitMs = health?.waitMs ?? 0;
  if (health?.state === 'closed' && waitMs > 0 && !again) {
    const words = `Posti refused the account a moment ago (${(health.reason ?? 'unknown').replaceAll('_', ' ')}), and is not asked again for ${Math.ceil(waitMs / 60_000)} minutes: five wrong log-ins lock it for an hour.`;
    return [login.wrong(health.reason ?? 'posti_closed', words, `${mend(storeHash)} Then: doctor --again.`), roles];
  }
  try {
    const { roles: named } = await posti.carrier.checkCredentials({ about: { storeHash } });
    if (health && health.state !== 'open') await reopen(db, who);
    return [login.right('Posti lets the account in.'), ...(await examinePostiRoles(storeHash, posti.carrier, named))];
  } catch (error) {
    if (!isAppError(error) || error.kind !== 'credentials') return [login.notLooked(error), roles];
    await writeDown(db, who, error);
    const locked = /locked/i.test(error.message);
    return [
      login.wrong(
        locked ? 'posti_account_locked' : error.code,
        locked
          ? 'Posti has locked the account: five wrong log-ins do so.'
          : 'Posti does not accept the client id and secret.',
        locked ? 'Wait for an hour, and check the secret before anything logs in again.' : mend(storeHash),
      ),
      roles,
    ];
  }
}

const mend = (storeHash: string): string =>
  `Check in Posti's developer portal that the account is enabled and of this environment (demo or production), make a new secret, and connect again: npm run lahetti -- connect ${storeHash} --posti-client-id <id>.`;

const writeDown = (db: Db, who: SystemAccount, error: AppError): Promise<void> =>
  stopUntil(db, who, 'closed', error.code, waitAfterRefusalMs);
