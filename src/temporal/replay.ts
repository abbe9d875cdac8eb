import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

export type History = temporal.api.history.v1.IHistory;

/** The history of one run, under a name by which a person finds it again. */
export interface Replayable {
  readonly workflowId: string;
  readonly history: History;
}

export interface ReplayResult {
  readonly workflowId: string;
  /** Null where today's code does what the history says; else what it does otherwise, in the SDK's words. */
  readonly problem: Error | null;
}

/** `.ts` when run from sources, `.js` when compiled. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const workflowFile = (name: string): string =>
  fileURLToPath(new URL(`../../workflows/${name}${extension}`, import.meta.url));

export interface BundleOptions {
  /** File that exports the workflows; today's where left out. */
  readonly workflowsPath?: string;
  /** With the interceptor that hands traces on, as workers have it. Default true. */
  readonly traced?: boolean;
}

/** The code that histories are held against. */
export function bundleForReplay({
  workflowsPath,
  traced = true,
}: BundleOptions = {}): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: workflowsPath ?? workflowFile('index'),
    ...(traced ? { workflowInterceptorModules: [workflowFile('trace-header')] } : {}),
    logger: new DefaultLogger('ERROR'),
  });
}

/** Runs recorded histories against a bundle; nothing of them is carried out. One result for each, as it is known. */
export async function* replayHistories(
  histories: Iterable<Replayable> | AsyncIterable<Replayable>,
  workflowBundle: WorkflowBundleWithSourceMap,
): AsyncGenerator<ReplayResult> {
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    yield { workflowId, problem: error ?? null };
  }
}

/**
 * Once per process, before the first replay: the SDK says nothing but errors. Its core, left alone, warns on standard output
 * of each history that does not fit, in between what programs read there; the results say it.
 */
export const quietReplay = (): void =>
  void Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });

/** Histories as the Temporal UI and CLI download them: all `.json` files of a folder, but for an `index.json`. */
export function historiesOfFolder(folder: string): Replayable[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'index.json')
    .map((name) => ({
      workflowId: name.replace(/\.json$/, ''),
      history: historyFromJSON(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
    }));
}
