import type {
  ActivityInput,
  ContinueAsNewInput,
  Next,
  SignalInput,
  UpdateInput,
  WorkflowExecuteInput,
  WorkflowInboundCallsInterceptor,
  WorkflowInterceptors,
  WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';

/** Under this name OpenTelemetry's interceptors for clients and activities look for what a call belongs to. */
const header = '_tracer-data';

/**
 * Hands the trace that a hint or a command came with on to the steps that follow it. Not OpenTelemetry's own interceptor for
 * workflows: that would run inside of histories, waits in places of its own, and shows an order's workflow only when it
 * ends, after days. This one waits for nothing, and so changes no command.
 */
export const interceptors = (): WorkflowInterceptors => {
  let latest: WorkflowExecuteInput['headers'][string] | undefined;
  const heard = (headers: WorkflowExecuteInput['headers']) => void (latest = headers[header] ?? latest);
  const withTrace = <T extends { headers: WorkflowExecuteInput['headers'] }>(input: T): T =>
    latest === undefined ? input : { ...input, headers: { ...input.headers, [header]: latest } };

  const inbound: WorkflowInboundCallsInterceptor = {
    execute(input: WorkflowExecuteInput, next: Next<WorkflowInboundCallsInterceptor, 'execute'>) {
      heard(input.headers);
      return next(input);
    },
    handleSignal(input: SignalInput, next: Next<WorkflowInboundCallsInterceptor, 'handleSignal'>) {
      heard(input.headers);
      return next(input);
    },
    handleUpdate(input: UpdateInput, next: Next<WorkflowInboundCallsInterceptor, 'handleUpdate'>) {
      heard(input.headers);
      return next(input);
    },
  };
  const outbound: WorkflowOutboundCallsInterceptor = {
    scheduleActivity: (input: ActivityInput, next: Next<WorkflowOutboundCallsInterceptor, 'scheduleActivity'>) =>
      next(withTrace(input)),
    continueAsNew: (input: ContinueAsNewInput, next: Next<WorkflowOutboundCallsInterceptor, 'continueAsNew'>) =>
      next(withTrace(input)),
  };
  return { inbound: [inbound], outbound: [outbound] };
};
