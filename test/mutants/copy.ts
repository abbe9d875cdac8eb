import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';

/** What a test does not read: left out, so that the copy is made in a moment. */
const leftOut = new Set(['node_modules', '.git', '.mutants', 'dist', 'coverage', 'bench/results']);

export interface Copy {
  readonly folder: string;
  remove(): void;
}

/** A copy of the code in a temporary folder, with the same packages. What is done to it does nothing to the code. */
export function copyOfTheCode(root: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'lahetti-mutants-'));
  cpSync(root, folder, {
    recursive: true,
    filter: (path) => !leftOut.has(relative(root, path)) && !basename(path).startsWith('.lahetti'),
  });
  symlinkSync(resolve(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
