import { doubtsAboutSettings } from '../planning/settings-doubts.ts';
import type { Settings } from '../settings/settings.ts';
import type { Store } from '../stores/store.ts';
import { findingsOf, type Finding } from './finding.ts';

/** Whether a person has stopped the store or has not let it begin, and whether its settings let an order be booked. */
export function examineStoreState(
  { storeHash, state }: Pick<Store, 'storeHash' | 'state'>,
  settings: Settings,
): Finding[] {
  const found = findingsOf('store', storeHash);
  const findings: Finding[] = [];
  if (state === 'paused') {
    findings.push(
      found.wrong(
        'store_paused',
        `Store ${storeHash} is paused: orders are read, and nothing is booked or told to the shop.`,
        `npm run lahetti -- stores resume ${storeHash}.`,
      ),
    );
  }
  const isLive = [settings, ...Object.values(settings.storefronts)].some(({ mode }) => mode === 'live');
  if (state !== 'disconnected' && !isLive) {
    findings.push(
      found.unproven(
        `Store ${storeHash} observes: it plans and shows, books nothing and writes nothing to the shop.`,
        `When its plans look right: npm run lahetti -- settings set ${storeHash} mode=live.`,
      ),
    );
  }
  for (const doubt of isLive ? doubtsAboutSettings(settings) : []) {
    // Where there is no warehouse, there is no contract number (contract.ts).
    if (doubt.startsWith('warehouses:')) continue;
    findings.push(
      found.wrong(
        'settings_incomplete',
        `Settings of ${storeHash}: ${doubt}`,
        `npm run lahetti -- settings show ${storeHash}, then settings set.`,
      ),
    );
  }
  return findings;
}
