import { ApplicationFailure, CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { Logger } from 'pino';
import { isAppError } from '../errors.ts';

/**
 * The one place where an error of ours becomes a failure of the engine. Nothing in it is about a person: workflow
 * histories keep messages for weeks, in clear text. Every failure may be tried again: what a person has to decide is
 * a state in Postgres, never a failed workflow.
 */
export function toFailure(error: unknown): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure || error instanceof CompleteAsyncError)
    return error;
  if (isAppError(error)) {
    return ApplicationFailure.create({
      type: error.code,
      message: error.advice ? `${error.message} ${error.advice}` : error.message,
      ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
      ...(error.kind === 'paused' ? { category: ApplicationFailureCategory.BENIGN } : {}),
    });
  }
  const name = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return ApplicationFailure.create({
    type: name,
    message: `Unexpected ${name}${code}; the log of the worker has its place.`,
  });
}

/** Turns what an activity throws into a failure, and logs where an unexpected error came from, without its words. */
export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  readonly #log: Logger;
  constructor(log: Logger) {
    this.#log = log;
  }
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      const failure = toFailure(error);
      if (failure !== error && !isAppError(error)) this.#log.error(placeOf(error), 'an activity failed unexpectedly');
      throw failure;
    }
  }
}

function placeOf(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')) ?? [];
  return {
    error: error.name,
    code: (error as { code?: unknown }).code,
    place: frames.slice(0, 6).map((line) => line.trim()),
  };
}
