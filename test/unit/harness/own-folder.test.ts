import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseDemoOptions } from '../../../harness/demo/options.ts';
import { expectOwnFolder } from '../../../harness/demo/own-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lahetti-own-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the demo', () => {
  test('the demo keeps its state apart from that of a real system, or where LAHETTI_STATE_DIR or --state-dir says', () => {
    expect(parseDemoOptions([], {}).stateDir).toBe('.lahetti-demo');
    expect(parseDemoOptions([], { LAHETTI_STATE_DIR: '/srv/demo' }).stateDir).toBe('/srv/demo');
    expect(parseDemoOptions(['--state-dir', 'here'], { LAHETTI_STATE_DIR: '/srv/demo' }).stateDir).toBe('here');
  });

  test('the demo refuses the folder of a real system, and takes an empty, a new, and its own one', async () => {
    expect(() => expectOwnFolder(folder)).not.toThrow();
    expect(() => expectOwnFolder(join(folder, 'new'))).not.toThrow();
    await writeFile(join(folder, 'secret-key'), 'local:…');
    expect(() => expectOwnFolder(folder)).toThrow(
      /holds a system of your own.*leave out --state-dir and LAHETTI_STATE_DIR/,
    );
    await writeFile(join(folder, 'demo.json'), '{}');
    expect(() => expectOwnFolder(folder)).not.toThrow();
  });
});
