import { z } from 'zod';
import { isAppError } from '../errors.ts';
import type { Call, ExchangeSink } from '../exchanges/exchange.ts';
import { readableBody, redactExchange, redactPath } from '../exchanges/redact.ts';
import { parseJson } from '../http-sender/body-text.ts';
import { SendFailure } from '../http-sender/send-failure.ts';
import type { HttpAnswer, HttpSender } from '../http-sender/sender.ts';
import type { Quota, StoreConnection } from './api.ts';
import { toBigCommerceError, type Asked } from './errors.ts';
import { readQuota } from './throttling.ts';

export interface BigCommerceDeps {
  /** Like https://api.bigcommerce.com, without a slash at the end. */
  readonly baseUrl: string;
  readonly sender: HttpSender;
  readonly log: ExchangeSink;
  readonly clock: { now(): Date };
}

export interface Ask extends Asked {
  readonly store: StoreConnection;
  /** From the version on: `/v2/orders/1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly call: Call;
}

export interface Requests {
  /** Asks once, and reads the body by the schema. @throws AppError */
  read<T>(ask: Ask, schema: z.ZodType<T>): Promise<T>;
  /** A list of V2: 204 without a body is the empty one, and so is a page past the end (bigcommerce.md 0.3). */
  readList<T>(ask: Ask, schema: z.ZodType<T>): Promise<T[]>;
  /** Where no body is wanted. */
  done(ask: Ask): Promise<void>;
  quota(storeHash: string): Quota | undefined;
}

/** The one sender of requests to BigCommerce: headers, quota, errors, and one exchange for each call. */
export function createRequests(deps: BigCommerceDeps): Requests {
  const quotas = new Map<string, Quota>();

  async function ask<T>(it: Ask, readAnswer: (answer: HttpAnswer) => T): Promise<T> {
    const at = deps.clock.now();
    let answer: HttpAnswer | undefined;
    let failure: SendFailure | undefined;
    let errorCode: string | null = null;
    try {
      answer = await deps.sender.send(toHttpRequest(deps.baseUrl, it));
      const quota = readQuota(answer.headers, deps.clock.now());
      if (quota) quotas.set(it.store.storeHash, quota);
      if (answer.status < 200 || answer.status >= 300) throw toBigCommerceError(it, mishapOf(answer));
      return readAnswer(answer);
    } catch (error) {
      if (error instanceof SendFailure) failure = error;
      const mapped = failure ? toBigCommerceError(it, { failure }) : error;
      errorCode = isAppError(mapped) ? mapped.code : 'bug';
      throw mapped;
    } finally {
      deps.log({
        system: 'bigcommerce',
        account: it.store.storeHash,
        at,
        method: it.method,
        path: redactPath(`/stores/${it.store.storeHash}${it.path}`),
        purpose: it.purpose,
        status: answer?.status ?? failure?.status ?? null,
        durationMs: answer?.durationMs ?? failure?.durationMs ?? 0,
        errorCode,
        requestId: answer?.headers['x-request-id'] ?? null,
        ...redactExchange(it.body ?? null, answer ? readableBody(answer.text()) : (failure?.message ?? null)),
        about: it.call.about,
      });
    }
  }

  return {
    read: (it, schema) => ask(it, (answer) => parse(it, answer, schema)),
    readList: (it, schema) => ask(it, (answer) => (answer.status === 204 ? [] : parse(it, answer, z.array(schema)))),
    done: (it) => ask(it, () => undefined),
    quota: (storeHash) => quotas.get(storeHash),
  };
}

function parse<T>(it: Ask, answer: HttpAnswer, schema: z.ZodType<T>): T {
  const json = parseJson(answer.text());
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  // Which field, never its value.
  const fields = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw toBigCommerceError(it, { status: answer.status, headers: answer.headers, text: fields.join('; ') });
}

const mishapOf = (answer: HttpAnswer) => ({ status: answer.status, headers: answer.headers, text: answer.text() });

function toHttpRequest(baseUrl: string, it: Ask) {
  return {
    method: it.method,
    url: `${baseUrl}/stores/${encodeURIComponent(it.store.storeHash)}${it.path}`,
    headers: {
      'x-auth-token': it.store.accessToken,
      accept: 'application/json',
      'user-agent': 'lahetti',
      ...(it.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(it.body === undefined ? {} : { body: JSON.stringify(it.body) }),
    ...(it.call.signal === undefined ? {} : { signal: it.call.signal }),
  };
}
