import type { Logger } from 'pino';
import type { Pool } from '../db/pool.ts';
import { AppError, isAppError } from '../errors.ts';
import { countFailure, readHealth, reopen, stopUntil, takeProbe, type HealthRow } from './system-health.sql.ts';
import type { SystemAccount } from './system-account.ts';

/**
 * A system's trouble is a row per system and account, seen by every process: who meets trouble writes it down, who wants
 * to call looks first. People see one incident, not a thousand orders.
 */
export interface SystemHealth {
  /**
   * After a pause the first caller goes ahead alone; where asking is not harmless, with a `probe` that is: a question whose
   * failure extends the pause.
   *
   * @throws AppError `paused`, with the time to wait, while the account's row says so
   */
  admit(who: SystemAccount, probe?: () => Promise<void>): Promise<void>;
  /** Admits, works, and writes down what the outcome says of the system. */
  guard<T>(who: SystemAccount, work: () => Promise<T>): Promise<T>;
  /** Writes down what an error says of the system; errors of the request at hand say nothing, or that it works. */
  report(who: SystemAccount, error: unknown): Promise<void>;
  /** Writes down that it does not let us in, until somebody mends it. */
  close(who: SystemAccount, reason: string): Promise<void>;
  /** Writes down that it works. */
  works(who: SystemAccount): Promise<void>;
}

export interface SystemHealthDeps {
  readonly pool: Pool;
  readonly log: Logger;
  /** Everything here is this much faster in a demo or test; 1 otherwise. */
  readonly speed: number;
}

/** A refused log-in is tried again this seldom: five in an hour lock a Posti account (posti.md 3.3). */
const probeLockedMs = 15 * 60_000;
const probeBrokenMs = 30_000;
const pause = { firstMs: 5_000, longestMs: 5 * 60_000 };
/** An open row is believed this long without looking again. */
const freshMs = 300;

export function createSystemHealth({ pool, log, speed }: SystemHealthDeps): SystemHealth {
  const faster = (ms: number) => Math.max(50, Math.round(ms / speed));
  const seenOpen = new Map<string, number>();
  /** Accounts of which this process knows that their row says more than "open". */
  const troubled = new Set<string>();
  const nameOf = ({ system, account }: SystemAccount) => `${system}/${account}`;

  async function admit(who: SystemAccount, probe?: () => Promise<void>): Promise<void> {
    const name = nameOf(who);
    if ((seenOpen.get(name) ?? 0) > Date.now() - freshMs) return;
    const row = await readHealth(pool, who);
    if (row && (row.state !== 'open' || row.failures > 0)) troubled.add(name);
    if (!row || row.state === 'open') {
      seenOpen.set(name, Date.now());
      return;
    }
    const waitMs = row.waitMs ?? 0;
    const probeMs = faster(row.state === 'closed' ? probeLockedMs : probeBrokenMs);
    if (waitMs <= 0 && row.reason === 'throttled') return;
    if (waitMs <= 0 && (await takeProbe(pool, who, probeMs))) {
      const trouble = await probe?.().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (trouble === undefined) return;
      await report(who, trouble);
    }
    // A closed account may be mended by hand at any time: whoever waits for it looks now and then whether it was.
    const sleepMs = row.state === 'closed' ? Math.min(waitMs, faster(pause.longestMs)) : waitMs;
    throw waiting(who, row, Math.max(sleepMs, 50) + Math.random() * Math.min(2_000, faster(10_000)));
  }

  async function close(who: SystemAccount, reason: string): Promise<void> {
    troubled.add(nameOf(who));
    seenOpen.delete(nameOf(who));
    log.error({ ...who, code: reason }, `${who.system} does not let this account in: everything that needs it waits`);
    await stopUntil(pool, who, 'closed', reason, faster(probeLockedMs));
  }

  async function report(who: SystemAccount, error: unknown): Promise<void> {
    if (!isAppError(error) || error.ofThisRequest) return;
    const name = nameOf(who);
    switch (error.kind) {
      case 'credentials':
        return close(who, error.code);
      case 'throttled':
        troubled.add(name);
        seenOpen.delete(name);
        return stopUntil(pool, who, 'paused', 'throttled', error.retryAfterMs ?? faster(10_000));
      case 'retryable':
      case 'outcome_unknown':
        troubled.add(name);
        seenOpen.delete(name);
        return countFailure(pool, who, error.code, {
          // An outcome that nobody knows costs a possible orphan: the first already makes everybody wait.
          after: error.kind === 'outcome_unknown' ? 0 : 2,
          firstMs: faster(pause.firstMs),
          longestMs: faster(pause.longestMs),
        });
      case 'forbidden': // it works: what is closed is a scope (shop-access.ts), or one object
      case 'refused':
      case 'not_found':
      case 'conflict':
      case 'invalid':
        return works(who);
      case 'paused':
        return;
      default:
        return error.kind satisfies never;
    }
  }

  async function works(who: SystemAccount): Promise<void> {
    const name = nameOf(who);
    if (!troubled.has(name)) return;
    troubled.delete(name);
    if (await reopen(pool, who)) log.info(who, `${who.system} works again`);
  }

  return {
    admit,
    report,
    close,
    works,
    async guard(who, work) {
      await admit(who);
      try {
        const result = await work();
        await works(who);
        return result;
      } catch (error) {
        await report(who, error);
        throw error;
      }
    },
  };
}

function waiting({ system }: SystemAccount, row: HealthRow, waitMs: number): AppError {
  const why =
    row.state === 'closed'
      ? 'does not let our account in'
      : row.reason === 'throttled'
        ? 'asked us to wait'
        : 'is out of order';
  return new AppError(`${system} ${why} (${row.reason ?? 'unknown'}); trying again by itself`, {
    kind: 'paused',
    code: `${system}_paused`,
    retryAfterMs: Math.round(waitMs),
  });
}
