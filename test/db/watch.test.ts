import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/start.ts';
import type { Pool } from '../../src/db/pool.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import { listRuns } from '../../src/stores/runs.sql.ts';
import { clearOrphan, confirmOrphan, raiseStrayScan, watchedAttempts } from '../../src/booking/watch.sql.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { control } from '../clients/control.ts';
import { testDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { aWatchDesk, type WatchDesk, type WatchDeskNeeds } from './watch-desk.ts';

const sender = createHttpSender();
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let pool: Pool;

beforeAll(async () => {
  [{ pool }, sandbox] = await Promise.all([testDatabase(), startSandbox()]);
  for (const trackingAccess of ['none', 'public']) {
    await control(sandbox.posti, 'POST', '/accounts', {
      ...{ clientId: `tracking-${trackingAccess}`, secret: 'sandbox-secret', trackingAccess },
      ...{ roles: ['shippingapi', '2026-04'], contracts: ['654321'] },
    });
  }
});
afterAll(async () => {
  await sandbox.close();
  await sender.close();
});
beforeEach(async () => {
  await pool.query('truncate lahetti.stores, lahetti.inbox, lahetti.runs, lahetti.system_health cascade');
  await control(sandbox.posti, 'DELETE', '/faults');
});

const harm = (fault: object) => control(sandbox.posti, 'POST', '/faults', fault);
const scan = (number: string, status: string) => control(sandbox.posti, 'POST', `/parcels/${number}/scans`, { status });
const desk = (needs: Partial<WatchDeskNeeds> = {}) => aWatchDesk({ pool, posti: sandbox.posti, sender, ...needs });
const attentionOf = async (it: WatchDesk) => (await it.look()).shipments[0]?.attention?.code ?? null;

/** An order whose first booking got no answer; Posti carried it out or not. */
async function unanswered(kind: 'hangup-after' | 'hangup-before', needs: Partial<WatchDeskNeeds> = {}) {
  const it = await desk(needs);
  await it.look();
  await harm({ path: '/shipping/order', method: 'POST', kind });
  await it.book();
  expect(await it.attempts()).toMatchObject([{ state: 'unknown', watch: 'possible_orphan', numbers: [] }]);
  return it;
}

describe('an attempt that nobody answered', () => {
  test('an attempt without an answer is found at Posti by its reference, and its numbers are kept', async () => {
    const it = await unanswered('hangup-after');
    const numbers = (await it.booksOfPosti())[0]!;
    expect(await it.watch()).toMatchObject({ watched: 1, confirmed: 1, cleared: 0, scanned: 0, next: 0 });
    expect(await it.attempts()).toMatchObject([{ state: 'unknown', watch: 'confirmed_orphan', numbers }]);
    expect(await it.happened('orphan_confirmed')).toBe(1);
    expect(await attentionOf(it)).toBeNull();
    expect(await listRuns(pool, { kind: 'watch', limit: 1 })).toMatchObject([
      { failure: null, counts: { watched: 1, confirmed: 1 } },
    ]);
  });

  test('an attempt without an answer is called cleared when its time has passed without a trace, and not before', async () => {
    const it = await unanswered('hangup-before');
    expect(await it.watch()).toMatchObject({ watched: 1, cleared: 0 });
    expect(await it.attempts()).toMatchObject([{ watch: 'possible_orphan' }]);
    await it.letTimeRunOut();
    expect(await it.watch()).toMatchObject({ watched: 1, cleared: 1 });
    expect(await it.attempts()).toMatchObject([{ watch: 'cleared' }]);
    expect(await it.watch()).toMatchObject({ watched: 0 });
  });

  test('an attempt without an answer is found in the last look after its time', async () => {
    const it = await unanswered('hangup-after');
    await it.letTimeRunOut();
    expect(await it.watch()).toMatchObject({ confirmed: 1, cleared: 0 });
  });

  test.each(['tracking-none', 'tracking-public'])(
    'an attempt without an answer stays possible until its time has passed where the account is %s, and nothing is closed',
    async (clientId) => {
      const it = await unanswered('hangup-after', { clientId });
      expect(await it.watch()).toMatchObject({ withoutAccess: 1, confirmed: 0, cleared: 0 });
      expect(await it.attempts()).toMatchObject([{ watch: 'possible_orphan' }]);
      const { rows } = await pool.query(`select from lahetti.system_health where state = 'closed'`);
      expect(rows).toEqual([]);
      await it.letTimeRunOut();
      expect(await it.watch()).toMatchObject({ withoutAccess: 1, cleared: 1 });
    },
  );

  test('an attempt without an answer waits for the next run while Tracking is out of order, also when its time is over', async () => {
    const it = await unanswered('hangup-after');
    await it.letTimeRunOut();
    await harm({ path: '/tracking/', kind: 'status', status: 500 });
    expect(await it.watch()).toMatchObject({ postponed: 1, cleared: 0 });
    expect(await it.watch()).toMatchObject({ postponed: 0, confirmed: 1 });
  });
});

describe('two that look after one attempt at once', () => {
  const theWatched = async () => (await watchedAttempts(pool, { after: 0, since: null, limit: 1 }))[0]!;

  test('two watches of one attempt do not call it never booked where one of them has found its booking', async () => {
    const it = await unanswered('hangup-after');
    const seen = await theWatched();
    const numbers = (await it.booksOfPosti())[0]!;
    expect(await confirmOrphan(pool, seen, numbers)).toBe(true);
    await it.letTimeRunOut();
    expect(await clearOrphan(pool, seen)).toBe(false);
    expect(await it.attempts()).toMatchObject([{ watch: 'confirmed_orphan', numbers }]);
    expect(await it.happened('orphan_cleared')).toBe(0);
  });

  test('two watches of one attempt raise one attention about the parcel that moves', async () => {
    const it = await desk();
    await it.look();
    await it.book();
    await it.supersede();
    const seen = await theWatched();
    const problem = { code: 'scan_on_orphan', field: 'parcel', problem: 'It moves.', remedy: 'Tell the customer.' };
    expect(await raiseStrayScan(pool, seen, problem, new Date())).toBe(true);
    expect(await raiseStrayScan(pool, seen, problem, new Date())).toBe(false);
    expect(await it.problems()).toHaveLength(1);
    expect(await it.happened('scan_on_orphan')).toBe(1);
  });
});

describe('a scan', () => {
  test('a scan on an orphan needs attention once, and stays until a person closes it', async () => {
    const it = await unanswered('hangup-after');
    const [orphan] = (await it.booksOfPosti())[0]!;
    // An answer that was lost pauses the account for a moment.
    expect((await eventually(it.book)).shipments).toMatchObject([{ phase: 'booked' }]);
    await it.watch();
    expect(await attentionOf(it)).toBeNull();

    await scan(orphan!, 'RECEIVED');
    expect(await it.watch()).toMatchObject({ scanned: 1 });
    expect(await it.watch()).toMatchObject({ watched: 0, scanned: 0 });
    expect(await it.happened('scan_on_orphan')).toBe(1);

    const state = await it.look();
    expect(state).toMatchObject({ phase: 'needs_attention' });
    const [shipment] = state.shipments;
    expect(shipment).toMatchObject({ attention: { code: 'scan_on_orphan', commands: ['resolve'] } });
    expect(nextStep({ ...shipment!, told: 'told' })).toBe('follow');
    expect(await it.problems()).toMatchObject([{ problem: expect.stringContaining(orphan!) as string }]);
    const { rows } = await pool.query(`select from lahetti.inbox where source = 'carrier'`);
    expect(rows).toHaveLength(1);
  });

  test('a scan on a replaced label needs attention, and names the old number', async () => {
    const it = await desk();
    await it.look();
    await it.book();
    await it.supersede();
    await it.book();
    const [[old], [young]] = (await it.booksOfPosti()) as [[string], [string]];
    expect(await it.watch()).toMatchObject({ watched: 1, scanned: 0 });

    await scan(young, 'RECEIVED');
    expect(await it.watch()).toMatchObject({ scanned: 0 });
    await scan(old, 'IN_TRANSPORT');
    expect(await it.watch()).toMatchObject({ scanned: 1 });
    expect(await attentionOf(it)).toBe('scan_on_orphan');
    const [{ problem, remedy }] = (await it.problems()) as [{ problem: string; remedy: string }];
    expect(problem).toContain(`${old} of order ${it.ref.orderId}, shipment 1, whose label (attempt 1) was replaced`);
    expect(problem).toContain('in transit');
    expect(remedy).toContain(`tell the customer the number ${old}`);
  });

  test('a scan on a label that was taken back needs attention though its order has ended', async () => {
    const it = await desk();
    await it.look();
    await it.book();
    await it.takeBack();
    await scan((await it.booksOfPosti())[0]![0]!, 'RECEIVED');
    expect(await it.watch()).toMatchObject({ scanned: 1 });
    const state = await it.state();
    expect(state).toMatchObject({ phase: 'needs_attention' });
    expect(state?.shipments).toMatchObject([{ phase: 'cancelled', attention: { code: 'scan_on_orphan' } }]);
    expect(await it.resolve()).toMatchObject({ outcome: { outcome: 'done' }, state: { phase: 'cancelled' } });
  });

  test('a scan on an orphan stands beside other attentions', async () => {
    const it = await desk();
    await it.look();
    await it.book();
    await it.supersede();
    await it.book();
    await pool.query(
      `update lahetti.shipments set attention = '{"code": "silent_for_too_long"}', people_problem = '{"problems": [{"code": "silent_for_too_long"}]}'`,
    );
    await scan((await it.booksOfPosti())[0]![0]!, 'RECEIVED');
    await it.watch();
    expect((await it.problems()).map(({ code }) => code)).toEqual(['silent_for_too_long', 'scan_on_orphan']);
  });

  test('a scan after the end of the watch needs no attention', async () => {
    const it = await desk();
    await it.look();
    await it.book();
    await it.supersede();
    await it.watch();
    await pool.query(`update lahetti.booking_attempts set watch_until = now() - interval '1 day'`);
    await scan((await it.booksOfPosti())[0]![0]!, 'RECEIVED');
    expect(await it.watch()).toMatchObject({ watched: 0, scanned: 0 });
  });
});

describe('pickup points', () => {
  // In lists, and refused when it is booked.
  const closed = { form_fields: [{ name: 'Pickup point', value: '001003232' }] };

  test('pickup points are proposed when Posti refuses the chosen one', async () => {
    const it = await desk({ address: closed });
    await it.look();
    expect((await it.book()).shipments[0]?.attention?.code).toBe('pickup_point_inactive');
    const [problem] = (await it.problems()) as [{ remedy: string; proposals: { id: string; city: string }[] }];
    expect(problem.proposals).toHaveLength(3);
    expect(problem.proposals[0]).toMatchObject({ id: '001003230', city: 'HELSINKI' });
    expect(problem.proposals.map(({ id }) => id)).not.toContain('001003232');
    expect(problem.remedy).toMatch(/– nearest: 001003230 .*Kauppa Kamppi, \d+ m/);
    expect(await it.booksOfPosti()).toEqual([]);
  });

  test('pickup points that cannot be fetched hide no refusal, and are added later', async () => {
    const it = await desk({ address: closed });
    await it.look();
    await harm({ path: '/pickuppoints', kind: 'status', status: 500 });
    expect((await it.book()).shipments[0]?.attention?.code).toBe('pickup_point_inactive');
    expect((await it.problems())[0]).not.toHaveProperty('proposals');
    expect(await it.proposePickupPoints()).toEqual({ sought: 1, proposed: 1 });
    expect((await it.problems())[0]).toHaveProperty('proposals');
    expect(await it.proposePickupPoints()).toEqual({ sought: 0, proposed: 0 });
  });

  test('pickup points are proposed where what the order names is no pickup point, and fit the add-ons that it is to have', async () => {
    const named = [{ name: 'Pickup point', value: 'Kioski Kallio' }];
    const address = { zip: '00150', form_fields: named };
    const proposedWith = async (...addons: string[]) => {
      const it = await desk({ service: 'PO2103', addons, address });
      await it.look();
      expect((await it.problems()).map(({ code }) => code)).toEqual(['pickup_point_invalid']);
      expect(await it.proposePickupPoints()).toMatchObject({ proposed: 1 });
      expect(await it.booksOfPosti()).toEqual([]);
      return JSON.stringify(await it.problems());
    };
    expect(await proposedWith()).toContain('Eiran ulkoautomaatti');
    expect(await proposedWith('NOBOX')).not.toContain('ulkoautomaatti');
    expect(await proposedWith('FDNGPP')).not.toContain('automaatti');
  });

  test('pickup points are proposed where the service wants one and none is chosen, and a look leaves them', async () => {
    const tallinn = { country_iso2: 'EE', country: 'Estonia', zip: '10111', city: 'Tallinn', phone: '+37251234567' };
    const it = await desk({ service: 'PO2351', address: tallinn });
    await it.look();
    expect((await it.problems()).map(({ code }) => code)).toContain('pickup_point_missing');
    expect(await it.proposePickupPoints()).toEqual({ sought: 1, proposed: 1 });
    await it.look();
    const problem = (await it.problems()).find(({ code }) => code === 'pickup_point_missing');
    expect(problem?.['remedy']).toContain('Tallinna Keskus pakiautomaat');
  });
});
