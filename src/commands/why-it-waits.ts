import type { StandsInTheWay } from '../health/accounts.sql.ts';

const names = { posti: 'Posti', bigcommerce: 'the shop' } as const;

/** Why a step of a shipment cannot be tried now, in a sentence with the way out; null where nothing stands in its way. */
export function whyItWaits(
  n: number,
  system: 'bigcommerce' | 'posti',
  accounts: readonly StandsInTheWay[],
): string | null {
  if (accounts[0]?.storeState === 'paused') return `Shipment ${n} waits: its store is paused. Resume the store first.`;
  const row = accounts.find((account) => account.system === system && account.until !== null);
  if (!row) return null;
  const reason = (row.reason ?? 'unknown').replaceAll('_', ' ');
  if (row.state === 'closed') {
    return `Shipment ${n} waits for ${names[system]}, which does not let our account in (${reason}). Mend the account, then run "doctor --again": all that waits for it goes on at once.`;
  }
  const why = row.reason === 'throttled' ? 'asked us to wait' : `is out of order (${reason})`;
  const until = row.until!.toISOString().slice(11, 16);
  return `Shipment ${n} waits for ${names[system]}, which ${why}. It is tried again by itself at ${until} UTC.`;
}
