import type { Config } from '../config.ts';
import { isOfDemo } from '../embedded/state-dir.ts';
import type { Logger } from '../log.ts';
import { elsewhereAdvice, elsewhereInWords, hostsOf } from '../stores/hosts.ts';
import type { Stores } from '../stores/store.ts';
import type { StoresDeps } from '../stores/connected-stores.ts';
import { NotReached } from './until-reached.ts';

/** Which hosts the stores of this process may have been connected at. */
export const hostsOfProcess = (config: Config): Pick<StoresDeps, 'hosts' | 'unknownHostsAreOurs'> => ({
  hosts: hostsOf(config),
  // Until hosts were kept, the demo and a system of one's own shared a folder.
  unknownHostsAreOurs: config.database.url !== null || !isOfDemo(config.stateDir),
});

/**
 * Says which stores and accounts this process will not use, since they were connected at another host. Where that is true of
 * every store, the process is configured for another system and does not start; where it is true of some, the others are
 * served: a store that somebody connected with a wrong variable must not stop all.
 *
 * @throws NotReached `connected_elsewhere`, exit code 78
 */
export async function expectOurStores(stores: Stores, config: Config, log: Pick<Logger, 'error'>): Promise<void> {
  const { stores: count, elsewhere } = await stores.connectedElsewhere();
  const words = elsewhere.map((found) => elsewhereInWords(found, hostsOf(config)));
  const shops = elsewhere.filter(({ system }) => system === 'shop').length;
  const accounts = elsewhere.filter(({ system }) => system === 'posti').length;
  if (count > 0 && Math.max(shops, accounts) === count) {
    const more = words.length > 1 ? ` (So it is with ${words.length - 1} more.)` : '';
    const trouble = {
      code: 'connected_elsewhere',
      words: `${words[0]}${more}`,
      advice: elsewhereAdvice,
      passes: false,
    };
    throw new NotReached(trouble, undefined);
  }
  for (const text of words) log.error({ code: 'connected_elsewhere' }, `${text} ${elsewhereAdvice}`);
}
