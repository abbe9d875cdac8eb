/** The product's view of Temporal: what the API, the relay and the watchman may ask of it. Every call has a deadline. */
import {
  Client,
  isGrpcServiceError,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type WorkflowHandle,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { rootCause } from '@temporalio/common';
import proto from '@temporalio/proto';
import {
  command,
  getState,
  hint,
  orderWorkflowId,
  parseOrderWorkflowId,
  searchAttributes,
  taskQueues,
  type CommandRef,
  type OrderInput,
  type Timings,
} from '../../workflows/contract.ts';
import type { OrderWithCommands } from '../domain/order-state.ts';
import type { OrderRef } from '../domain/order-ref.ts';
import type { CommandOutcome } from '../domain/commands.ts';
import { AppError } from '../errors.ts';
import type { Traces } from '../tracing/traces.ts';
import type { EngineConnection } from './connection.ts';
import { pendingSteps, stepsToRetry, type PendingStep } from './pending-steps.ts';

// A CommonJS module whose exports Node cannot name, so that it is imported whole.
const { TaskQueueType } = proto.temporal.api.enums.v1;

export interface EngineDeps extends EngineConnection {
  readonly timings: Timings;
  /** Where orders run. Only tests have one of their own. */
  readonly taskQueue?: string;
  /** Default: none. */
  readonly traces?: Pick<Traces, 'clientInterceptors'>;
  /** How long a command's sender waits for its outcome. Default 15 s. */
  readonly commandWaitMs?: number;
}

/**
 * - `running`: `state` is what the workflow says of itself, or null if no worker answered in time
 * - `not_running`: Postgres has the whole truth
 * - `engine_away`: nobody can say; Postgres has what was decided and done
 */
export type LiveState =
  | { readonly kind: 'running'; readonly state: OrderWithCommands | null; readonly activities: readonly PendingStep[] }
  | { readonly kind: 'not_running' }
  | { readonly kind: 'engine_away' };

export interface EngineHealth {
  readonly ok: boolean;
  readonly tookMs: number;
  /** Why not, in the engine's words. */
  readonly problem: string | null;
}

/** Methods that ask the engine for something throw AppError `engine_away` (retryable) or `engine_busy` (throttled). */
export interface Engine {
  /** Lets the order's workflow look again; starts it if it does not run. */
  hintOrder(ref: OrderRef): Promise<void>;
  /**
   * Sends a command to the order's workflow, which is started if it does not run, and waits a while for what it comes to.
   * Null where nobody can say yet: send it again, the engine runs a command id once per run.
   */
  sendCommand(ref: OrderRef, commandRef: CommandRef): Promise<CommandOutcome | null>;
  /**
   * Lets steps of the order that wait to be tried again be tried now: those that wait for an account, or, for a person, any
   * but the next look at a parcel. Gives how many; 0 where the order does not run.
   */
  retrySteps(ref: OrderRef, which: { readonly byPerson: boolean }): Promise<number>;
  /** Takes at most two seconds, and never throws. */
  liveState(ref: OrderRef): Promise<LiveState>;
  isRunning(ref: OrderRef): Promise<boolean>;
  /** Workflow ids of all running orders; may be seconds late, because lists are. */
  runningOrders(): Promise<Set<string>>;
  /** Cancels the whole order, as the Temporal UI would. False if it does not run. */
  cancelOrder(ref: OrderRef): Promise<boolean>;
  /** Ends the run and nothing else: the watchman starts what is due again. False if it does not run. */
  terminate(ref: OrderRef, reason: string): Promise<boolean>;
  health(): Promise<EngineHealth>;
  /** How many workers asked for work lately; null where the engine does not say. Never throws. */
  pollers(): Promise<Pollers | null>;
}

/** Processes that asked for work in the last minutes. */
export interface Pollers {
  readonly orders: number;
  readonly posti: number;
}

const deadlines = { hint: 5_000, command: 15_000, look: 1_900, ask: 5_000, list: 10_000 };

export function createEngine(deps: EngineDeps): Engine {
  const { connection, namespace } = deps;
  const client = new Client({
    connection,
    namespace,
    interceptors: { workflow: deps.traces?.clientInterceptors ?? [] },
  });
  const within = <T>(ms: number, call: () => Promise<T>): Promise<T> =>
    connection.withDeadline(Date.now() + ms, call).catch((error: unknown) => {
      throw asEngineError(error);
    });
  const handleOf = (ref: OrderRef): WorkflowHandle => client.workflow.getHandle(orderWorkflowId(ref));

  return {
    async hintOrder(ref) {
      await within(deadlines.hint, () =>
        client.workflow.signalWithStart('order', { ...startOptions(ref, deps), signal: hint, signalArgs: [] }),
      );
    },

    async sendCommand(ref, commandRef) {
      const start = new WithStartWorkflowOperation('order', startOptions(ref, deps));
      try {
        return await connection.withDeadline(Date.now() + (deps.commandWaitMs ?? deadlines.command), () =>
          client.workflow.executeUpdateWithStart(command, {
            updateId: commandRef.commandId,
            args: [commandRef],
            startWorkflowOperation: start,
          }),
        );
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },

    async retrySteps(ref, which) {
      const description = await unlessNotFound(within(deadlines.ask, () => handleOf(ref).describe()));
      if (description?.status.name !== 'RUNNING') return 0;
      const execution = { workflowId: description.workflowId, runId: description.runId };
      const ids = stepsToRetry(description.raw, which, new Date());
      let retried = 0;
      for (const id of ids) {
        const request = { namespace, execution, id };
        const reset = connection.withDeadline(Date.now() + deadlines.ask, () =>
          connection.workflowService.resetActivity(request),
        );
        retried += await reset.then(() => 1, noneWhereNotTaken);
      }
      return retried;
    },

    async liveState(ref) {
      const handle = handleOf(ref);
      const [description, state] = await Promise.allSettled([
        within(deadlines.look, () => handle.describe()),
        within(deadlines.look, () => askState(handle)),
      ]);
      if (description.status === 'rejected') {
        return { kind: description.reason instanceof WorkflowNotFoundError ? 'not_running' : 'engine_away' };
      }
      if (description.value.status.name !== 'RUNNING') return { kind: 'not_running' };
      return {
        kind: 'running',
        state: state.status === 'fulfilled' ? state.value : null,
        activities: pendingSteps(description.value.raw),
      };
    },

    async isRunning(ref) {
      const description = await unlessNotFound(within(deadlines.ask, () => handleOf(ref).describe()));
      return description?.status.name === 'RUNNING';
    },

    async runningOrders() {
      const running = new Set<string>();
      const list = client.workflow.list({
        query: `WorkflowType = 'order' AND ExecutionStatus = 'Running'`,
        pageSize: 1_000,
      });
      const pages = list[Symbol.asyncIterator]();
      for (;;) {
        const next = await within(deadlines.list, () => pages.next());
        if (next.done) return running;
        if (parseOrderWorkflowId(next.value.workflowId)) running.add(next.value.workflowId);
      }
    },

    async cancelOrder(ref) {
      return (await unlessNotFound(within(deadlines.ask, () => handleOf(ref).cancel()))) !== undefined;
    },

    async terminate(ref, reason) {
      return (await unlessNotFound(within(deadlines.ask, () => handleOf(ref).terminate(reason)))) !== undefined;
    },

    async health() {
      const asked = Date.now();
      const problem = await connection
        .withDeadline(asked + deadlines.look, () => connection.workflowService.describeNamespace({ namespace }))
        .then(() => null)
        .catch((error: unknown) => (error as Error).message);
      return { ok: problem === null, tookMs: Date.now() - asked, problem };
    },

    async pollers() {
      const ofQueue = async (name: string, taskQueueType: proto.temporal.api.enums.v1.TaskQueueType) => {
        const request = { namespace, taskQueue: { name }, taskQueueType };
        const { pollers } = await connection.workflowService.describeTaskQueue(request);
        return pollers?.length ?? 0;
      };
      try {
        return await connection.withDeadline(Date.now() + deadlines.look, async () => ({
          orders: await ofQueue(deps.taskQueue ?? taskQueues.orders, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
          posti: await ofQueue(taskQueues.posti, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
        }));
      } catch {
        return null;
      }
    },
  };
}

// eslint-disable-next-line no-restricted-syntax -- a workflow query, not SQL
const askState = (handle: WorkflowHandle): Promise<OrderWithCommands | null> => handle.query(getState);

function startOptions(ref: OrderRef, deps: EngineDeps) {
  const input: OrderInput = { storeHash: ref.storeHash, orderId: ref.orderId, timings: deps.timings };
  return {
    workflowId: orderWorkflowId(ref),
    taskQueue: deps.taskQueue ?? taskQueues.orders,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
    staticSummary: `Order ${ref.orderId} of store ${ref.storeHash}`,
    typedSearchAttributes: [
      { key: searchAttributes.store, value: ref.storeHash },
      { key: searchAttributes.order, value: String(ref.orderId) },
    ],
  } satisfies WorkflowStartOptions;
}

/** What a failed update says about its command: refused, or null where it has to be sent again. */
function outcomeOfFailure(error: unknown): CommandOutcome | null {
  if (error instanceof WorkflowUpdateFailedError) {
    // The server's name for an update whose workflow ended while the handler ran: nobody refused anything.
    if ((error.cause as { type?: unknown } | undefined)?.type === 'AcceptedUpdateCompletedWorkflow') return null;
    return { outcome: 'refused', reason: rootCause(error.cause) ?? error.message };
  }
  // A deadline says nothing of the command; a workflow that closed under the update will be started by the next try.
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || error instanceof WorkflowNotFoundError) return null;
  throw asEngineError(error);
}

/** gRPC's number; @grpc/grpc-js is not a dependency of ours. The server answers so for one id that is started too often. */
const RESOURCE_EXHAUSTED = 8;

/** Not found and its like stay what they are; what is the connection's or the server's trouble becomes `engine_away`. */
function asEngineError(error: unknown): unknown {
  if (!(error instanceof ServiceError) && !isGrpcServiceError(error)) return error;
  const cause = error instanceof ServiceError ? error.cause : error;
  const words = cause?.message ?? error.message;
  if (isGrpcServiceError(cause) && Number(cause.code) === RESOURCE_EXHAUSTED) {
    return new AppError(`The engine (Temporal) takes no more at the moment: ${words}`, {
      kind: 'throttled',
      code: 'engine_busy',
      cause: error,
    });
  }
  return new AppError(`The engine (Temporal) did not answer: ${words}`, {
    kind: 'retryable',
    code: 'engine_away',
    advice: 'Nothing is lost: what came in is kept and carried out when the engine is back. Check that Temporal runs.',
    cause: error,
  });
}

async function unlessNotFound<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Of an activity that is not reset: it ended meanwhile, or this engine (before 1.28) does not do it. It goes on by itself. */
function noneWhereNotTaken(error: unknown): 0 {
  if (isGrpcServiceError(error) && notTaken.includes(Number(error.code))) return 0;
  throw asEngineError(error);
}

/** gRPC's invalid argument, not found, permission denied, failed precondition, unimplemented. */
const notTaken = [3, 5, 7, 9, 12];
