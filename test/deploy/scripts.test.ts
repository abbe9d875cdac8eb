import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

test.each(scripts)('the script %s is shell that every sh understands, and stops at its first error', (script) => {
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

test.each(['head', 'base64', 'od'])('the script makes no secret without %s, and fails', (missing) => {
  cpSync(join(root, 'deploy/compose/make-secrets.sh'), join(folder, 'make-secrets.sh'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['head', 'base64', 'od', 'tr', 'date', 'dirname', 'mkdir', 'chmod', 'rm', 'cat']) {
    if (name !== missing) symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  }
  const { status, stderr } = spawnSync('/bin/sh', [join(folder, 'make-secrets.sh')], {
    encoding: 'utf8',
    env: { PATH: bin },
  });
  expect({ status, stderr }).toEqual({
    status: 69,
    stderr: `${missing} is needed to make secrets, and is not installed.\n`,
  });
  expect(existsSync(join(folder, 'secrets'))).toBe(false);
});

test('the script makes no secret from a random source that gives nothing', () => {
  cpSync(join(root, 'deploy/compose/make-secrets.sh'), join(folder, 'make-secrets.sh'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'head'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const { status, stderr } = spawnSync('/bin/sh', [join(folder, 'make-secrets.sh')], {
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH']}` },
  });
  expect(status).toBe(74);
  expect(stderr).toContain('Nothing was written');
  expect(existsSync(join(folder, 'secrets'))).toBe(false);
});

test('the files that are mounted into containers can be read there, also from a checkout that is closed to others', () => {
  for (const name of readdirSync(join(root, 'deploy/compose'), { withFileTypes: true })) {
    if (name.isFile()) cpSync(join(root, 'deploy/compose', name.name), join(folder, name.name));
    if (name.isFile()) chmodSync(join(folder, name.name), 0o600);
  }
  execFileSync('sh', [join(folder, 'make-secrets.sh')]);
  for (const name of ['Caddyfile', 'make-databases.sh', 'temporal-server.sh', 'temporal-limits.yaml']) {
    expect(statSync(join(folder, name)).mode & 0o444, name).toBe(0o444);
  }
});

test('a database is not made with an empty password', () => {
  for (const owner of ['lahetti', 'temporal']) writeFileSync(join(folder, `${owner}_database_password`), '');
  const { status, stderr } = spawnSync('sh', [join(root, 'deploy/compose/make-databases.sh')], {
    encoding: 'utf8',
    env: { ...process.env, SECRETS: folder },
  });
  expect(status).toBe(1);
  expect(stderr).toContain('The password of lahetti is empty');
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
