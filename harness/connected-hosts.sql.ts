import type { Db } from '../src/db/pool.ts';
import type { Hosts } from '../src/stores/hosts.ts';

/** As if all stores had been connected there: API and workers of a harness go through proxies, and the harness does not. */
export async function setConnectedHosts(
  db: Db,
  hosts: Pick<Hosts, 'shop' | 'posti' | 'tracking' | 'labels'>,
): Promise<void> {
  await db.query(
    `with accounts as (
       update lahetti.carrier_accounts set connected_at_hosts = $2, tracking_at_host = $3, label_hosts = $4)
     update lahetti.stores set connected_at_host = $1`,
    [hosts.shop, hosts.posti, hosts.tracking, hosts.labels],
  );
}

/** Stores by where they were connected; null where nobody wrote that down. */
export async function connectedStores(db: Db): Promise<{ readonly hash: string; readonly host: string | null }[]> {
  const { rows } = await db.query<{ hash: string; host: string | null }>(
    `select store_hash as hash, connected_at_host as host from lahetti.stores order by id`,
  );
  return rows;
}
