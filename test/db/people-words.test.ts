import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import type { Pool } from '../../src/db/pool.ts';
import { searchOrders } from '../../src/orders/search.sql.ts';
import { emptyDatabase } from '../support/postgres.ts';

const migrations = fileURLToPath(new URL('../../src/db/migrations/', import.meta.url));

/** The schema as it was before a migration. */
async function migrateUpTo(pool: Pool, name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lahetti-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = (await readdir(migrations)).sort();
  const first = files.findIndex((file) => file.endsWith(`-${name}.sql`));
  for (const file of files.slice(0, first)) await cp(join(migrations, file), join(folder, file));
  await migrate(pool, { folder });
}

test('orders that were stored before names were searched without their marks are found as later ones', async () => {
  const { pool } = await emptyDatabase();
  await migrateUpTo(pool, 'names-without-marks');
  await pool.query(
    `insert into lahetti.stores (store_hash, name, client_id, access_token, webhook_secrets, key_id)
     values ('kauppa1', 'Kauppa', 'client', '', '', 'k1')`,
  );
  const people = [{ lastName: 'Äijälä'.normalize('NFD') }, { lastName: 'Королёв' }, { company: 'Ääni Oy' }];
  for (const [i, person] of people.entries()) {
    await pool.query(
      `insert into lahetti.orders (store_id, order_id, status_id, channel_id, currency, total_minor, units_total,
         created_at, modified_at, digest, people_order, phase)
       select id, $1, 11, 1, 'EUR', 4990, 1, now(), now(), 'd', $2, 'under_way' from lahetti.stores`,
      [100 + i, JSON.stringify({ billing: person, addresses: [] })],
    );
  }
  await pool.query(
    `insert into lahetti.shipments (order_pk, n, address_id, phase, people_override)
     select id, 1, 5, 'planned', $1 from lahetti.orders where order_id = 102`,
    [JSON.stringify({ address: { lastName: 'Йовович'.normalize('NFD') } })],
  );

  await migrate(pool);

  const found = async (recipient: string) =>
    (await searchOrders(pool, { limit: 10, recipient })).map(({ orderId }) => orderId);
  expect(await found('Äijälä')).toEqual([100]);
  expect(await found('aijala')).toEqual([100]);
  expect(await found('Королев')).toEqual([101]);
  expect(await found('ääni')).toEqual([102]);
  expect(await found('йов')).toEqual([102]);
});
