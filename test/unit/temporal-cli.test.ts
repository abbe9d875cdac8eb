import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppError } from '../../src/errors.ts';
import { resolveTemporalCli, TEMPORAL_CLI_VERSION, type TemporalCliDeps } from '../../src/embedded/temporal-cli.ts';

const aTemporal = '#!/bin/sh\necho "temporal version 1.5.1 (Server 1.29.1)"\n';

/** A Go that writes down how it was called, and "builds" for a moment. */
const aGo = (calls: string, version = 'go1.26.8') => `#!/bin/sh
PATH=/usr/bin:/bin
if [ "$1" = version ]; then echo "go version ${version} linux/amd64"; exit 0; fi
echo "$@" >> ${calls}
echo "github.com/example/compiled" >&2
sleep 0.3
printf '%s' '${aTemporal}' > "$GOBIN/temporal"
chmod +x "$GOBIN/temporal"
`;

let root: string;
let calls: string;
let messages: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lahetti-cli-'));
  calls = join(root, 'go-calls');
  messages = [];
});
afterEach(() => rm(root, { recursive: true }));

const refused = () => Promise.reject(new Error('the network is not there'));
const cached = () => join(root, 'cache', 'lahetti', 'temporal-cli', TEMPORAL_CLI_VERSION, 'temporal');

async function aProgram(path: string, text: string): Promise<string> {
  const file = join(root, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}

function resolve(more: Partial<TemporalCliDeps> = {}) {
  const log = pino({ level: 'info' }, { write: (line) => messages.push(line) });
  return resolveTemporalCli({
    log,
    download: refused,
    ...more,
    env: { PATH: join(root, 'bin'), XDG_CACHE_HOME: join(root, 'cache'), ...more.env },
  });
}

const goCalls = async () => (await readFile(calls, 'utf8').catch(() => '')).trim().split('\n').filter(Boolean);

describe('the source of the Temporal CLI', () => {
  test('the Temporal CLI is taken from TEMPORAL_CLI before everything else', async () => {
    const mine = await aProgram('mine/temporal', aTemporal);
    await aProgram('bin/temporal', aTemporal);
    expect(await resolve({ env: { TEMPORAL_CLI: mine } })).toEqual({ path: mine, from: 'TEMPORAL_CLI' });
  });

  test('the Temporal CLI is taken from the PATH before the cache', async () => {
    const path = await aProgram('bin/temporal', aTemporal);
    await aProgram(cached().slice(root.length), aTemporal);
    expect(await resolve()).toEqual({ path, from: 'PATH' });
  });

  test('the Temporal CLI is taken from the cache before the network', async () => {
    await aProgram(cached().slice(root.length), aTemporal);
    expect(await resolve()).toEqual({ path: cached(), from: 'cache' });
  });

  test('the Temporal CLI is taken from the download before Go, and from the cache from then on', async () => {
    await aProgram('bin/go', aGo(calls));
    const download = async (target: string) => {
      await writeFile(target, aTemporal, { mode: 0o755 });
    };
    expect(await resolve({ download })).toEqual({ path: cached(), from: 'download' });
    expect(await resolve()).toEqual({ path: cached(), from: 'cache' });
    expect(await goCalls()).toEqual([]);
  });

  test('the Temporal CLI is taken from Go when the download is refused', async () => {
    await aProgram('bin/go', aGo(calls));
    expect(await resolve()).toEqual({ path: cached(), from: 'go' });
    expect(await goCalls()).toEqual([
      `install -v -ldflags -s -w github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`,
    ]);
  });

  test('the Temporal CLI is taken from Go when the downloaded one does not run', async () => {
    await aProgram('bin/go', aGo(calls));
    const download = (target: string) => writeFile(target, '<html>not here</html>', { mode: 0o755 });
    expect((await resolve({ download })).from).toBe('go');
  });
});

describe('a program called temporal', () => {
  test('a program called temporal that is something else is passed over on the PATH, with a warning', async () => {
    await aProgram('bin/temporal', '#!/bin/sh\necho "a clock"\n');
    await aProgram(cached().slice(root.length), aTemporal);
    expect((await resolve()).from).toBe('cache');
    expect(messages.join()).toContain('a clock');
  });

  test('a program that TEMPORAL_CLI names and that does not run is an error, not a reason to look elsewhere', async () => {
    await aProgram('bin/temporal', aTemporal);
    await expect(resolve({ env: { TEMPORAL_CLI: join(root, 'gone') } })).rejects.toMatchObject({
      code: 'temporal_cli_unusable',
      message: expect.stringContaining(join(root, 'gone')),
    });
  });
});

describe('building', () => {
  test('building is done once for processes that ask at the same time, and the others say what they wait for', async () => {
    await aProgram('bin/go', aGo(calls));
    const found = await Promise.all([resolve(), resolve(), resolve()]);
    expect(await goCalls()).toHaveLength(1);
    expect(found.map(({ path }) => path)).toEqual([cached(), cached(), cached()]);
    expect(found.map(({ from }) => from).sort()).toEqual(['cache', 'cache', 'go']);
    expect(messages.filter((line) => line.includes('waiting for another process'))).toHaveLength(2);
  });

  test('building that fails leaves nothing in the cache and is tried again the next time', async () => {
    await aProgram(
      'bin/go',
      '#!/bin/sh\n[ "$1" = version ] && echo go1.26.8 && exit 0\necho "no space left" >&2\nexit 1\n',
    );
    await expect(resolve()).rejects.toThrow(/no space left/);
    await aProgram('bin/go', aGo(calls));
    expect((await resolve()).from).toBe('go');
  });

  test('building is not tried with a Go that is too old', async () => {
    await aProgram('bin/go', aGo(calls, 'go1.24.9'));
    await expect(resolve()).rejects.toThrow(/Go 1.25 or newer is needed, and here is go version go1.24.9/);
    expect(await goCalls()).toEqual([]);
  });
});

test('the error without any CLI says what was tried and names every way out', async () => {
  const error = await resolve().then(
    () => expect.unreachable(),
    (err: AppError) => err,
  );
  expect(error.code).toBe('temporal_cli_not_found');
  expect(error.message).toContain('the network is not there');
  expect(error.message).toContain('Go is not installed');
  for (const way of ['TEMPORAL_CLI', 'PATH', 'temporal.download', 'Go 1.25', 'TEMPORAL_ADDRESS']) {
    expect(error.advice).toContain(way);
  }
});
