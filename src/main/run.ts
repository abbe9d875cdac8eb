import { ConfigurationError, loadConfig } from '../config.ts';
import { isAppError } from '../errors.ts';
import { createLog } from '../log.ts';
import { createLogScope } from '../log-scope.ts';
import { openTraces } from '../tracing/traces.ts';
import { openParts, type Parts } from './parts.ts';
import type { RunningPart } from './api-part.ts';

/** A part that is running; `done` ends only when it ended by itself. */
type Part = RunningPart & { readonly done?: Promise<void> };

/**
 * The life of a process: configuration, parts, and an end in the right order – take nothing more in, finish what is under
 * way, close what it stands on. Exit code 78 for a configuration that can't work, 1 for a part that failed.
 */
export async function runProcess(name: string, start: (parts: Parts) => Promise<Part[]>): Promise<void> {
  const config = orExit(() => loadConfig());
  const scope = createLogScope();
  const traces = await openTraces(
    config.traces && { ...config.traces, serviceName: config.traces.serviceName ?? name },
  );
  const ids = () => ({ ...scope.ids(), ...traces.ids() });
  const log = createLog({ level: config.logLevel, name, ids });
  const stopAsked = signalled();
  let parts: Parts;
  try {
    parts = await openParts(config, log, { scope, traces });
  } catch (error) {
    if (!isAppError(error)) throw error;
    process.stderr.write(`${error.message}\n${error.advice ?? ''}\n`);
    process.exit(1);
  }

  let running: Part[] = [];
  try {
    running = await start(parts);
    parts.relay.start();
    parts.notifier.start();
    await Promise.race([stopAsked, ...running.flatMap((part) => (part.done ? [part.done] : []))]);
    log.info('stopping: nothing more is taken in, what is under way is finished');
  } catch (error) {
    const said = isAppError(error) ? `${error.message} ${error.advice ?? ''}` : error;
    log.fatal({ error: said }, 'a part has failed');
    process.exitCode = 1;
  }
  await Promise.all([parts.relay.stop(), parts.notifier.stop()]);
  for (const part of running) await part.stop().catch(() => undefined);
  await parts.close();
  await traces.stop();
  log.info('stopped');
  process.exit();
}

function orExit<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}

/** The first signal asks for an orderly end; a second one is not needed: every wait on the way has a limit. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
}
