import { randomUUID } from 'node:crypto';
import { createToken } from '../src/auth/tokens.ts';
import { readHealth } from '../src/health/system-health.sql.ts';
import { ask } from './ask.ts';
import { connectionOf } from './demo-stores.ts';
import type { Topology } from './topology.ts';

/**
 * An administrator connects a store again, over our API, now with the secret that Posti knows. Does nothing where it was done.
 * @throws Error until Posti has refused the mistyped one
 */
export async function mendAccount(
  { parts, memory, stores, demoStores, urls }: Pick<Topology, 'parts' | 'memory' | 'stores' | 'demoStores' | 'urls'>,
  storeHash: string,
): Promise<void> {
  const store = demoStores.find(({ hash }) => hash === storeHash);
  if (!store) throw new Error(`The demo has no store ${storeHash}.`);
  const account = stores.find((each) => each.storeHash === storeHash)?.carrierAccountId;
  const health = await readHealth(parts.pool, { system: 'posti', account: String(account) });
  // Posti has let it in, which it does with the right secret alone.
  if (health?.state === 'open' && health.failures === 0) return;
  // In an outage the account is only paused: whether Posti would let it in, nobody knows yet.
  if (health?.state !== 'closed') throw new Error(`Posti has not refused the account of store ${storeHash} yet.`);
  const { token } = await createToken(parts.pool, `demo administrator ${randomUUID()}`, 'admin');
  const headers = { authorization: `Bearer ${token}` };
  await ask<object>('POST', `${urls.api}/api/v1/stores`, connectionOf(store, memory.data), headers);
}
