import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { createSecretBox, loadOrCreateSecretKeys, parseSecretKeys } from '../../src/stores/secrets.ts';

const aKey = (id: string) => ({ id, key: randomBytes(32) });

describe('a sealed secret', () => {
  const old = aKey('2025');
  const box = createSecretBox([old]);

  test('a sealed secret opens again, and looks different each time', () => {
    const [one, two] = [box.seal('shpat-ä-1', 'stores/a/token'), box.seal('shpat-ä-1', 'stores/a/token')];
    expect(box.open(one, box.keyId, 'stores/a/token')).toBe('shpat-ä-1');
    expect(one.equals(two)).toBe(false);
    expect(one.includes('shpat')).toBe(false);
  });

  test('a sealed secret opens after a new key was put in front of its own', () => {
    const sealed = box.seal('secret', 'place');
    const rotated = createSecretBox([aKey('2026'), old]);
    expect(rotated.open(sealed, '2025', 'place')).toBe('secret');
    expect(rotated.keyId).toBe('2026');
  });

  test('a sealed secret does not open where it was copied to another store, altered, or its key is gone', () => {
    const sealed = box.seal('canary', 'stores/a/token');
    const altered = Buffer.from(sealed);
    altered[altered.length - 1]! ^= 1;
    expect(() => box.open(sealed, '2025', 'stores/b/token')).toThrow(/altered or moved/);
    expect(() => box.open(altered, '2025', 'stores/a/token')).toThrow(/altered or moved/);
    expect(() => box.open(sealed.subarray(0, 20), '2025', 'stores/a/token')).toThrow(/altered or moved/);
    expect(() => createSecretBox([aKey('2026')]).open(sealed, '2025', 'stores/a/token')).toThrow(/LAHETTI_SECRET_KEYS/);
  });

  test('a sealed secret is not made with keys that cannot work', () => {
    expect(() => createSecretBox([])).toThrow();
    expect(() => createSecretBox([{ id: 'a', key: randomBytes(16) }])).toThrow(/32 bytes/);
    expect(() => createSecretBox([aKey('a'), aKey('a')])).toThrow(/same id/);
  });
});

describe('the key in the state folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lahetti-keys-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const load = () => loadOrCreateSecretKeys({ configured: null, stateDir: join(folder, 'state') });

  test('the key in the state folder is the same for all processes that start at once, and readable by its owner only', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, load));
    expect(new Set(all.map(([key]) => key!.key.toString('hex'))).size).toBe(1);
    expect(all[0]![0]!.key).toHaveLength(32);
    expect(await readdir(join(folder, 'state'))).toEqual(['secret-key']);
    expect((await stat(join(folder, 'state', 'secret-key'))).mode & 0o777).toBe(0o600);
  });

  test('the key in the state folder is not replaced when it cannot be read: what it encrypted would be lost', async () => {
    await load();
    const path = join(folder, 'state', 'secret-key');
    await chmod(path, 0o600);
    await writeFile(path, 'garbage');
    await expect(load()).rejects.toThrow(/Restore it/);
  });

  test('the key in the state folder is not read where keys are configured, and never created in production', async () => {
    const configured = `a:${randomBytes(32).toString('base64')}`;
    expect(await loadOrCreateSecretKeys({ configured, stateDir: folder })).toEqual(parseSecretKeys(configured));
    await expect(loadOrCreateSecretKeys({ configured: null, stateDir: folder, production: true })).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});

test('a log line holds neither secrets nor personal data, however they come', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  const canary = 'Kanarialintu';
  const error = new AppError('Posti refused shipment 1.', { kind: 'refused', code: 'refused', words: canary });
  log.info({ accessToken: canary, deep: [{ client_secret: canary, Authorization: canary }] }, 'one');
  log.info({ recipient: { name: canary }, to: { firstName: canary, phone: canary, email: canary } }, 'two');
  log.error({ err: Object.assign(error, { detail: canary }) }, 'three');
  log.child({ token: canary }).warn({ headers: { cookie: canary }, buffer: Buffer.from(canary) }, 'four');
  expect(lines).toHaveLength(4);
  expect(lines.join('')).not.toContain(canary);
  expect(lines[2]).toContain('Posti refused shipment 1.');
});
