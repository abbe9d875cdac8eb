import { readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number where the system lets us (Linux). */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks between boot and the start of the process, from /proc/<pid>/stat; absent elsewhere. */
  startedAt?: string;
}

/** Who runs under `pid` now, or undefined if nobody does. A zombie is nobody: it is dead and only waits to be reaped. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    process.kill(pid, 0);
  } catch (err) {
    // EPERM: it is there and belongs to somebody else.
    if ((err as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  if (process.platform !== 'linux') return { pid };
  try {
    // The second field is the program's name in brackets and may hold anything: count from the last bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const startedAt = fields[18]; // field 22 of proc(5)
    return startedAt === undefined ? { pid } : { pid, startedAt };
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : { pid };
  }
}

/** Whether `pid` has ended and was not reaped by its parent: it can still be signalled. */
export function isZombie(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return identify(pid) === undefined;
}

/** Whether exactly this process still runs. */
export function isAlive(recorded: ProcessIdentity): boolean {
  const now = identify(recorded.pid);
  return now !== undefined && (recorded.startedAt ?? now.startedAt) === now.startedAt;
}

export const sameProcess = (a: ProcessIdentity, b: ProcessIdentity): boolean =>
  a.pid === b.pid && a.startedAt === b.startedAt;
