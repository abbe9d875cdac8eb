import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { tryLimits } from '../../src/health/try-limits.ts';
import { compose, dockerfileStages, ours, read, root, services } from './files.ts';

test('the compose file is valid by the specification of Compose', () => {
  const { $schema: _, ...schema } = JSON.parse(read('test/deploy/compose-spec/compose-spec.json')) as object & {
    $schema: string;
  };
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  validate(compose);
  expect(validate.errors ?? []).toEqual([]);
});

test.each(services)(
  'the service %s is pinned to a version, bounded, and has only the rights that it needs',
  (name, service) => {
    expect(service.image).toMatch(/:(\d+\.\d+(\.\d+)?(-\w+)?|\$\{LAHETTI_VERSION:-\d+\.\d+\.\d+\})$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.read_only).toBe(name !== 'temporal-ui');
    expect(service.deploy?.resources.limits).toEqual({
      cpus: expect.any(String),
      memory: expect.stringMatching(/^\d+[MG]$/),
      pids: expect.any(Number),
    });
  },
);

test.each(services)('the service %s depends on, mounts and joins only what the compose file defines', (_, service) => {
  for (const name of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty(name);
  for (const name of service.networks ?? []) expect(compose.networks).toHaveProperty(name);
  for (const name of service.secrets ?? []) expect(compose.secrets).toHaveProperty(name);
  for (const mount of service.volumes ?? []) {
    const [source] = mount.split(':') as [string];
    if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true);
    else expect(compose.volumes).toHaveProperty(source);
  }
});

test.each(services)(
  'the service %s mounts single files, so that no folder with secrets is mounted with them',
  (_, service) => {
    const files = (service.volumes ?? [])
      .map((mount) => mount.split(':')[0]!)
      .filter((source) => source.startsWith('.'));
    for (const file of files) expect(statSync(join(root, file)).isFile(), file).toBe(true);
    const prepared = /^for file in (.+); do$/m.exec(read('deploy/compose/make-secrets.sh'))![1]!.split(' ');
    for (const file of files) expect(prepared, 'made readable by make-secrets.sh').toContain(basename(file));
  },
);

test('each image is built by one service alone, and the others wait for it instead of looking for it elsewhere', () => {
  const built = services.filter(([, { build }]) => build);
  expect(new Set(built.map(([, { image }]) => image)).size).toBe(built.length);
  for (const [name, { image, build, pull_policy }] of services) {
    const builder = built.find(([, other]) => other.image === image);
    if (builder && !build) expect(pull_policy, name).toBe('never');
  }
});

test('the stand-ins keep their state over a restart', () => {
  const folder = /SANDBOX_STATE_DIR=(\S+)/.exec(
    dockerfileStages()
      .get('sandbox')!
      .find(({ name }) => name === 'ENV')!.rest,
  )![1]!;
  expect(compose.services['sandbox']!.volumes).toEqual([`sandbox-state:${folder}`]);
  expect(compose.services['sandbox']!.environment).not.toHaveProperty('SANDBOX_STATE_DIR');
});

test('the database counts as healthy once our own database answers a query to our own password', () => {
  const probe = compose.services['postgres']!.healthcheck!.test.join(' ');
  expect(probe).toContain('/run/secrets/lahetti_database_password');
  expect(probe).toMatch(/psql .*-h 127\.0\.0\.1 -U lahetti -d lahetti -c 'select 1'/);
});

test('the proxy logs no path and no header, and holds a webhook while the API restarts', () => {
  const [, options, site] = /^\{\n([\s\S]*?)^\}\n([\s\S]*)$/m.exec(read('deploy/compose/Caddyfile'))!;
  for (const field of ['request>uri', 'request>headers']) expect(options).toContain(`${field} delete`);
  // Its access log has no format of its own, or that would go first.
  expect(site).toMatch(/^\tlog$/m);
  expect(site).not.toContain('format');
  for (const line of ['lb_try_duration 15s', 'lb_try_interval 250ms']) expect(site).toContain(line);
  // What is buffered is bounded, in size and time: a stranger could fill the proxy's memory otherwise.
  const webhooks = /handle \/webhooks\/\* \{([\s\S]*?)^\t\}/m.exec(site!)![1]!;
  expect(webhooks).toContain('max_size 256KiB');
  expect(webhooks).toContain('request_buffers 256KiB');
  expect(site!.match(/request_buffers/g)).toHaveLength(1);
  expect(options).toContain('read_body 30s');
});

test('databases and engine cannot be reached from outside, and the UI only from this machine', () => {
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

/** Every variable that .env.example explains. */
const explained = [...read('.env.example').matchAll(/^#?([A-Z][A-Z_0-9]+)=/gm)].map(([, name]) => name!);

test.each(ours)(
  'the service %s gets all that .env.example explains, and starts as production with nothing set',
  (_, service) => {
    expect(explained.length).toBeGreaterThan(30);
    expect(service.env_file).toEqual([{ path: '.env', required: false }]);
    const inFiles = /for name in ([A-Z_ ]+);/.exec(read('deploy/image/entrypoint.sh'))![1]!.split(' ');
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      const plain = name.replace(/_FILE$/, '');
      expect(explained).toContain(plain);
      if (plain !== name) {
        expect(inFiles).toContain(plain);
        expect(compose.secrets).toHaveProperty(value.replace('/run/secrets/', ''));
      } else env[name] = withDefaults(value);
    }
    const fromFiles = {
      DATABASE_URL: 'postgres://lahetti:secret@postgres:5432/lahetti',
      LAHETTI_SECRET_KEYS: `2026:${randomBytes(32).toString('base64')}`,
    };
    expect(loadConfig({ ...env, ...fromFiles })).toMatchObject({ production: true, speed: 1 });
  },
);

test('the variables of .env are overridden only where they would break the connections between containers', () => {
  const fixed = Object.entries(compose.services['api']!.environment!).flatMap(([name, value]) =>
    value.includes(`\${${name}`) ? [] : [name.replace(/_FILE$/, '')],
  );
  expect(fixed.sort()).toEqual([
    'DATABASE_URL',
    'HTTP_HOST',
    'HTTP_PORT',
    'LAHETTI_METRICS_HOST',
    'LAHETTI_METRICS_PORT',
    'LAHETTI_SECRET_KEYS',
    'LAHETTI_TRUSTED_PROXIES',
    'LAHETTI_WORKFLOW_BUNDLE',
  ]);
});

test('every variable that the compose file reads is explained, there or in .env.example', () => {
  const named = new Set([...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!));
  const texts = read('deploy/compose/env.example') + read('.env.example');
  const missing = [...named].filter((name) => !texts.includes(`${name}=`));
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

test('every published port is one that its service listens on', () => {
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

test('a worker is given longer to stop than a booking in progress may take', () => {
  // src/main/worker-part.ts: the engine's grace is the HTTP limit and 5 s, its force time 5 s more.
  const { httpMs } = tryLimits(loadConfig({}).httpTimeoutMs);
  const seconds = Number.parseInt(compose.services['worker-1']!.stop_grace_period!);
  expect(seconds * 1_000).toBeGreaterThan(httpMs + 10_000 + 15_000);
  expect(compose.services['worker-2']).toEqual(compose.services['worker-1']);
});
