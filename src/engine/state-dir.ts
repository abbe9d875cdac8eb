import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Makes the folder of the embedded engines if it is missing, closed to others: orders lie in it. Gives its full path. */
export function openStateDir(stateDir: string): string {
  const path = resolve(stateDir);
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/** What the demo remembers, and by which its folder is told from one of a system of somebody's own. */
export const demoFile = 'demo.json';

/** Whether the demo has used this folder. */
export const isOfDemo = (stateDir: string): boolean => existsSync(join(stateDir, demoFile));
