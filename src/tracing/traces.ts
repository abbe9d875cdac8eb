import type { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry/lib/client/index.js';
import type { HttpSender } from '../http-client/sender.ts';
import type { HintKey } from './hint-ids.ts';

/**
 * Follows an order from the webhook over relay, workflow and activities to the calls to shop and Posti. What is said of each
 * is ids, names of ours and statuses: never a person, a secret, a body or a query string.
 */
export interface Traces {
  /** For each line of the log: the trace that it belongs to. */
  readonly ids: () => Readonly<Record<string, string>>;
  /** Begins the trace of a webhook's hint, while it is kept. */
  keeping<T>(hint: HintKey, keep: () => Promise<T>): Promise<T>;
  /** Goes on with it, maybe in another process, where it is handed to the engine. */
  handingOver<T>(hint: HintKey, handOver: () => Promise<T>): Promise<T>;
  /** Shows each call, without telling the other side of the trace. */
  sender(sender: HttpSender): HttpSender;
  /** For the engine's client; none where nothing is traced. */
  readonly clientInterceptors: OpenTelemetryWorkflowClientInterceptor[];
  /** For workers; undefined where nothing is traced. */
  readonly activityInterceptor:
    | ((
        ...context: [ConstructorParameters<typeof OpenTelemetryActivityInboundInterceptor>[0]]
      ) => OpenTelemetryActivityInboundInterceptor)
    | undefined;
  /** Sends what waits. */
  stop(): Promise<void>;
}

/** Where nobody wants traces. */
export const noTraces: Traces = {
  ids: () => ({}),
  keeping: (_hint, keep) => keep(),
  handingOver: (_hint, handOver) => handOver(),
  sender: (sender) => sender,
  clientInterceptors: [],
  activityInterceptor: undefined,
  stop: () => Promise.resolve(),
};

export interface TracesWanted {
  readonly endpoint: string;
  readonly serviceName: string;
  /** Of all traces, from 0 to 1. */
  readonly share: number;
}
