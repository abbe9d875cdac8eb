import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, loadConfig } from '../../src/config.ts';

const key = randomBytes(32).toString('base64');
const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://lahetti:hunter2@db/lahetti',
  TEMPORAL_ADDRESS: 'temporal:7233',
  LAHETTI_SECRET_KEYS: `k1:${key}`,
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  test('the configuration needs nothing on your own machine: both engines are embedded', () => {
    const config = loadConfig({});
    expect(config.database.url).toBeNull();
    expect(config.temporal.address).toBeNull();
    expect(config.secretKeys).toBeNull();
    expect(config.http).toEqual({ host: '127.0.0.1', port: 8080, publicUrl: null });
  });

  test('the configuration limits requests to the API unless told not to, and trusts no proxy', () => {
    expect(loadConfig({}).api).toEqual({ trustedProxies: [], limits: { perToken: 1_200, perAddress: 3_000 } });
    const { api } = loadConfig({ LAHETTI_API_PER_MINUTE: '0', LAHETTI_TRUSTED_PROXIES: '10.0.0.0/8, ::1, loopback' });
    expect(api).toMatchObject({ trustedProxies: ['10.0.0.0/8', '::1', 'loopback'], limits: { perToken: null } });
    expect(problemsOf({ LAHETTI_TRUSTED_PROXIES: 'proxy.example' }).join()).toMatch(/LAHETTI_TRUSTED_PROXIES/);
  });

  test('the configuration treats an empty variable as one that is not set', () => {
    expect(loadConfig({ DATABASE_URL: '', HTTP_PORT: '' }).http.port).toBe(8080);
  });

  test('the configuration reports all its problems at once', () => {
    const problems = problemsOf({ HTTP_PORT: '99999', LOG_LEVEL: 'loud', PUBLIC_URL: 'not a url' }).join('\n');
    expect(problems).toMatch(/HTTP_PORT/);
    expect(problems).toMatch(/LOG_LEVEL/);
    expect(problems).toMatch(/PUBLIC_URL/);
  });

  test('the configuration of production is complete or refused', () => {
    expect(problemsOf(production)).toEqual([]);
    const problems = problemsOf({ NODE_ENV: 'production', LAHETTI_SPEED: '60' });
    expect(problems).toHaveLength(4);
    for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'LAHETTI_SECRET_KEYS', 'LAHETTI_SPEED']) {
      expect(problems.join('\n')).toContain(name);
    }
  });

  test.each([
    'BIGCOMMERCE_API_URL',
    'POSTI_AUTH_URL',
    'POSTI_GATEWAY_URL',
    'POSTI_TRACKING_URL',
    'POSTI_TRACKING_AUTH_URL',
  ])(
    'the configuration allows plain http for tokens and secrets only to this machine, or to a host that is said to be a stand-in (%s)',
    (name) => {
      for (const here of [
        'http://127.0.0.1:4020',
        'http://localhost:4020',
        'http://[::1]:4020',
        'https://posti.example',
      ])
        expect(problemsOf({ [name]: here })).toEqual([]);
      for (const there of ['http://posti.example', 'http://10.0.0.7:4020', 'http://127.0.0.1.example.com'])
        expect(problemsOf({ [name]: there }).join()).toContain(`${name} has to begin with https://`);
      expect(problemsOf({ [name]: 'http://sandbox:4020', LAHETTI_PLAIN_HTTP_HOSTS: 'sandbox:4020' })).toEqual([]);
      expect(problemsOf({ [name]: 'http://sandbox:4021', LAHETTI_PLAIN_HTTP_HOSTS: 'sandbox:4020' })).toHaveLength(1);
    },
  );

  test.each(['LAHETTI_SPEED', 'LAHETTI_POLL_SPEED'])(
    'the configuration lets a rehearsal of production run fast only against a stand-in on the same machine (%s)',
    (name) => {
      const fast = { ...production, [name]: '60' };
      expect(problemsOf({ ...fast, POSTI_TRACKING_URL: 'http://127.0.0.1:4020/tracking/7' })).toEqual([]);
      expect(problemsOf({ ...fast, POSTI_TRACKING_URL: 'https://127.0.0.1.example.com' }).join()).toContain(name);
    },
  );

  test('the configuration is refused where a port is for an engine that is not embedded', () => {
    expect(problemsOf({ ...production, LAHETTI_TEMPORAL_PORT: '7233' }).join()).toContain('contradicts');
  });

  test('the configuration never repeats the value of a secret in its message', () => {
    const message = problemsOf({
      ...production,
      DATABASE_URL: 'mysql://lahetti:hunter2@db',
      LAHETTI_SECRET_KEYS: 'k1:tooshortbutsecret',
    }).join('\n');
    expect(message).toContain('DATABASE_URL');
    expect(message).toContain('LAHETTI_SECRET_KEYS');
    expect(message).not.toMatch(/hunter2|tooshortbutsecret/);
  });
});

