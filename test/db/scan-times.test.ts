import { beforeAll, expect, test } from 'vitest';
import { inTransaction, type Pool } from '../../src/db/pool.ts';
import { readTracking } from '../../src/carriers/posti/tracking.ts';
import { keepScans } from '../../src/tracking/tracking.sql.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, only, type OrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

async function booked(): Promise<{ desk: OrderDesk; number: string }> {
  const desk = await anOrderDesk(pool);
  await desk.look();
  const [number = ''] = only(await desk.book()).trackingNumbers;
  return { desk, number };
}

/** What Posti answers about the parcel, kept as a poll keeps it. */
async function told({ desk, number }: Awaited<ReturnType<typeof booked>>, shipment: object): Promise<void> {
  const text = JSON.stringify({ parcelShipments: [{ trackingNumber: number, ...shipment }] });
  const now = new Date();
  const tracked = readTracking('track', { status: 200, headers: {}, text, bytes: Buffer.from(text) }, now);
  const never = { beforeFirstScan: Infinity, betweenScans: Infinity };
  await inTransaction(pool, (tx) => keepScans(tx, desk.shipment(1), tracked, never, now));
}

const rowsOf = async (number: string) => {
  const { rows } = await pool.query<{ code: string; status: string | null; at: Date | null; at_raw: string | null }>(
    `select code, e.status, e.at, at_raw from lahetti.tracking_events e join lahetti.parcels p on p.id = e.parcel_id
      where p.tracking_number = $1 order by e.id`,
    [number],
  );
  return rows;
};

test('a scan whose time cannot be read is kept as it came and listed once, moves nothing, and ends no silence', async () => {
  const it = await booked();
  const events = [{ eventCode: 'LUO', timeStamp: '1/6/2026 14:05' }];
  await told(it, { events });
  await told(it, { events });
  expect(await rowsOf(it.number)).toEqual([{ code: 'LUO', status: null, at: null, at_raw: '1/6/2026 14:05' }]);
  const listed = (await it.desk.timeline()).filter(({ what }) => what === 'scan_time_unreadable');
  expect(listed).toMatchObject([{ words: expect.stringContaining('"1/6/2026 14:05"') as string }]);
  const { rows } = await pool.query(
    `select delivery_status, last_scan_at from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk
      where o.order_id = $1 and o.store_id = $2`,
    [it.desk.ref.orderId, it.desk.store.id],
  );
  expect(rows).toEqual([{ delivery_status: 'unknown', last_scan_at: null }]);
});

test('a status that Posti tells without a time that can be read moves the parcel, and is kept once', async () => {
  const it = await booked();
  await told(it, { status: 'IN_TRANSPORT', lastModified: 'yesterday' });
  await told(it, { status: 'IN_TRANSPORT', lastModified: 'yesterday' });
  expect(await rowsOf(it.number)).toEqual([
    { code: 'STATUS:IN_TRANSPORT', status: 'in_transit', at: null, at_raw: null },
  ]);
  expect((await it.desk.timeline()).filter(({ what }) => what === 'parcel_in_transit')).toHaveLength(1);
});
