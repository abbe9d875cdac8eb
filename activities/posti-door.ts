import { heartbeat } from '@temporalio/activity';
import type { Carrier } from '../src/carriers/port.ts';
import { canRetryHelp, isAppError, type AppError } from '../src/errors.ts';
import { readHealth } from '../src/health/system-health.sql.ts';
import type { SystemAccount } from '../src/health/system-account.ts';
import type { StepDeps } from './deps.ts';

export type Question = 'lookup' | 'track' | 'pickup points';

/** Questions to Posti that may stay without an answer; its accounts behind their rows of health, for one run. */
export interface PostiDoor {
  /** The answer; or why there is none, which is remembered for the rest of the run. */
  ask<T extends object>(
    storeHash: string,
    question: Question,
    work: (carrier: Carrier) => Promise<T>,
  ): Promise<T | 'withoutAccess' | 'postponed'>;
}

export type PostiDoorDeps = Pick<StepDeps, 'pool' | 'carriers' | 'health' | 'log'>;

export function createPostiDoor({ pool, carriers, health, log }: PostiDoorDeps): PostiDoor {
  const shut = new Map<string, 'withoutAccess' | 'postponed'>();

  /**
   * Tracking and pickup points are roles of their own: an account without them may book all the same. So a refusal here
   * closes no row, and a closed row of Tracking is an answer, not a reason to wait.
   */
  async function isRefused(error: AppError, who: SystemAccount | undefined): Promise<boolean> {
    if (error.kind === 'credentials') return true;
    if (error.kind !== 'paused' || who?.system !== 'posti_tracking') return false;
    return (await readHealth(pool, who))?.state === 'closed';
  }

  /**
   * Pickup points are another service of the gateway, behind the row of bookings: what is asked of it may stay without an
   * answer, so that its trouble stops no booking, and its answer says of none that it would be let in.
   */
  async function admit(who: SystemAccount, question: Question): Promise<boolean> {
    if (question !== 'pickup points') {
      await health.admit(who);
      return true;
    }
    const row = await readHealth(pool, who);
    return row === undefined || row.state === 'open';
  }

  return {
    async ask(storeHash, question, work) {
      heartbeat();
      let door = `store ${storeHash}`;
      let who: SystemAccount | undefined;
      try {
        const { carrier, account } = await carriers.of(storeHash);
        who = { system: question === 'pickup points' ? 'posti' : 'posti_tracking', account };
        // By the question: the public role of Tracking may ask by number and not by reference (posti.md 6.1).
        door = `${account} ${question}`;
        const known = shut.get(door);
        if (known) return known;
        if (!(await admit(who, question))) return 'postponed';
        const answer = await work(carrier);
        if (question !== 'pickup points') await health.works(who);
        return answer;
      } catch (error) {
        if (!isAppError(error)) throw error;
        if (await isRefused(error, who)) {
          log.info({ storeHash, question, code: error.code }, 'this Posti account may not ask for it');
          shut.set(door, 'withoutAccess');
          return 'withoutAccess';
        }
        if (who && (question !== 'pickup points' || error.kind === 'throttled')) await health.report(who, error);
        if (canRetryHelp(error.kind)) shut.set(door, 'postponed');
        return 'postponed';
      }
    },
  };
}
