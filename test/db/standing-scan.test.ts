import { beforeAll, expect, test } from 'vitest';
import { inTransaction, type Pool } from '../../src/db/pool.ts';
import { scanOnOrphan } from '../../src/booking/attentions.ts';
import { raiseOn } from '../../src/shipments/raise.ts';
import { lockShipment } from '../../src/shipments/shipments.sql.ts';
import { keepScans } from '../../src/tracking/tracking.sql.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, only, type OrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

/** A shipment that was booked, changed and booked again; then its old number is scanned. */
async function strayed(): Promise<OrderDesk> {
  const desk = await anOrderDesk(pool);
  await desk.look();
  await desk.book();
  await desk.command('change', { n: 1, body: { address: { street1: 'Uusi katu 3' } } });
  await desk.look();
  await desk.book();
  await desk.tell();
  await scanOldNumber(desk);
  return desk;
}

const scanOldNumber = (desk: OrderDesk) =>
  inTransaction(pool, async (tx) => {
    const ref = desk.shipment(1);
    const scan = { status: 'received', at: new Date(), place: 'HELSINKI' } as const;
    const found = { trackingNumber: 'JJFI61234567890123456', attempt: 1, watch: 'superseded', scan } as const;
    await raiseOn(tx, ref, await lockShipment(tx, ref), [scanOnOrphan(ref, found)], new Date());
  });

const move = (desk: OrderDesk, city: string) => {
  const addresses = desk.shop.wire.addresses.map((a) => ({ ...a, city }));
  desk.shop.wire = { ...desk.shop.wire, addresses };
};

const codeOf = (state: Parameters<typeof only>[0]) => only(state).attention?.code ?? null;
const raised = async (desk: OrderDesk, what: string) => (await desk.timeline()).filter((t) => t.what === what).length;

test('a scan on an old number stays first when a look finds more, which is named once the scan is closed', async () => {
  const desk = await strayed();
  move(desk, 'Espoo');
  expect(codeOf(await desk.look())).toBe('scan_on_orphan');
  expect(codeOf(await desk.look())).toBe('scan_on_orphan');
  expect(await raised(desk, 'label_no_longer_matches')).toBe(1);

  expect(codeOf((await desk.command('resolve')).state)).toBe('label_no_longer_matches');
  expect(codeOf(await desk.look())).toBe('label_no_longer_matches');
  expect(codeOf((await desk.command('resolve')).state)).toBeNull();
  expect(codeOf(await desk.look())).toBeNull();
});

test('what a look takes back, a scan on an old number outlasts', async () => {
  const desk = await strayed();
  const [before] = desk.shop.wire.addresses;
  move(desk, 'Espoo');
  await desk.look();
  move(desk, before?.city ?? '');
  expect(codeOf(await desk.look())).toBe('scan_on_orphan');
  expect(codeOf((await desk.command('resolve')).state)).toBeNull();
});

test('a scan on an old number that stands behind silence is next when the silence is over', async () => {
  const desk = await anOrderDesk(pool);
  await desk.look();
  await desk.book();
  const listen = (days: number) =>
    keepScans(pool, desk.shipment(1), [], { beforeFirstScan: 86_400_000, betweenScans: 1 }, inDays(days));
  await listen(2);
  expect(codeOf(await desk.look())).toBe('no_scan_for_too_long');
  await pool.query(
    `update lahetti.shipments set people_problem = jsonb_build_object('problems', people_problem->'problems' || '[{"code": "scan_on_orphan"}]')
      where order_pk in (select id from lahetti.orders where store_id = $1)`,
    [desk.store.id],
  );
  await listen(0);
  expect(only(await desk.look()).attention).toMatchObject({ code: 'scan_on_orphan', commands: ['resolve'] });
});

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

test('a scan on an old number keeps a changed shipment from being booked until a person has closed it', async () => {
  const desk = await strayed();
  await desk.command('change', { n: 1, body: { address: { street1: 'Kolmas katu 3' } } });
  const state = await desk.look();
  expect(codeOf(state)).toBe('scan_on_orphan');
  expect(nextStep(only(state))).toBeNull();
  expect((await desk.command('retry', { n: 1 })).outcome.outcome).toBe('refused');
  expect(nextStep(only((await desk.command('resolve')).state))).toBe('book');
});

test('a scan on an old number outlasts the cancellation of its shipment', async () => {
  const desk = await strayed();
  await desk.command('cancel', { n: 1 });
  const state = await desk.withdraw();
  expect(state.phase).toBe('needs_attention');
  expect(only(state)).toMatchObject({ phase: 'cancelled', attention: { code: 'scan_on_orphan' } });
  expect((await desk.command('resolve')).state?.phase).toBe('cancelled');
});

test('a scan on an old number that comes while the next attempt is out outlasts its answer', async () => {
  const desk = await anOrderDesk(pool);
  await desk.look();
  desk.carrier.answers.push(async (booking) => {
    await scanOldNumber(desk);
    return { outcome: 'created', carrierShipmentId: null, trackingNumbers: [`JJ${booking.reference}`], labels: [] };
  });
  expect(only(await desk.book())).toMatchObject({ phase: 'booked', attention: { code: 'scan_on_orphan' } });
});
