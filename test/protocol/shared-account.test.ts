import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpSender } from '../../src/http-client/sender.ts';
import { createNotifier } from '../../src/notices/notifier.ts';
import { eventually } from '../support/wait.ts';
import { expectExactlyOneLive } from './exactly-one.ts';
import { startWorld } from './world.ts';

const world = await startWorld();
const speed = 50;
const patiently = { within: 20_000 };

const logIns = async () => (await world.posti.books()).requests.byRoute['POST /auth/api/v1/token'] ?? 0;

async function noticesSoFar(): Promise<string[]> {
  const { rows } = await world.pool.query<{ kind: string }>('select kind from lahetti.notices order by id');
  return rows.map(({ kind }) => kind);
}

test('an account of two stores whose secret ended is paused as a whole, says so once, and goes on when one of them is connected with the new one', async () => {
  const shop = await world.shop({ speed });
  const sister = await world.shop({ speed, clientId: shop.clientId });
  const sender = createHttpSender();
  const notifier = createNotifier({
    ...{ pool: world.pool, sender, speed, receiver: null },
    log: pino({ level: 'silent' }),
  });
  notifier.start();
  onTestFinished(async () => {
    await notifier.stop();
    await sender.close();
  });
  const orders = [await shop.order(), await sister.order(), await shop.order(), await sister.order()];
  await shop.renewAccount({ secret: 'a new secret' });
  const before = await logIns();
  const allBooked = Promise.all(orders.map((order) => order.bookToTheEnd()));

  await eventually(async () => expect(await noticesSoFar()).toEqual(['account.closed']), patiently);
  const closed = [{ system: 'posti', state: 'closed', reason: 'posti_credentials_refused' }];
  expect([await shop.troubles(), await sister.troubles()]).toEqual([closed, closed]);
  // Two processes that knew of nothing yet; whoever comes now is told to wait, and Posti is not asked.
  expect((await logIns()) - before).toBeLessThanOrEqual(2);
  for (const order of orders) expect(await order.only()).toMatchObject({ phase: 'planned', attention: null });

  // Connecting with what was refused tries nothing anew: five wrong log-ins lock an account (posti.md 3.3).
  const refused = await logIns();
  const until = await pausedUntil();
  await sister.connect();
  expect(await pausedUntil()).toEqual(until);
  expect(await logIns()).toBe(refused);

  await sister.connect('a new secret');
  await allBooked;
  for (const order of orders) await expectExactlyOneLive(order);
  expect([await shop.troubles(), await sister.troubles()]).toEqual([[], []]);
  await eventually(async () => expect(await noticesSoFar()).toEqual(['account.closed', 'account.resumed']), patiently);

  async function pausedUntil(): Promise<Date | undefined> {
    const { rows } = await world.pool.query<{ at: Date }>(
      `select paused_until as at from lahetti.system_health where system = 'posti' and state = 'closed'`,
    );
    return rows[0]?.at;
  }
});
