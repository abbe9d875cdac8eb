import { fileURLToPath } from 'node:url';
import type { Context } from '@temporalio/activity';
import { NativeConnection, Runtime, Worker, DefaultLogger, type WorkerOptions } from '@temporalio/worker';
import { taskQueues } from '../../workflows/contract.ts';
import type { Logger } from '../log.ts';
import type { LogScope } from '../log-scope.ts';
import type { Traces } from '../tracing/traces.ts';
import { ScopeInterceptor } from './activity-scope.ts';
import { connectionOptions, type EngineAddress } from './connection.ts';
import { FailureInterceptor } from './failures.ts';

export interface WorkersOptions extends EngineAddress {
  readonly log: Logger;
  /** Steps that talk to a shop or to our own database. */
  readonly shopActivities: object;
  /** Steps that talk to Posti, at the same bounded rate on every worker. */
  readonly carrierActivities: object;
  readonly maxCachedWorkflows: number;
  /** A bundle that was built beforehand; null bundles the sources now. */
  readonly workflowBundle: string | null;
  /** Longer than the longest HTTP request: an answer that is under way is still written down. */
  readonly graceMs: number;
  /** host:port of the loopback on which the SDK serves its own metrics (`temporal_…`); they are not measured without. */
  readonly sdkMetricsAddress?: string;
  /** Where lines that activities log get the workflow's id from. */
  readonly scope?: Pick<LogScope, 'run'>;
  readonly traces?: Pick<Traces, 'activityInterceptor'>;
}

export interface Workers {
  /** Ends when the workers have ended. @throws what ended them, if it was not `shutdown` */
  readonly done: Promise<void>;
  shutdown(): void;
}

/** Posti's limit is 50 requests a second per address (posti.md 2); the last poller's value wins, so that it is the same everywhere. */
const postiRequestsPerSecond = 50;

/** Runs the two workers of a process: orders with their workflows, and the carrier's queue. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  installRuntime(options);
  const { log, scope, traces } = options;
  const traced = traces?.activityInterceptor;
  const connection = await NativeConnection.connect(connectionOptions(options) ?? {});
  const shared = {
    connection,
    namespace: options.namespace,
    // Simple maximum: autoscaling pollers stalled for seconds against the embedded server.
    workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 10 },
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 10 },
    shutdownGraceTime: options.graceMs,
    shutdownForceTime: options.graceMs + 5_000,
    interceptors: {
      // From the outside in: what a trace shows of a failure is what the engine is told of it.
      activity: [
        ...(traced ? [(activity: Context) => ({ inbound: traced(activity) })] : []),
        ...(scope ? [(activity: Context) => ({ inbound: new ScopeInterceptor(activity, scope) })] : []),
        () => ({ inbound: new FailureInterceptor(log) }),
      ],
    },
  } satisfies Partial<WorkerOptions>;

  const orders = await Worker.create({
    ...shared,
    taskQueue: taskQueues.orders,
    activities: options.shopActivities,
    maxCachedWorkflows: options.maxCachedWorkflows,
    ...(options.workflowBundle === null
      ? {
          workflowsPath: workflowFile('index'),
          // A bundle that was built beforehand has it already (scripts/finish-build.ts).
          interceptors: { ...shared.interceptors, workflowModules: [workflowFile('trace-header')] },
        }
      : { workflowBundle: { codePath: options.workflowBundle } }),
  });
  const posti = await Worker.create({
    ...shared,
    taskQueue: taskQueues.posti,
    activities: options.carrierActivities,
    maxTaskQueueActivitiesPerSecond: postiRequestsPerSecond,
    // Each booking that is out when Posti stops answering is a possible orphan: few are out at a time.
    maxConcurrentActivityTaskExecutions: 25,
  });

  const all = [orders, posti];
  const shutdown = () => {
    for (const worker of all) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  // One that ends takes the other with it: half a worker would let orders wait without anybody noticing.
  const runs = all.map((worker) => worker.run().finally(shutdown));
  const done = Promise.all(runs).finally(() => Promise.allSettled(runs).then(() => connection.close()));
  return { done: done.then(() => undefined), shutdown };
}

const workflowFile = (name: string): string =>
  fileURLToPath(new URL(`../../workflows/${name}${extension}`, import.meta.url));

/** `.ts` when run from sources, `.js` when compiled. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

let installed = false;
/** Once per process: the SDK's logs go where ours go, and signals are ours to decide. */
function installRuntime({ log, sdkMetricsAddress }: Pick<WorkersOptions, 'log' | 'sdkMetricsAddress'>): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    shutdownSignals: [],
    ...(sdkMetricsAddress === undefined
      ? {}
      : { telemetryOptions: { metrics: { prometheus: inPrometheusWords(sdkMetricsAddress) } } }),
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // The carrier's queue has none on purpose.
      if (message.startsWith('No workflows registered')) return;
      const fields = {
        sdk: meta?.['sdkComponent'] as unknown,
        workflowId: meta?.['workflowId'] as unknown,
        activity: meta?.['activityType'] as unknown,
        error: nameOf(meta?.['error']),
      };
      if (level === 'ERROR') log.error(fields, message);
      else log.warn(fields, message);
    }),
  });
}

/** Off by default all three, and expected by published dashboards and rules (temporal.md 3.14). Never to be changed again. */
const inPrometheusWords = (bindAddress: string) => ({
  bindAddress,
  countersTotalSuffix: true,
  unitSuffix: true,
  useSecondsForDurations: true,
});

const nameOf = (error: unknown): string | undefined =>
  error instanceof Error ? `${error.name}: ${error.message}` : undefined;
