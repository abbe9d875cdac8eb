import { heartbeat } from '@temporalio/activity';
import type { Carrier } from '../src/booking/carrier.ts';
import { canRetryHelp, isAppError } from '../src/errors.ts';
import type { SystemAccount } from '../src/health/system-health.sql.ts';
import type { StepDeps } from './deps.ts';

/** Posti behind the rows of its accounts, for one run. */
export interface PostiDoor {
  /** The answer; or why there is none, which is remembered for the rest of the run. */
  ask<T extends object>(
    storeHash: string,
    what: 'lookup' | 'track' | 'pickup points',
    work: (carrier: Carrier) => Promise<T>,
  ): Promise<T | 'withoutAccess' | 'postponed'>;
}

export function createPostiDoor({ carriers, health, log }: Pick<StepDeps, 'carriers' | 'health' | 'log'>): PostiDoor {
  const shut = new Map<string, 'withoutAccess' | 'postponed'>();
  return {
    async ask(storeHash, what, work) {
      heartbeat();
      let door = `store ${storeHash}`;
      let who: SystemAccount | undefined;
      try {
        const { carrier, account } = await carriers.of(storeHash);
        who = { system: 'posti', account };
        // By what is asked: the public role of Tracking may ask by number and not by reference (posti.md 6.1).
        door = `${account} ${what}`;
        const known = shut.get(door);
        if (known) return known;
        await health.admit(who);
        const answer = await work(carrier);
        await health.works(who);
        return answer;
      } catch (error) {
        if (!isAppError(error)) throw error;
        if (error.kind === 'credentials') {
          // Tracking and pickup points are roles of their own: an account without them may book all the same, so that its
          // row stays as it is.
          log.info({ storeHash, what, code: error.code }, 'this Posti account may not ask for it');
          shut.set(door, 'withoutAccess');
          return 'withoutAccess';
        }
        if (who) await health.report(who, error);
        if (canRetryHelp(error.kind)) shut.set(door, 'postponed');
        return 'postponed';
      }
    },
  };
}
