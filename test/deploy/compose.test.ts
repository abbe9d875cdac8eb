import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { tryLimits } from '../../src/health/try-limits.ts';
import { compose, dockerfileStages, ours, read, root, services } from './files.ts';

test('the compose file is one, by the specification of Compose', () => {
  const { $schema: _, ...schema } = JSON.parse(read('test/deploy/compose-spec/compose-spec.json')) as object & {
    $schema: string;
  };
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  validate(compose);
  expect(validate.errors ?? []).toEqual([]);
});

test.each(services)('%s is pinned to a version, bounded, and may do no more than it has to', (name, service) => {
  expect(service.image).toMatch(/:(\d+\.\d+(\.\d+)?(-\w+)?|\$\{LAHETTI_VERSION:-\d+\.\d+\.\d+\})$/);
  expect(service.cap_drop).toEqual(['ALL']);
  expect(service.security_opt).toContain('no-new-privileges:true');
  expect(service.read_only).toBe(name !== 'temporal-ui');
  expect(service.deploy?.resources.limits).toEqual({
    cpus: expect.any(String),
    memory: expect.stringMatching(/^\d+[MG]$/),
    pids: expect.any(Number),
  });
});

test.each(services)('%s depends on, mounts and joins what there is', (_, service) => {
  for (const name of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty(name);
  for (const name of service.networks ?? []) expect(compose.networks).toHaveProperty(name);
  for (const name of service.secrets ?? []) expect(compose.secrets).toHaveProperty(name);
  for (const mount of service.volumes ?? []) {
    const [source] = mount.split(':') as [string];
    if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true);
    else expect(compose.volumes).toHaveProperty(source);
  }
});

test('databases and engine are out of reach from outside, and the UI is for this machine alone', () => {
  for (const name of ['postgres', 'temporal']) {
    expect(compose.services[name]).not.toHaveProperty('ports');
    expect(compose.services[name]!.networks).toEqual(['inside']);
  }
  expect(compose.networks['inside']).toEqual({ internal: true });
  const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
  for (const [name, port] of published) if (name !== 'proxy') expect(port).toMatch(/^127\.0\.0\.1:/);
});

/** Compose's own substitution, for values that are set nowhere: `${NAME:-default}`, nested as deep as it goes. */
function withDefaults(value: string): string {
  const once = value.replace(/\$\{\w+:-((?:[^${}]|\$\{[^}]*\})*)\}/g, '$1');
  return once === value ? value : withDefaults(once);
}

test.each(ours)('%s gets only variables that we know, and they make a configuration for production', (_, service) => {
  const known = new Set([...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name));
  const inFiles = /for name in ([A-Z_ ]+);/.exec(read('deploy/image/entrypoint.sh'))![1]!.split(' ');
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(service.environment ?? {})) {
    const plain = name.replace(/_FILE$/, '');
    if (plain !== name) {
      expect(inFiles).toContain(plain);
      expect(compose.secrets).toHaveProperty(value.replace('/run/secrets/', ''));
      continue;
    }
    expect(known).toContain(name);
    env[name] = withDefaults(value);
  }
  const fromFiles = {
    DATABASE_URL: 'postgres://lahetti:secret@postgres:5432/lahetti',
    LAHETTI_SECRET_KEYS: `2026:${Buffer.alloc(32).toString('base64')}`,
  };
  expect(loadConfig({ ...env, ...fromFiles })).toMatchObject({ production: true, speed: 1 });
});

test('what may be set in .env is explained, there or in .env.example', () => {
  const text = read('docker-compose.yml');
  const named = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!));
  const explained = read('deploy/compose/env.example') + read('.env.example');
  const missing = [...named].filter((name) => !explained.includes(`${name}=`));
  expect(missing).toEqual(['LAHETTI_VERSION']);
});

test('no secret has a value in the file, and make-secrets.sh makes each of them', () => {
  const made = [...read('deploy/compose/make-secrets.sh').matchAll(/^keep (\w+) /gm)].map(([, name]) => name);
  expect(made.sort()).toEqual(Object.keys(compose.secrets).sort());
  for (const [, { environment = {} }] of services) {
    for (const [name, value] of Object.entries(environment)) {
      if (/PASSWORD|SECRET|_PWD|KEYS/.test(name)) expect(value).toMatch(/^\/run\/secrets\//);
    }
  }
});

test('every port is the one that somebody listens on', () => {
  const image = dockerfileStages().get('application')!;
  const env = image.find(({ name }) => name === 'ENV')!.rest;
  const port = /HTTP_PORT=(\d+)/.exec(env)![1]!;
  const metrics = /LAHETTI_METRICS_PORT=(\d+)/.exec(env)![1]!;
  expect(image.find(({ name }) => name === 'EXPOSE')!.rest).toBe(`${port} ${metrics}`);
  expect(image.find(({ name }) => name === 'HEALTHCHECK')!.rest).toContain(`:${port}/`);
  expect(read('deploy/compose/Caddyfile')).toContain(`api:${port}`);
  expect(compose.services['api']!.healthcheck!.test.join()).toContain(`:${port}/readyz`);
  for (const name of ['worker-1', 'worker-2']) {
    expect(compose.services[name]!.healthcheck!.test.join()).toContain(`:${metrics}/livez`);
  }
});

test('a worker is given longer to stop than a booking that is out may take', () => {
  // src/main/worker-part.ts: the engine's grace is the HTTP limit and 5 s, its force time 5 s more.
  const { httpMs } = tryLimits(loadConfig({}).httpTimeoutMs);
  const seconds = Number.parseInt(compose.services['worker-1']!.stop_grace_period!);
  expect(seconds * 1_000).toBeGreaterThan(httpMs + 10_000 + 15_000);
  expect(compose.services['worker-2']).toEqual(compose.services['worker-1']);
});
