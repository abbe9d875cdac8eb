import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes the folder of the embedded engines if it is missing, closed to others: orders lie in it. Gives its full path. */
export function openStateDir(stateDir: string): string {
  const path = resolve(stateDir);
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
