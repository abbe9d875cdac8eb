import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reachableHome } from '../../src/embedded/postgres-account.ts';
import { linkLibraries } from '../../src/embedded/postgres-binaries.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lahetti-home-'));
});
afterEach(() => rm(root, { recursive: true }));

test('libraries are found by their short names although no install script ran', async () => {
  await mkdir(join(root, 'native/lib'), { recursive: true });
  await writeFile(join(root, 'native/lib/libpq.so.5.18'), 'a library');
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await writeFile(join(root, 'native/pg-symlinks.json'), JSON.stringify(links));

  await linkLibraries(root);
  await linkLibraries(root); // and the second start finds them there
  expect(await readFile(join(root, 'native/lib/libpq.so.5'), 'utf8')).toBe('a library');
});

describe.skipIf(process.geteuid?.() !== 0)('PostgreSQL of a root user, which runs as another one', () => {
  const account = { name: 'somebody', uid: 65534, gid: 65534 };
  const fallback = () => ({ folder: join(root, 'elsewhere'), name: 'data' });

  async function aCheckout(mode: number) {
    const binaries = join(root, 'checkout/node_modules/native');
    const dataParent = join(root, 'checkout/.lahetti');
    await mkdir(join(binaries, 'bin'), { recursive: true });
    await mkdir(dataParent, { mode: 0o700 });
    await writeFile(join(binaries, 'bin/postgres'), '', { mode: 0o755 });
    await chmod(join(root, 'checkout'), mode);
    return { dataParent, binaries };
  }

  test('PostgreSQL of a root user keeps its data in the state folder, which is opened to its group for passing through only', async () => {
    await chmod(root, 0o755);
    const home = await aCheckout(0o755);
    expect(await reachableHome(home, account, fallback())).toEqual(home);
    const { mode, gid } = await stat(home.dataParent);
    expect([mode & 0o777, gid]).toEqual([0o710, account.gid]);
  });

  test('PostgreSQL of a root user runs from a copy of its binaries where the checkout is closed to it', async () => {
    await chmod(root, 0o755);
    const home = await reachableHome(await aCheckout(0o700), account, fallback());
    expect(home.dataParent).toBe(join(root, 'elsewhere/data'));
    expect((await stat(home.dataParent)).mode & 0o777).toBe(0o710);
    expect(home.binaries).toContain(join(root, 'elsewhere/postgres-'));
    expect((await stat(join(home.binaries, 'bin/postgres'))).isFile()).toBe(true);
  });

  test('PostgreSQL of a root user that cannot reach its folder says which folder is closed', async () => {
    const home = await aCheckout(0o700); // and the fallback lies in a closed folder, too
    await chown(root, 0, 0);
    await expect(reachableHome(home, account, fallback())).rejects.toThrow(`can't get past ${root}. Open it`);
  });
});