describe('.env.example', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const explained = [...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map((match) => match[1]!);
  const source = readFileSync(new URL('../../src/config.ts', import.meta.url), 'utf8');
  const schema = /z\.object\(\{([\s\S]*?)\n\}\)/.exec(source)?.[1] ?? '';
  const known = [...schema.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map((match) => match[1]!);

  test('the file .env.example explains each variable that exists, and no other', () => {
    expect(known.length).toBeGreaterThan(20);
    expect([...explained].sort()).toEqual([...known].sort());
  });

  test('the file .env.example shows the values that hold when nothing is set', () => {
    const shown = [...example.matchAll(/^#([A-Z][A-Z_]+)=(.+)$/gm)].filter(
      ([, name]) => name !== 'LAHETTI_SECRET_KEYS',
    );
    const { env: _shownEnv, ...asShown } = loadConfig(
      Object.fromEntries(shown.map(([, name, value]) => [name!, value!])),
    );
    const { env: _noEnv, ...byDefault } = loadConfig({});
    expect(asShown).toEqual(byDefault);
  });
});

describe('a key that encrypts tokens', () => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const weak: [string, string][] = [
    ['the zeros of an example', base64(Buffer.alloc(32))],
    ['one letter again and again', base64(Buffer.alloc(32, 'a'))],
    ['a sequence', base64(Uint8Array.from({ length: 32 }, (_, i) => i))],
    ['a pass phrase', base64(Buffer.from('correct horse battery staple 123'))],
    ['few bytes in turn', base64(Uint8Array.from({ length: 32 }, (_, i) => [200, 3, 91, 44][i % 4]!))],
  ];

  test.each(weak)('an encryption key is refused where it is not random: %s', (_, text) => {
    for (const env of [production, {}]) {
      const problems = problemsOf({ ...env, LAHETTI_SECRET_KEYS: `2026a:${text}` });
      expect(problems).toEqual([expect.stringMatching(/^LAHETTI_SECRET_KEYS .*"2026a".*randomBytes/)]);
      expect(problems.join()).not.toContain(text);
    }
  });

  test('an encryption key that is not random may stand behind a random one while it is replaced', () => {
    expect(problemsOf({ LAHETTI_SECRET_KEYS: `new:${key},old:${weak[0]![1]}` })).toEqual([]);
  });

  test('an encryption key is never refused where it is random', () => {
    for (let i = 0; i < 2_000; i++) {
      expect(problemsOf({ LAHETTI_SECRET_KEYS: `k:${randomBytes(32).toString('base64')}` })).toEqual([]);
    }
  });

  test('a key that signs notices is checked like an encryption key', () => {
    const notices = { LAHETTI_NOTICE_URL: 'https://hooks.example', LAHETTI_NOTICE_SECRET: `whsec_${weak[0]![1]}` };
    expect(problemsOf(notices).join()).toMatch(/LAHETTI_NOTICE_SECRET has to be a random key/);
  });

  test('an encryption key is not given in .env.example, where it would be left in use', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const value = /^#LAHETTI_SECRET_KEYS=(.*)$/m.exec(example)![1]!;
    expect(problemsOf({ LAHETTI_SECRET_KEYS: value }).join()).toMatch(/id:key/);
  });
});
