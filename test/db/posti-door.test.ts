import pino from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { createPostiDoor, type Question } from '../../activities/posti-door.ts';
import type { Carrier } from '../../src/carriers/port.ts';
import { AppError, type ErrorKind } from '../../src/errors.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import { readHealth } from '../../src/health/system-health.sql.ts';
import { runStep } from '../protocol/patience.ts';
import { testDatabase } from '../support/postgres.ts';

const { pool } = await testDatabase();
const log = pino({ level: 'silent' });
let made = 0;
let account: string;
beforeEach(() => {
  account = String(++made);
});

const trouble = (kind: ErrorKind) => new AppError('No.', { kind, code: `test_${kind}` });
const health = () => createSystemHealth({ pool, log, speed: 1 });
const stateOf = async (system: 'posti' | 'posti_tracking') =>
  (await readHealth(pool, { system, account }))?.state ?? 'open';

/** One question in a run of its own. */
function ask(question: Question, work: () => Promise<object>) {
  const carriers = { of: () => Promise.resolve({ carrier: {} as Carrier, account }) };
  return runStep(() => createPostiDoor({ pool, carriers, health: health(), log }).ask('abc123', question, work));
}
const failing = (kind: ErrorKind) => () => Promise.reject(trouble(kind));

describe('pickup points', () => {
  test('pickup points that cannot be fetched stop no booking', async () => {
    for (let n = 0; n < 5; n++) expect(await ask('pickup points', failing('retryable'))).toBe('postponed');
    expect(await ask('pickup points', failing('credentials'))).toBe('withoutAccess');
    expect(await stateOf('posti')).toBe('open');
  });

  test('pickup points that are found do not open an account that books nothing, and are not asked for meanwhile', async () => {
    await health().report({ system: 'posti', account }, trouble('credentials'));
    await pool.query(`update lahetti.system_health set paused_until = now() where account = $1`, [account]);
    let asked = 0;
    const found = () => Promise.resolve({ points: ++asked });
    expect(await ask('pickup points', found)).toBe('postponed');
    expect(asked).toBe(0);
    expect(await stateOf('posti')).toBe('closed');
  });

  test('pickup points whose search is throttled make all calls wait', async () => {
    expect(await ask('pickup points', failing('throttled'))).toBe('postponed');
    expect(await stateOf('posti')).toBe('paused');
  });
});

test('tracking that fails three times is asked again later', async () => {
  for (let n = 0; n < 3; n++) expect(await ask('track', failing('retryable'))).toBe('postponed');
  expect(await stateOf('posti_tracking')).toBe('paused');
  expect(await stateOf('posti')).toBe('open');
});
