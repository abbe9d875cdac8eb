import type { BigCommerceApi, StoreConnection } from '../bigcommerce/api.ts';
import type { Db } from '../db/pool.ts';
import { isAppError } from '../errors.ts';
import { readDatabaseTime } from './database.sql.ts';
import { findingsOf, type Finding } from './finding.ts';

/** Signatures of webhooks may be five minutes old (bigcommerce.md 4.4); a clock that is off by a fifth of that is mended. */
const toleratedMs = 60_000;

export interface ClockDeps {
  readonly db: Db;
  readonly api: Pick<BigCommerceApi, 'getTime'>;
  /** Shops whose clocks ours is held against; the first that answers counts. */
  readonly shops: readonly StoreConnection[];
  readonly now: () => Date;
}

/** Whether this machine's clock is right: against the database's, and a shop's. */
export async function examineClock({ db, api, shops, now }: ClockDeps): Promise<Finding> {
  const found = findingsOf('clock', null);
  const advice = 'Let NTP set the clock of both machines: webhooks are refused when it is five minutes off.';
  const ofDatabase = await offBy(now, () => readDatabaseTime(db));
  if (Math.abs(ofDatabase) > toleratedMs) {
    const words = `This machine's clock is ${inWords(ofDatabase)} the database's.`;
    return found.wrong('clock_differs_from_database', words, advice);
  }
  for (const shop of shops) {
    try {
      const ofShop = await offBy(now, () => api.getTime(shop, { about: { storeHash: shop.storeHash } }));
      if (Math.abs(ofShop) <= toleratedMs) return found.right('The clock agrees with the database and with the shop.');
      return found.wrong('clock_wrong', `This machine's clock is ${inWords(ofShop)} the shop's.`, advice);
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  }
  return found.right('The clock agrees with the database; no shop was asked.');
}

/** Milliseconds that we are ahead, with half of the way counted for each direction. */
async function offBy(now: () => Date, ask: () => Promise<Date>): Promise<number> {
  const before = now().getTime();
  const theirs = (await ask()).getTime();
  return (before + now().getTime()) / 2 - theirs;
}

function inWords(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const span = seconds < 180 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return `${span} ${ms > 0 ? 'ahead of' : 'behind'}`;
}
