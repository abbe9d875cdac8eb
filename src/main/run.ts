import { ConfigurationError, loadConfig } from '../config.ts';
import { envFileInWords, readEnvFile, type EnvFile } from '../env-file.ts';
import { isAppError, type AppError } from '../errors.ts';
import { createLog } from '../log.ts';
import { createLogScope } from '../log-scope.ts';
import { serveMetrics } from '../metrics/server.ts';
import { took } from '../took.ts';
import { openTraces } from '../tracing/open-traces.ts';
import { openParts, type Parts } from './parts.ts';
import { expectOurStores } from './our-stores.ts';
import type { RunningPart } from './api-part.ts';
import { NotReached, type Patience } from './until-reached.ts';

/** A part that is running; `done` ends only when it ended by itself. */
type Part = RunningPart & { readonly done?: Promise<void> };

/** @throws NotReached where what it stands on does not answer in time */
type StartPart = (parts: Parts, patience: Patience) => Promise<Part>;

/**
 * The life of a process: configuration, parts, and an end in the right order – take nothing more in, finish what is under
 * way, close what it stands on. Exit code 78 for a configuration that can't work, 69 where database or engine did not
 * answer in time, 1 for a part that failed.
 */
export async function runProcess(name: string, starts: readonly StartPart[]): Promise<void> {
  const envFile = orExit(() => readEnvFile());
  const config = orExit(() => loadConfig(), envFile);
  const scope = createLogScope();
  const traces = await openTraces(
    config.traces && { ...config.traces, serviceName: config.traces.serviceName ?? name },
  );
  const ids = () => ({ ...scope.ids(), ...traces.ids() });
  const log = createLog({ level: config.logLevel, name, ids });
  if (envFile) log.info(envFileInWords(envFile));
  for (const doubt of envFile?.doubts ?? []) log.warn(doubt);
  const began = performance.now();
  const stopAsked = signalled();
  const patience = { limitMs: config.startWithinMs, stopped: stopAsked, log };
  const parts = await openParts(config, log, { scope, traces }, { patience }).catch((error: unknown) => {
    if (stopAsked.aborted) process.exit(0);
    return endWith(error);
  });

  const running: Part[] = [];
  let failure: unknown;
  try {
    await expectOurStores(parts.stores, config, log);
    if (config.metrics) {
      const metrics = await serveMetrics(parts.metrics, config.metrics);
      log.info({ url: metrics.url }, 'metrics are served');
      running.push(metrics);
    }
    for (const start of starts) running.push(await start(parts, patience));
    parts.relay.start();
    parts.notifier.start();
    log.info(`started in ${took(began)}`);
    await Promise.race([aborted(stopAsked), ...running.flatMap((part) => (part.done ? [part.done] : []))]);
  } catch (error) {
    if (!stopAsked.aborted) failure = error;
  }
  if (failure === undefined) log.info('stopping: nothing more is taken in, what is under way is finished');
  else if (isAppError(failure)) log.fatal({ code: failure.code }, inWords(failure));
  else log.fatal({ error: failure }, 'a part has failed');
  await Promise.all([parts.relay.stop(), parts.notifier.stop()]);
  for (const part of running) await part.stop().catch(() => undefined);
  await parts.close();
  await traces.stop();
  log.info('stopped');
  process.exit(failure === undefined ? 0 : exitCodeOf(failure));
}

/** What is no trouble of anybody else's is a bug, and shows where. */
function endWith(error: unknown): never {
  if (!isAppError(error)) throw error;
  process.stderr.write(`${inWords(error)}\n`);
  process.exit(exitCodeOf(error));
}

const inWords = ({ message, advice }: AppError): string => (advice ? `${message} ${advice}` : message);

/** 69 (EX_UNAVAILABLE) also for a port that another program has: whoever runs us may try again. */
function exitCodeOf(error: unknown): number {
  if (error instanceof NotReached) return error.exitCode;
  return isAppError(error) && error.kind === 'retryable' ? 69 : 1;
}

function orExit<T>(load: () => T, envFile: EnvFile | null = null): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    if (envFile) process.stderr.write(`${envFileInWords(envFile)}.\n`);
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}

/** The first signal asks for an orderly end; a second one is not needed: every wait on the way has a limit. */
function signalled(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => asked.abort());
  return asked.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
