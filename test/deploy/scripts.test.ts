import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { root } from './files.ts';

const scripts = ['deploy/compose', 'deploy/image'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.sh'))
    .map((name) => join(folder, name)),
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lahetti-scripts-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

test.each(scripts)('%s is shell that every sh understands, and stops at its first error', (script) => {
  const { status, stderr } = spawnSync('sh', ['-n', join(root, script)], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readFileSync(join(root, script), 'utf8')).toMatch(/^set -eu$/m);
});

test('secrets are made once, readable in containers, closed to others outside, and fit the configuration', () => {
  cpSync(join(root, 'deploy/compose/make-secrets.sh'), join(folder, 'make-secrets.sh'));
  const make = () => execFileSync('sh', [join(folder, 'make-secrets.sh')], { encoding: 'utf8' });
  const secret = (name: string) => readFileSync(join(folder, 'secrets', name), 'utf8');
  expect(make()).toContain('lahetti_secret_keys: made');
  const [url, keys] = [secret('database_url'), secret('lahetti_secret_keys')];
  expect(loadConfig({ DATABASE_URL: url, LAHETTI_SECRET_KEYS: keys })).toMatchObject({ secretKeys: keys });
  expect(url).toContain(secret('lahetti_database_password'));

  expect(make()).toContain('lahetti_secret_keys: is there already');
  expect(secret('lahetti_secret_keys')).toBe(keys);
  expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'secrets/database_url')).mode & 0o777).toBe(0o444);
});

const entrypoint = (env: Record<string, string>) =>
  spawnSync('sh', [join(root, 'deploy/image/entrypoint.sh'), 'env'], { env: { PATH: process.env['PATH'], ...env } });

test('a program in a container finds secrets in its environment that lie in files', () => {
  const file = join(folder, 'database_url');
  writeFileSync(file, 'postgres://a:b%20$c@d/e\n');
  const { status, stdout } = entrypoint({ DATABASE_URL_FILE: file, HTTP_PORT: '8080' });
  expect(status).toBe(0);
  const seen = stdout.toString().split('\n');
  expect(seen).toContain('DATABASE_URL=postgres://a:b%20$c@d/e');
  expect(seen).toContain('HTTP_PORT=8080');
  expect(stdout.toString()).not.toContain('_FILE');
});

test('a secret that cannot be read ends the container with the code of a wrong configuration', () => {
  const { status, stderr } = entrypoint({ LAHETTI_SECRET_KEYS_FILE: join(folder, 'missing') });
  expect(status).toBe(78);
  expect(stderr.toString()).toContain('LAHETTI_SECRET_KEYS_FILE');
});
