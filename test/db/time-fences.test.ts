import { beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Pool } from '../../src/db/pool.ts';
import { openAttempt } from '../../src/booking/attempts.sql.ts';
import { tryLimits } from '../../src/health/try-limits.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

test.each(['', '1', '30', '120'])(
  'with an HTTP time-out of "%s" seconds HTTP gives up before the engine, and the engine before anybody takes over',
  (seconds) => {
    const { httpMs, tryMs, takeOverMs } = tryLimits(
      loadConfig({ LAHETTI_HTTP_TIMEOUT_SECONDS: seconds }).httpTimeoutMs,
    );
    expect(httpMs).toBeLessThan(tryMs);
    expect(tryMs).toBeLessThan(takeOverMs);
  },
);

/** Of the one attempt that is out, in milliseconds after it was sent. */
async function takenOverAfter(orderId: number): Promise<number> {
  const { rows } = await pool.query<{ ms: number }>(
    `select round(extract(epoch from a.take_over_at - a.sent_at) * 1000)::int as ms from lahetti.booking_attempts a
       join lahetti.shipments s on s.id = a.shipment_id join lahetti.orders o on o.id = s.order_pk where o.order_id = $1`,
    [orderId],
  );
  return rows[0]!.ms;
}

test('an attempt may be taken over so long after it was sent as is asked for', async () => {
  const desk = await anOrderDesk(pool);
  await desk.look();
  await openAttempt(pool, desk.shipment(1), { takeOverAfterMs: 61_234 });
  expect(await takenOverAfter(desk.ref.orderId)).toBe(61_234);
});

test('the step that books passes the limit for taking over on, and no other', async () => {
  const desk = await anOrderDesk(pool);
  await desk.look();
  await desk.book();
  // The limit of the desk (order-desk.ts).
  expect(await takenOverAfter(desk.ref.orderId)).toBe(60_000);
});
