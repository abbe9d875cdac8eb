import type { Db } from '../db/pool.ts';
import { readHealth, reopen } from '../health/system-health.sql.ts';
import type { SystemAccount } from '../health/system-account.ts';
import { minuteOf, type Finding, type Findings } from './finding.ts';

export interface HealthRowAsked {
  readonly db: Db;
  readonly found: Findings;
  /** As people know the system. */
  readonly name: string;
  /** What does not go on while the row says so. */
  readonly stops: string;
  /** A question that shows that a closed account is let in again; null where something else was found wrong with it. */
  readonly works: (() => Promise<unknown>) | null;
}

/**
 * What the row of a system and account says beyond what was just tried: that the workers pause. A closed account that is
 * let in again is opened; nothing here closes one or makes it wait longer.
 */
export async function examineHealthRow(who: SystemAccount, asked: HealthRowAsked): Promise<Finding[]> {
  const { db, found, name, stops, works } = asked;
  const row = await readHealth(db, who);
  if (!row || row.state === 'open') return [];
  const reason = (row.reason ?? 'unknown').replaceAll('_', ' ');
  if (row.state === 'closed') {
    // What is wrong was named already, with what mends it.
    if (works === null) return [];
    try {
      await works();
      await reopen(db, who);
      return [];
    } catch (error) {
      return [
        found.notLooked(error, `${name} does not let the account in: ${stops}. Look at "npm run lahetti -- health".`),
      ];
    }
  }
  const until = row.waitMs === null ? '' : ` until ${minuteOf(new Date(Date.now() + Math.max(0, row.waitMs)))}`;
  if (row.reason === 'throttled') return [found.unproven(`${name} asked us to wait${until}; it goes on by itself.`)];
  return [
    found.wrong(
      `${who.system}_out_of_order`,
      `${name} is out of order for us (${reason}): ${stops}${until}, when it is tried again by itself.`,
      'Look at what it answers: npm run lahetti -- exchanges --failed. What waits goes on by itself when it works again.',
    ),
  ];
}
