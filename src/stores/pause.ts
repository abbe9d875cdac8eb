import { AppError } from '../errors.ts';
import type { Store, Stores } from './store.ts';

/** Pausing and resuming, by a person; a store without a valid token can be neither. @throws AppError `store_disconnected` */
export async function pauseOrResume(
  stores: Pick<Stores, 'get' | 'setState'>,
  storeHash: string,
  state: 'paused' | 'connected',
  who: string,
): Promise<Store> {
  const store = await stores.get(storeHash);
  if (store.state !== 'disconnected') return stores.setState(storeHash, state, who);
  throw new AppError(`Store ${storeHash} is disconnected: the shop took our token back.`, {
    kind: 'conflict',
    code: 'store_disconnected',
    advice: 'Connect it again, with a new token.',
  });
}
