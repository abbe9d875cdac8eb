import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { AppError, type ErrorKind } from '../../src/errors.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import { readHealth, tryAtOnce } from '../../src/health/system-health.sql.ts';
import { testDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';

const { pool } = await testDatabase();
let made = 0;

/** An account of its own for each test, seen by two processes: trouble is shared through the row alone. */
function anAccount() {
  const who = { system: 'posti', account: String(++made) } as const;
  const open = () => createSystemHealth({ pool, log: pino({ level: 'silent' }), speed: 100 });
  return { who, one: open(), other: open(), row: () => readHealth(pool, who) };
}

const trouble = (kind: ErrorKind, retryAfterMs?: number) =>
  new AppError('It did not work.', {
    kind,
    code: `test_${kind}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
const failing = (kind: ErrorKind, retryAfterMs?: number) => () => Promise.reject(trouble(kind, retryAfterMs));
const works = () => Promise.resolve('done');

describe('system health', () => {
  test('one failure of the network pauses nobody, three in a row pause everybody', async () => {
    const { who, one, other, row } = anAccount();
    await expect(one.guard(who, failing('retryable'))).rejects.toThrow('did not work');
    await expect(other.guard(who, works)).resolves.toBe('done');
    for (let i = 0; i < 3; i++) await expect(one.guard(who, failing('retryable'))).rejects.toThrow();
    // A row that was just seen open is believed for a moment.
    await eventually(() =>
      other.admit(who).then(
        () => false,
        (error: AppError) => error.code === 'posti_paused',
      ),
    );
    expect(await row()).toMatchObject({ state: 'paused', reason: 'test_retryable' });
  });

  test('the first unknown outcome already makes everybody wait', async () => {
    const { who, one, other } = anAccount();
    await one.report(who, trouble('outcome_unknown'));
    await expect(other.admit(who)).rejects.toMatchObject({ kind: 'paused' });
  });

  test('the first refused log-in closes the account, and says why', async () => {
    const { who, one, other, row } = anAccount();
    await expect(one.guard(who, failing('credentials'))).rejects.toThrow();
    await expect(other.admit(who)).rejects.toThrow(/does not let our account in/);
    expect(await row()).toMatchObject({ state: 'closed', reason: 'test_credentials' });
  });

  test('a closed account stays closed, with its reason, when it is told to ask less or fails meanwhile', async () => {
    const { who, one, other, row } = anAccount();
    await one.report(who, trouble('credentials'));
    await other.report(who, trouble('throttled', 100));
    expect(await row()).toMatchObject({ state: 'closed', reason: 'test_credentials' });
    for (let i = 0; i < 4; i++) await other.report(who, trouble('retryable'));
    expect(await row()).toMatchObject({ state: 'closed', reason: 'test_credentials' });
  });

  test('a shorter pause that is asked for later does not end a longer one before its time', async () => {
    const { who, one, other, row } = anAccount();
    await one.report(who, trouble('throttled', 60_000));
    await other.report(who, trouble('throttled', 100));
    expect((await row())?.waitMs).toBeGreaterThan(30_000);
  });

  test('two failures, a success and one more failure are no three in a row: it stays open', async () => {
    const { who, one, row } = anAccount();
    for (let i = 0; i < 2; i++) await expect(one.guard(who, failing('retryable'))).rejects.toThrow();
    await one.guard(who, works);
    await expect(one.guard(who, failing('retryable'))).rejects.toThrow();
    expect(await row()).toMatchObject({ state: 'open', failures: 1 });
  });

  test('what a request itself did wrong says nothing of the system', async () => {
    const { who, one, other } = anAccount();
    for (let i = 0; i < 5; i++) await expect(one.guard(who, failing('refused'))).rejects.toThrow();
    await expect(other.admit(who)).resolves.toBeUndefined();
  });

  test('after a throttling pause everybody goes on', async () => {
    const { who, one, other, row } = anAccount();
    await expect(one.guard(who, failing('throttled', 100))).rejects.toThrow();
    await expect(other.admit(who)).rejects.toMatchObject({ kind: 'paused' });
    await eventually(() => Promise.all([one.admit(who), other.admit(who)]).then(() => true), { within: 2_000 });
    await one.guard(who, works);
    expect(await row()).toMatchObject({ state: 'open' });
  });

  test('after a pause one caller tries alone; its success lets the others in', async () => {
    const { who, one, other } = anAccount();
    await one.report(who, trouble('outcome_unknown'));
    await eventually(() => one.admit(who).then(() => true), { within: 2_000 });
    await expect(other.admit(who)).rejects.toMatchObject({ kind: 'paused' });
    await one.works(who);
    await expect(other.admit(who)).resolves.toBeUndefined();
  });

  test('a probe that fails lets nobody through and makes the pause longer', async () => {
    const { who, one, row } = anAccount();
    await one.report(who, trouble('outcome_unknown'));
    let probes = 0;
    const probe = () => {
      probes += 1;
      return Promise.reject(trouble('retryable'));
    };
    await eventually(
      async () => {
        await expect(one.admit(who, probe)).rejects.toMatchObject({ kind: 'paused' });
        expect(probes).toBe(1);
        return true;
      },
      { within: 2_000 },
    );
    expect((await row())?.failures).toBe(2);
  });

  test('a caller that waits for a closed account checks now and then whether it was opened', async () => {
    const { who, one, other, row } = anAccount();
    await one.report(who, trouble('credentials'));
    const error = (await other.admit(who).catch((e: unknown) => e)) as AppError;
    // A probe after 15 minutes, a look after five: a hundred times faster here.
    expect((await row())?.waitMs).toBeGreaterThan(7_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(3_000 + 100);
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(3_000);
  });

  test('an account that was mended by hand is tried at once, by one caller alone', async () => {
    const { who, one, other } = anAccount();
    await one.report(who, trouble('credentials'));
    await tryAtOnce(pool, who);
    const admitted = await Promise.allSettled([one.admit(who), other.admit(who)]);
    expect(admitted.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('an account that asked for patience is left in peace until then, also where somebody says it was mended', async () => {
    const { who, one, other } = anAccount();
    await one.report(who, trouble('throttled', 60_000));
    await tryAtOnce(pool, who);
    const error = await other.admit(who).catch((e: unknown) => e as AppError);
    expect((error as AppError).retryAfterMs).toBeGreaterThan(10_000);
  });

  test('the time to wait is told, so that a step sleeps that long and not longer', async () => {
    const { who, one } = anAccount();
    await one.report(who, trouble('throttled', 5_000));
    const error = await one.admit(who).catch((e: unknown) => e as AppError);
    expect((error as AppError).retryAfterMs).toBeGreaterThan(4_000);
    expect((error as AppError).retryAfterMs).toBeLessThan(8_000);
  });
});
