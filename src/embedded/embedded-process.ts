import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import { took } from '../took.ts';
import { isFree } from './free-port.ts';
import { identify, isAlive, sameProcess, type ProcessIdentity } from './process-identity.ts';
import { withProcessLock } from './process-lock.ts';

export type EngineLog = Pick<Logger, 'info' | 'warn'>;

/** How to run one kind of engine. `Ports` is what a process that finds the engine running must know to reach it. */
export interface EngineSpec<Ports extends Record<string, number>> {
  /** Names the files in the state folder: `<name>.json`, `<name>.log`, `<name>.lock`. */
  name: string;
  /** What people call it. */
  title: string;
  /** What a person sets to have another port. */
  portVariables: Readonly<Record<keyof Ports, string>>;
  /** From openStateDir. */
  stateDir: string;
  log: EngineLog;
  /**
   * What to run. Called again when the engine does not come up, since a free port may be taken meanwhile, and what is left
   * of a killed engine may still be on its way out.
   *
   * @param kept the ports of the last start, where they are free: what people have bookmarked, and other processes hold
   */
  command(kept: Ports | undefined): Promise<EngineCommand<Ports>>;
  /** Whether the engine at these ports is ours and serves. Must not throw. */
  answers(ports: Ports): Promise<boolean>;
  /** How long an engine that was started may take until it serves. */
  readyLimitMs: number;
  /** How long to wait while another process starts it, which includes getting the program. */
  lockLimitMs: number;
  stopSignals: readonly { signal: NodeJS.Signals; waitMs: number }[];
  /** Starts the engine again where it dies while we use it, at the same ports. Looks that often. Left out: never. */
  restartEveryMs?: number;
}

