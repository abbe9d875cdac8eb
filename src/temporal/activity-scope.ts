import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { LogScope } from '../log-scope.ts';

/** Lets every line that is logged on behalf of an activity say which workflow, step and try it was. */
export class ScopeInterceptor implements ActivityInboundCallsInterceptor {
  readonly #context: Context;
  readonly #scope: Pick<LogScope, 'run'>;

  constructor(context: Context, scope: Pick<LogScope, 'run'>) {
    this.#context = context;
    this.#scope = scope;
  }

  execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { activityType, attempt, workflowExecution } = this.#context.info;
    const workflow = workflowExecution === undefined ? {} : { workflow: workflowExecution.workflowId };
    return this.#scope.run({ ...workflow, activity: activityType, try: attempt }, () => next(input));
  }
}
