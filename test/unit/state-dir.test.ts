import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStateDir } from '../../src/embedded/state-dir.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lahetti-state-'));
});
afterEach(() => rm(root, { recursive: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('the state folder', () => {
  test('the state folder is made for its owner alone, whatever the umask of the machine', async () => {
    const path = openStateDir(join(root, 'deep/state'));
    expect(await modeOf(path)).toBe(0o700);
  });

  test('the state folder that an earlier version left open is closed to others, with the files in it', async () => {
    const path = join(root, 'state');
    await mkdir(join(path, 'logs'), { recursive: true });
    for (const name of ['temporal.sqlite', 'temporal.sqlite-wal', 'postgres.log']) {
      await writeFile(join(path, name), '');
      await chmod(join(path, name), 0o644);
    }
    for (const folder of [path, join(path, 'logs')]) await chmod(folder, 0o755);
    openStateDir(path);
    expect((await modeOf(path)) & 0o767).toBe(0o700);
    expect(await modeOf(join(path, 'logs'))).toBe(0o700);
    for (const name of ['temporal.sqlite', 'temporal.sqlite-wal', 'postgres.log']) {
      expect(await modeOf(join(path, name)), name).toBe(0o600);
    }
  });

  test.each([
    ['is shared by all users of the machine', (path: string) => chmod(path, 0o1777)],
    ['is a project', (path: string) => writeFile(join(path, 'package.json'), '{}')],
  ])('the state folder that %s is left as it is, and another is asked for', async (_, make) => {
    const path = join(root, 'shared');
    await mkdir(path);
    await make(path);
    const before = (await stat(path)).mode;
    expect(() => openStateDir(path)).toThrow(`name one of its own, like ${join(path, 'lahetti')}`);
    expect((await stat(path)).mode).toBe(before);
  });
});