export interface EngineCommand<Ports> {
  file: string;
  args: string[];
  ports: Ports;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

export interface SharedEngine<Ports> {
  ports: Ports;
  /** Whether this process started the engine, or adopted one whose users had all died. */
  owned: boolean;
  /** Lets go of the engine; the last one to let go stops it, and returns when it has ended. */
  stop(): Promise<void>;
}

interface EngineRecord<Ports> extends ProcessIdentity {
  ports: Ports;
  /** The processes that use the engine. The dead among them are struck out by whoever reads the record next. */
  users: ProcessIdentity[];
}

/**
 * Finds the engine that runs for this state folder, or starts it.
 *
 * The engine is a session of its own, so that a terminal's Ctrl-C reaches us and not it, and we decide the order of the
 * shutdown. Processes side by side share it. Its record says who uses it: the last one to leave stops it, and what a
 * killed process left running is adopted by the next start.
 */
export async function shareEngine<Ports extends Record<string, number>>(
  spec: EngineSpec<Ports>,
): Promise<SharedEngine<Ports>> {
  const desk = new RecordDesk<Ports>(join(spec.stateDir, `${spec.name}.json`));
  const me = identify(process.pid) ?? { pid: process.pid };
  const locked = <T>(work: () => Promise<T>) =>
    withProcessLock(
      join(spec.stateDir, `${spec.name}.lock`),
      {
        limitMs: spec.lockLimitMs,
        onWait: () => spec.log.info(`waiting for another process that starts or stops ${spec.title}`),
      },
      work,
    );

  const began = performance.now();
  const { record, owned } = await locked(async () => {
    const running = await findRunning(spec, desk);
    if (running) {
      const users = running.users.filter(isAlive);
      const record = { ...running, users: [...users, me] };
      desk.write(record);
      return { record, owned: users.length === 0 };
    }
    return { record: await start(spec, desk, [...usersLeft(desk), me]), owned: true };
  });
  spec.log.info(owned ? `${spec.title} runs (${took(began)})` : `${spec.title} runs already, and is shared`);
  const restarts = keepRunning(spec, desk, locked);

  // The last resort for an end without stop(): an exception that nobody caught, or process.exit.
  const onExit = () => {
    const now = desk.read();
    if (!now?.users.some((user) => sameProcess(user, me))) return;
    const others = withoutOne(now.users, me).filter(isAlive);
    if (others.length > 0) desk.write({ ...now, users: others });
    else if (isAlive(now)) signal(now, spec.stopSignals[0]?.signal ?? 'SIGTERM');
  };
  process.once('exit', onExit);

  let stopping: Promise<void> | undefined;
  return {
    ports: record.ports,
    owned,
    stop: () =>
      (stopping ??= locked(async () => {
        restarts.stop();
        const now = desk.read();
        if (now) {
          const others = withoutOne(now.users, me).filter(isAlive);
          if (others.length > 0) desk.write({ ...now, users: others });
          else {
            await end(spec, now);
            desk.remove();
          }
        }
        process.removeListener('exit', onExit);
      })),
  };
}

/** Those that used an engine which has died, and wait for the next. */
const usersLeft = <Ports>(desk: RecordDesk<Ports>): ProcessIdentity[] => desk.read()?.users.filter(isAlive) ?? [];

/**
 * While we use the engine: looks whether it still runs, and starts it again where it does not. Every process that uses it
 * does so, since each may be the last; the lock lets one of them.
 */
function keepRunning<Ports extends Record<string, number>>(
  spec: EngineSpec<Ports>,
  desk: RecordDesk<Ports>,
  locked: <T>(work: () => Promise<T>) => Promise<T>,
): { stop(): void } {
  if (spec.restartEveryMs === undefined) return { stop: () => {} };
  let busy = false;
  let stopped = false;
  const hasDied = () => {
    const now = desk.read();
    return now !== undefined && !isAlive(now);
  };
  const look = async () => {
    if (busy || stopped || !hasDied()) return;
    busy = true;
    try {
      await locked(async () => {
        // Somebody else may have been first, or we were told to stop meanwhile.
        if (stopped || !hasDied()) return;
        spec.log.warn(`${spec.title} has ended by itself; starting it again. ${lastWordsOf(spec)}`);
        const began = performance.now();
        await start(spec, desk, usersLeft(desk));
        spec.log.info(`${spec.title} runs again (${took(began)})`);
      });
    } catch (error) {
      spec.log.warn({ error: (error as Error).message }, `${spec.title} could not be started again; trying on`);
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void look(), spec.restartEveryMs);
  timer.unref();
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

const lastWordsOf = ({ stateDir, name }: Pick<EngineSpec<never>, 'stateDir' | 'name'>): string =>
  `What it said is in ${join(stateDir, `${name}.log`)}.`;

/** The recorded engine if it lives and serves. One that lives and does not serve in time is stopped. */
async function findRunning<Ports extends Record<string, number>>(
  spec: EngineSpec<Ports>,
  desk: RecordDesk<Ports>,
): Promise<EngineRecord<Ports> | undefined> {
  const record = desk.read();
  if (!record || !isAlive(record)) return undefined;
  if (await becomesReady(spec, record)) return record;
  if (isAlive(record)) {
    spec.log.warn({ pid: record.pid }, `${spec.title} runs but does not answer; starting it anew`);
    await end(spec, record);
  }
  return undefined;
}

async function start<Ports extends Record<string, number>>(
  spec: EngineSpec<Ports>,
  desk: RecordDesk<Ports>,
  users: readonly ProcessIdentity[],
): Promise<EngineRecord<Ports>> {
  const logFile = join(spec.stateDir, `${spec.name}.log`);
  const dead = desk.read();
  for (let tries = 1; ; tries++) {
    const kept = await stillFree(dead?.ports ?? desk.keptPorts(), spec);
    const command = await spec.command(kept);
    const engine = launch(command, logFile);
    // Written before it serves: killed in between, we leave it to be found.
    const record = { ...engine, ports: command.ports, users: [...users] };
    desk.write(record);
    if (await becomesReady(spec, record)) {
      desk.keepPorts(record.ports);
      return record;
    }

    await end(spec, record);
    // Those who use it still look for it, and start it again (see keepRunning).
    if (dead && users.length > 0) desk.write({ ...dead, users: [...users] });
    else desk.remove();
    if (tries === 3) throw await didNotStart(spec, command.ports, logFile);
    await delay(300);
  }
}

async function didNotStart<Ports extends Record<string, number>>(
  { title, portVariables }: EngineSpec<Ports>,
  ports: Ports,
  logFile: string,
): Promise<AppError> {
  for (const [name, port] of Object.entries(ports)) {
    if (await isFree(port)) continue;
    return new AppError(`Port ${port} of 127.0.0.1, which ${title} is to have, is in use by another program.`, {
      ...{ kind: 'retryable', code: 'port_in_use' },
      advice: `Set ${portVariables[name as keyof Ports]} to another one (0 takes any that is free), or end that program.`,
    });
  }
  return new AppError(`${title} did not start. The end of ${logFile}:\n${tail(logFile)}`, {
    ...{ kind: 'retryable', code: 'engine_not_started' },
  });
}

/** The ports of the last start; undefined where another program has taken one of them meanwhile. */
async function stillFree<Ports extends Record<string, number>>(
  ports: Ports | undefined,
  { log, title }: Pick<EngineSpec<Ports>, 'log' | 'title'>,
): Promise<Ports | undefined> {
  for (const port of Object.values(ports ?? {})) {
    if (await isFree(port)) continue;
    log.warn(`port ${port}, which ${title} had at its last start, is in use by another program: taking others`);
    return undefined;
  }
  return ports;
}

function launch(command: EngineCommand<unknown>, logFile: string): ProcessIdentity {
  // A file and not a pipe, since a pipe breaks with the process at its other end.
  const output = openSync(logFile, 'a', 0o600);
  try {
    const { uid, gid, env } = command;
    const child = closedToOthers(() =>
      spawn(command.file, command.args, {
        detached: true,
        stdio: ['ignore', output, output],
        ...(env && { env }),
        ...(uid !== undefined && { uid }),
        ...(gid !== undefined && { gid }),
      }),
    );
    child.on('error', () => {}); // no pid then, which is reported below
    child.unref();
    if (child.pid === undefined) throw new Error(`${command.file} can't be run.`);
    return identify(child.pid) ?? { pid: child.pid };
  } finally {
    closeSync(output);
  }
}

/** What the engine writes is for its own user alone: a child inherits the mask, and Temporal's database has no other guard. */
function closedToOthers<T>(start: () => T): T {
  const before = process.umask(0o077);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

async function becomesReady<Ports extends Record<string, number>>(
  spec: EngineSpec<Ports>,
  record: EngineRecord<Ports>,
): Promise<boolean> {
  const deadline = performance.now() + spec.readyLimitMs;
  while (performance.now() < deadline) {
    if (await spec.answers(record.ports)) return isAlive(record);
    if (!isAlive(record)) return false;
    await delay(25);
  }
  return false;
}

async function end(spec: Pick<EngineSpec<never>, 'stopSignals'>, engine: ProcessIdentity): Promise<void> {
  for (const { signal: name, waitMs } of [...spec.stopSignals, { signal: 'SIGKILL' as const, waitMs: 5_000 }]) {
    signal(engine, name);
    const deadline = performance.now() + waitMs;
    while (isAlive(engine) && performance.now() < deadline) await delay(20);
    if (!isAlive(engine)) return;
  }
}

function signal(engine: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isAlive(engine)) process.kill(engine.pid, name);
  } catch {
    // It ended by itself in between.
  }
}

function withoutOne(users: readonly ProcessIdentity[], me: ProcessIdentity): ProcessIdentity[] {
  const index = users.findIndex((user) => sameProcess(user, me));
  return users.filter((_, i) => i !== index);
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
}

/** The record of a running engine, on disk. Replaced as a whole, so that a reader never sees half of one. */
class RecordDesk<Ports> {
  readonly #file: string;
  readonly #portsFile: string;

  constructor(file: string) {
    this.#file = file;
    this.#portsFile = file.replace(/json$/, 'ports.json');
  }

  read(): EngineRecord<Ports> | undefined {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8')) as EngineRecord<Ports>;
    } catch {
      return undefined; // none, or not ours to understand: then the engine is started, and says if it can't be
    }
  }

  write(record: EngineRecord<Ports>): void {
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
    renameSync(draft, this.#file);
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }

  /** Of the last start, also after a stop. */
  keptPorts(): Ports | undefined {
    try {
      return JSON.parse(readFileSync(this.#portsFile, 'utf8')) as Ports;
    } catch {
      return undefined;
    }
  }

  keepPorts(ports: Ports): void {
    writeFileSync(this.#portsFile, JSON.stringify(ports), { mode: 0o600 });
  }
}
