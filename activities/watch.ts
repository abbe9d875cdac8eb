import { cancellationSignal } from '@temporalio/activity';
import { scanOnOrphan } from '../src/booking/attentions.ts';
import type { TrackedParcel } from '../src/carriers/port.ts';
import { firstRealScan, isOurs } from '../src/booking/watch.ts';
import {
  clearOrphan,
  confirmOrphan,
  lastWatch,
  raiseStrayScan,
  watchedAttempts,
  type WatchedAttempt,
} from '../src/booking/watch.sql.ts';
import { endRun, saveProgress, startRun } from '../src/stores/runs.sql.ts';
import type { StepDeps } from './deps.ts';
import { createPostiDoor, type PostiDoor } from './posti-door.ts';

export type WatchDeps = Pick<StepDeps, 'pool' | 'carriers' | 'health' | 'log' | 'now'>;

export interface WatchCounts extends Readonly<Record<string, number>> {
  /** Orphans and superseded attempts that were looked after. */
  readonly watched: number;
  /** Possible orphans that Posti turned out to have. */
  readonly confirmed: number;
  /** Possible orphans whose time passed without a trace. */
  readonly cleared: number;
  /** Attempts of which a number moves: each needs attention now. */
  readonly scanned: number;
  /** Attempts that Posti's Tracking does not show to the account. */
  readonly withoutAccess: number;
  /** Attempts that wait for the next run, because Posti or the account is in trouble. */
  readonly postponed: number;
  /** The run ended with this attempt and the next one goes on after it; 0 when it came through. */
  readonly next: number;
}

export interface WatchActivities {
  watchAttempts(): Promise<WatchCounts>;
}

const pageSize = 50;
/** Each possible orphan is a question of its own; what a run leaves is the next one's. */
const pagesPerRun = 10;

type Tally = { -readonly [K in keyof WatchCounts]: number };

export function createWatchActivities(deps: WatchDeps): WatchActivities {
  const { pool, log } = deps;
  return {
    /**
     * Looks after attempts that are not our live booking: asks Posti for possible orphans by their reference, and raises
     * `scan_on_orphan` where a number that should be on no parcel moves. Trouble of Posti postpones and fails nothing.
     * Safe to run again: what was found is a state of its row.
     */
    async watchAttempts() {
      const last = await lastWatch(pool);
      const runId = await startRun(pool, { storeId: null, kind: 'watch' });
      const tally = { watched: 0, confirmed: 0, cleared: 0, scanned: 0, withoutAccess: 0, postponed: 0 };
      const counts: Tally = { ...tally, next: last?.next ?? 0 };
      const posti = createPostiDoor(deps);
      try {
        for (let page = 0; page < pagesPerRun; page++) {
          const attempts = await watchedAttempts(pool, {
            after: counts.next,
            since: last?.startedAt ?? null,
            limit: pageSize,
          });
          for (const [storeHash, some] of byStore(attempts)) await watchStore(deps, posti, storeHash, some, counts);
          counts.watched += attempts.length;
          counts.next = attempts.length < pageSize ? 0 : (attempts.at(-1)?.id ?? 0);
          await saveProgress(pool, runId, counts, null);
          if (counts.next === 0) break;
        }
      } catch (error) {
        await endRun(pool, runId, counts, (error as Error).message).catch(() => {});
        throw error;
      }
      await endRun(pool, runId, counts, null);
      if (counts.watched > 0) log.info(counts, 'looked after orphans and replaced labels');
      return counts;
    },
  };
}

async function watchStore(
  deps: WatchDeps,
  posti: PostiDoor,
  storeHash: string,
  attempts: readonly WatchedAttempt[],
  counts: Tally,
): Promise<void> {
  for (const attempt of attempts) {
    if (attempt.watch === 'possible_orphan') await seekOrphan(deps, posti, attempt, counts);
  }
  const numbered = attempts.filter(({ watch, numbers }) => watch !== 'possible_orphan' && numbers.length > 0);
  if (numbered.length === 0) return;
  const numbers = numbered.flatMap((attempt) => attempt.numbers);
  const tracked = await posti.ask(storeHash, 'track', (carrier) =>
    carrier.track(numbers, { about: { storeHash }, signal: cancellationSignal() }),
  );
  if (typeof tracked === 'string') counts[tracked] += numbered.length;
  else for (const attempt of numbered) await tellOfScans(deps, attempt, tracked, counts);
}

/** A hit makes it a confirmed orphan; no hit, or no access, lets its time decide. */
async function seekOrphan(deps: WatchDeps, posti: PostiDoor, attempt: WatchedAttempt, counts: Tally): Promise<void> {
  const { ref, reference } = attempt;
  const call = { about: { ...ref, shipment: ref.n }, signal: cancellationSignal() };
  const found = await posti.ask(ref.storeHash, 'lookup', (carrier) => carrier.lookup(reference, call));
  if (typeof found === 'string') counts[found] += 1;
  if (found === 'postponed') return;

  const ours = found === 'withoutAccess' ? [] : found.filter((parcel) => isOurs(parcel, attempt));
  if (ours.length === 0) {
    if (attempt.runOut && (await clearOrphan(deps.pool, attempt))) counts.cleared += 1;
    return;
  }
  const numbers = [...new Set(ours.map((parcel) => parcel.trackingNumber))];
  if (!(await confirmOrphan(deps.pool, attempt, numbers))) return;
  counts.confirmed += 1;
  await tellOfScans(deps, { ...attempt, watch: 'confirmed_orphan', numbers }, ours, counts);
}

async function tellOfScans(
  { pool, log, now }: WatchDeps,
  attempt: WatchedAttempt,
  tracked: readonly TrackedParcel[],
  counts: Tally,
): Promise<void> {
  const { ref, watch, numbers } = attempt;
  if (watch === 'possible_orphan') return;
  for (const { trackingNumber, scans } of tracked) {
    const scan = numbers.includes(trackingNumber) ? firstRealScan(scans, now()) : undefined;
    if (!scan) continue;
    const problem = scanOnOrphan(ref, { trackingNumber, attempt: attempt.attempt, watch, scan });
    if (!(await raiseStrayScan(pool, attempt, problem, now()))) return;
    counts.scanned += 1;
    log.warn({ ...ref, trackingNumber }, 'a number that should be on no parcel was scanned: it needs attention');
    return;
  }
}

function byStore(attempts: readonly WatchedAttempt[]): Map<string, WatchedAttempt[]> {
  const stores = new Map<string, WatchedAttempt[]>();
  for (const attempt of attempts) {
    const { storeHash } = attempt.ref;
    stores.set(storeHash, [...(stores.get(storeHash) ?? []), attempt]);
  }
  return stores;
}
