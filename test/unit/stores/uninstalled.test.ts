import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { createUninstaller } from '../../../src/stores/uninstalled.ts';

const refused = () => Promise.reject(new AppError('No.', { kind: 'credentials', code: 'no', status: 401 }));
const away = () => Promise.reject(new AppError('Away.', { kind: 'retryable', code: 'away', status: 503 }));
const works = () => Promise.resolve(new Date());

let now: number;
let asked: string[];
let answer: () => Promise<Date>;
let disconnected: string[];
let looks: { ms: number; look: () => Promise<void> }[];

/** A process with nothing behind it but what the tests say. */
const anUninstaller = () =>
  createUninstaller({
    stores: {
      connectedAt: () => Promise.resolve(new Date(0)),
      connection: (storeHash) => Promise.resolve({ storeHash, accessToken: 'token' }),
      uninstalled: (storeHash) => {
        disconnected.push(storeHash);
        return Promise.resolve(true);
      },
    },
    api: { getTime: ({ storeHash }) => (asked.push(storeHash), answer()) },
    clock: () => now,
    later: (ms, look) => void looks.push({ ms, look }),
  });
const says = { storeHash: 'kauppa1', at: null, signed: false } as const;

beforeEach(() => {
  now = 1_000_000;
  [asked, disconnected, looks] = [[], [], []];
  answer = works;
});

describe('unsigned deliveries that say that the app was uninstalled', () => {
  test('unsigned deliveries at the same time are checked by one call to the shop, whatever it answers', async () => {
    for (const [what, outcomes] of [
      [refused, ['uninstalled', 'uninstalled', 'uninstalled']],
      // Those that came while it was asked may tell of what happened after its answer.
      [works, ['still_installed', 'not_looked_at', 'not_looked_at']],
    ] as const) {
      asked = [];
      answer = what;
      const uninstalled = anUninstaller();
      expect(await Promise.all([uninstalled(says), uninstalled(says), uninstalled(says)])).toEqual(outcomes);
      expect(asked).toEqual(['kauppa1']);
    }
  });

  test('unsigned deliveries of one store do not keep those of another from being checked', async () => {
    const uninstalled = anUninstaller();
    await uninstalled(says);
    answer = refused;
    expect(await uninstalled({ ...says, storeHash: 'kauppa2' })).toBe('uninstalled');
    expect(asked).toEqual(['kauppa1', 'kauppa2']);
  });

  test('unsigned deliveries after a false one are not called checked: the shop delivers again, and is asked then', async () => {
    const uninstalled = anUninstaller();
    expect(await uninstalled(says)).toBe('still_installed');
    answer = refused;
    now += 30_000;
    expect(await uninstalled(says)).toBe('not_looked_at');
    expect(disconnected).toEqual([]);
    now += 31_000;
    expect(await uninstalled(says)).toBe('uninstalled');
    expect(disconnected).toEqual(['kauppa1']);
  });

  test('unsigned deliveries after a false one are checked later, once for all of them, also if none is delivered again', async () => {
    const uninstalled = anUninstaller();
    await uninstalled(says);
    now += 20_000;
    await uninstalled(says);
    await uninstalled(says);
    expect(looks.map(({ ms }) => ms)).toEqual([40_000]);
    answer = refused;
    now += 40_000;
    await looks[0]!.look();
    expect(disconnected).toEqual(['kauppa1']);
    expect(asked).toHaveLength(2);
  });

  test('unsigned deliveries of a shop that could not be asked cost it one request a minute, and are delivered again', async () => {
    answer = away;
    const uninstalled = anUninstaller();
    await expect(uninstalled(says)).rejects.toMatchObject({ code: 'away' });
    for (let i = 0; i < 5; i += 1) expect(await uninstalled(says)).toBe('not_looked_at');
    expect(asked).toHaveLength(1);
    now += 60_000;
    answer = refused;
    // What looks by itself fails on nobody, also where the shop is still away.
    await looks[0]!.look();
    expect(disconnected).toEqual(['kauppa1']);
  });

  test('unsigned deliveries of a shop that is still unavailable at the later check change nothing', async () => {
    answer = away;
    const uninstalled = anUninstaller();
    await expect(uninstalled(says)).rejects.toMatchObject({ code: 'away' });
    await uninstalled(says);
    now += 60_000;
    await expect(looks[0]!.look()).resolves.toBeUndefined();
    expect(disconnected).toEqual([]);
  });
});

test('a signed delivery is believed without a call to the shop', async () => {
  expect(await anUninstaller()({ ...says, signed: true })).toBe('uninstalled');
  expect(asked).toEqual([]);
});
