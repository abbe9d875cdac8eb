import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/config.ts';
import { envFileInWords, readEnvFile } from '../../src/env-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lahetti-env-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Reads such a file into such an environment. */
function read(text: string, env: NodeJS.ProcessEnv = {}) {
  writeFileSync(join(folder, '.env'), text, { mode: 0o600 });
  return { env, file: readEnvFile({ env, folder })! };
}

function problemsOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return '';
}

describe('a file .env', () => {
  test('a file .env in the working directory is taken into the environment, and the log says which file it was', () => {
    const { env, file } = read(
      'POSTI_AUTH_URL=https://gateway-auth.demo.posti.fi\nHTTP_PORT = 8123 # beside the demo\n',
    );
    expect(env).toEqual({ POSTI_AUTH_URL: 'https://gateway-auth.demo.posti.fi', HTTP_PORT: '8123' });
    expect(envFileInWords(file)).toBe(`2 variables read from ${join(folder, '.env')}`);
  });

  test('a file .env overrides nothing that is set already, not even what is set to nothing', () => {
    const { env, file } = read('HTTP_PORT=8123\nDATABASE_URL=postgres://elsewhere/lahetti\n', {
      HTTP_PORT: '9000',
      DATABASE_URL: '',
    });
    expect(env).toEqual({ HTTP_PORT: '9000', DATABASE_URL: '' });
    expect(envFileInWords(file)).toContain('DATABASE_URL, HTTP_PORT were set already and stay as set');
  });

  test('a file .env may be missing, but one that is named must exist', () => {
    expect(readEnvFile({ env: {}, folder })).toBeNull();
    expect(() => readEnvFile({ env: { LAHETTI_ENV_FILE: 'production.env' }, folder })).toThrow(
      /production\.env: it is not there/,
    );
  });

  test('a file .env is not read where LAHETTI_ENV_FILE says none', () => {
    expect(read('HTTP_PORT=8123', { LAHETTI_ENV_FILE: 'none' }).file).toBeNull();
  });

  test('another file can be named by LAHETTI_ENV_FILE', () => {
    writeFileSync(join(folder, 'other'), 'HTTP_PORT=8124', { mode: 0o600 });
    const { env } = read('HTTP_PORT=8123', { LAHETTI_ENV_FILE: 'other' });
    expect(env['HTTP_PORT']).toBe('8124');
  });

  test('a file .env may begin with a byte order mark and have the line ends of Windows', () => {
    expect(read('\uFEFFHTTP_PORT=8123\r\nLOG_LEVEL=warn\r\n').env).toEqual({ HTTP_PORT: '8123', LOG_LEVEL: 'warn' });
  });

  test('a file .env is refused where a line would swallow the next, or a # would cut a value off', () => {
    expect(problemsOf('LAHETTI_SPEED 5\nHTTP_PORT=8123\n')).toContain(
      '"LAHETTI_SPEED 5" is not a line like NAME=value',
    );
    expect(problemsOf('DATABASE_URL=postgres://a:b#c@db/lahetti\n')).toContain(
      'The value of DATABASE_URL has a # in it',
    );
    expect(
      problemsOf('DATABASE_URL="postgres://a:b#c@db/lahetti" # the one in Espoo\nLOG_LEVEL=info # not debug\n'),
    ).toBe('');
  });

  test('a file .env with a misspelled name, or with secrets that others can read, is read with a warning', () => {
    expect(read('LAHETTI_SPED=5\nPATH_OF_MINE=x').file.doubts).toEqual([
      expect.stringContaining('LAHETTI_SPED') as string,
    ]);
    writeFileSync(join(folder, '.env'), 'LAHETTI_NOTICE_SECRET=whsec_x');
    chmodSync(join(folder, '.env'), 0o644);
    const { doubts } = readEnvFile({ env: {}, folder })!;
    expect(doubts.join()).toMatch(/LAHETTI_NOTICE_SECRET: chmod 600/);
    expect(doubts.join()).not.toContain('whsec_x');
  });
});

const root = fileURLToPath(new URL('../..', import.meta.url));

test('.env.example is understood line by line, also with every comment sign before a variable taken away', () => {
  const text = readFileSync(join(root, '.env.example'), 'utf8').replaceAll(/^#([A-Z_]+=)/gm, '$1');
  expect(problemsOf(text)).toBe('');
  expect(read(text).file.doubts.filter((doubt) => doubt.includes('no variable of ours'))).toEqual([]);
});

test('no program that a test starts reads the .env of whoever runs the tests', () => {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const careless = files.filter((file) => {
    const text = readFileSync(join(root, 'test', file), 'utf8');
    const starts =
      /(spawn|execFile)\)?\(process\.execPath/.test(text) &&
      /src\/main\/(api|worker|serve|cli|\$\{program\})\.ts/.test(text);
    // `help` opens nothing.
    return starts && !/programEnv|'help'/.test(text);
  });
  expect(careless).toEqual([]);
});

describe('every program that carries orders or asks about them', () => {
  test.each(['api', 'worker', 'serve', 'cli'])(
    'every program that handles orders reads .env before anything else and names it (%s)',
    async (program) => {
      writeFileSync(join(folder, '.env'), 'HTTP_PORT=99999\n');
      const script = join(root, 'src/main', `${program}.ts`);
      const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, 'stores'], {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '', LAHETTI_STATE_DIR: join(folder, 'state') },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const [complaint, [exitCode]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
      expect(complaint).toContain(`1 variable read from ${join(folder, '.env')}`);
      expect(complaint).toContain('HTTP_PORT');
      expect(exitCode).toBe(78);
    },
  );
});
