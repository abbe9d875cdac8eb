import type { Db } from '../db/pool.ts';
import type { Settings } from '../settings/settings.ts';
import { readContractHistory } from './database.sql.ts';
import { findingsOf, minuteOf, type Finding } from './finding.ts';

/**
 * Whether the contract numbers of the store's warehouses are ones that Posti books by. Posti has no question for it that
 * books nothing (posti.md 4), so that what it made of our bookings is the proof.
 */
export async function examineContracts(db: Db, storeHash: string, settings: Settings): Promise<Finding[]> {
  const found = findingsOf('contract', storeHash);
  const numbers = new Set(settings.warehouses.map(({ contractNumber }) => contractNumber));
  if (numbers.size === 0) {
    return [
      found.wrong(
        'contract_missing',
        'No contract number is set, because the store has no warehouse: nothing can be booked.',
        `Set it, with the sender's address: npm run lahetti -- settings set ${storeHash} warehouses='[…]'.`,
      ),
    ];
  }
  const findings: Finding[] = [];
  for (const number of numbers) {
    const { bookedAt, refusedAt } = await readContractHistory(db, storeHash, number);
    if (refusedAt !== null && (bookedAt === null || refusedAt > bookedAt)) {
      findings.push(
        found.wrong(
          'contract_refused',
          `Posti refused the contract number ${number} at ${minuteOf(refusedAt)}.`,
          `Take the logistics contract from OmaPosti Pro's organisation settings (demo and production have different ones), attach it to the application account, and set it: npm run lahetti -- settings set ${storeHash} warehouses=….`,
        ),
      );
    } else if (bookedAt !== null)
      findings.push(found.right(`Posti booked by contract ${number} at ${minuteOf(bookedAt)}.`));
    else
      findings.push(
        found.unproven(`Contract ${number} has the right form; only a booking shows whether Posti takes it.`),
      );
  }
  return findings;
}
