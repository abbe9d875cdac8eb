import { z } from 'zod';
import { AppError, isAppError } from '../errors.ts';
import type { Call, ExchangeSink, Urgency } from '../exchanges/exchange.ts';
import { readableBody, redactExchange, redactPath } from '../exchanges/redact.ts';
import { parseJson } from '../http-client/body-text.ts';
import { SendFailure } from '../http-client/send-failure.ts';
import type { HttpAnswer, HttpSender } from '../http-client/sender.ts';
import type { Quota, StoreConnection } from './api.ts';
import { scopeMissing, toBigCommerceError, unreadableAnswer, type Asked } from './errors.ts';
import { scopeOf } from './scopes.ts';
import { readQuota } from './throttling.ts';

/** How many requests a store may be sent, whoever sends them (src/stores/shop-budget.ts). */
export interface CallBudget {
  /** Waits for its turn. @throws AppError `paused` with the time to come back, where that would be long */
  take(storeHash: string, urgency: Urgency): Promise<Turn>;
}

export interface Turn {
  /** The answer is here, or there is none. What it said of the quota. */
  end(quota: Quota | undefined): void;
}

export interface BigCommerceDeps {
  /** Like https://api.bigcommerce.com, without a slash at the end. */
  readonly baseUrl: string;
  readonly sender: HttpSender;
  readonly log: ExchangeSink;
  readonly clock: { now(): Date };
  /** Default: none. */
  readonly budget?: CallBudget;
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
  /** What a 204, or a success without a body, stands for here. */
  readOr<T>(nothing: T, ask: Ask, schema: z.ZodType<T>): Promise<T>;
  /** Where no body is wanted. */
  done(ask: Ask): Promise<void>;
  quota(storeHash: string): Quota | undefined;
}

/** The one sender of requests to BigCommerce: headers, quota, errors, and one exchange for each call. */
export function createRequests(deps: BigCommerceDeps): Requests {
  const quotas = new Map<string, Quota>();
  const proofs = new Map<string, Promise<void>>();

  /**
   * A refusal on one route says little of the token: a scope may be missing, or one object be closed to us. The store's own
   * route decides whether the token is taken (bigcommerce.md 6.3); only what that says closes the account.
   */
  async function ask<T>(it: Ask, readAnswer: (answer: HttpAnswer) => T): Promise<T> {
    try {
      return await askOnce(it, readAnswer);
    } catch (error) {
      const isRefusal = isAppError(error) && (error.kind === 'credentials' || error.kind === 'forbidden');
      if (!isRefusal) throw error;
      if (isOfTheStore(it)) throw error.code === scopeMissing ? error : ofTheToken(it, error);
      await proveToken(it);
      throw error.kind === 'forbidden' ? await scopeOrObject(it, error) : ofThisRoute(error);
    }
  }

  /** One question at a time for all who were refused. @throws AppError where the store's route does not take the token */
  function proveToken({ store, call }: Ask): Promise<void> {
    const key = `${store.storeHash} ${store.accessToken}`;
    const proof = proofs.get(key) ?? askForStore({ store, call }).finally(() => proofs.delete(key));
    proofs.set(key, proof);
    return proof;
  }

  async function askForStore(it: Pick<Ask, 'store' | 'call'>): Promise<void> {
    const about = { about: { storeHash: it.store.storeHash } };
    try {
      await ask({ method: 'GET', purpose: 'prove the access token', path: '/v2/store', ...it, call: about }, () => {});
    } catch (error) {
      // Let in, without the scope for the store's own data.
      if (!isAppError(error) || error.code !== scopeMissing) throw error;
    }
  }

  /** An order that may not be read, where others may, is closed to us alone. Writes are told apart by their words only. */
  async function scopeOrObject(it: Ask, error: AppError): Promise<AppError> {
    if (error.code === scopeMissing || it.method !== 'GET' || !/^\/v[23]\/orders\/\d/.test(it.path)) return error;
    const others = { ...it, purpose: 'see whether other orders may be read', path: '/v2/orders?limit=1' };
    const others403 = await askOnce(others, () => false).catch(
      (failure: unknown) => isAppError(failure) && failure.kind === 'forbidden',
    );
    return others403 ? withoutScope(it, error) : error;
  }

  async function askOnce<T>(it: Ask, readAnswer: (answer: HttpAnswer) => T): Promise<T> {
    const turn = await deps.budget?.take(it.store.storeHash, it.call.urgency ?? 'urgent');
    const at = deps.clock.now();
    let quota: Quota | undefined;
    let answer: HttpAnswer | undefined;
    let failure: SendFailure | undefined;
    let errorCode: string | null = null;
    try {
      answer = await deps.sender.send(toHttpRequest(deps.baseUrl, it));
      quota = readQuota(answer.headers, deps.clock.now());
      if (quota) quotas.set(it.store.storeHash, quota);
      if (answer.status < 200 || answer.status >= 300) throw toBigCommerceError(it, mishapOf(answer));
      return readAnswer(answer);
    } catch (error) {
      if (error instanceof SendFailure) failure = error;
      const mapped = failure ? toBigCommerceError(it, { failure }) : error;
      errorCode = isAppError(mapped) ? mapped.code : 'bug';
      throw mapped;
    } finally {
      turn?.end(quota);
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
    readOr: (nothing, it, schema) =>
      ask(it, (answer) => (answer.text().trim() === '' ? nothing : parse(it, answer, schema))),
    done: (it) => ask(it, () => undefined),
    quota: (storeHash) => quotas.get(storeHash),
  };
}

const isOfTheStore = ({ path }: Ask): boolean => path === '/v2/store';

/** The store's own route said no for another reason than a scope: taken back, or the store is suspended. */
const ofTheToken = ({ purpose }: Ask, error: AppError): AppError =>
  error.kind === 'credentials'
    ? error
    : sameWith(error, `BigCommerce does not let the access token into the store (${purpose}, HTTP 403).`, {
        kind: 'credentials',
        code: 'bigcommerce_token_refused',
      });

/** A 401 of one route, where the store takes the token: as if it lacked the route's scope. */
const ofThisRoute = (error: AppError): AppError =>
  sameWith(error, error.message, { kind: 'forbidden', code: scopeMissing });

const withoutScope = (it: Ask, error: AppError): AppError => {
  const { name } = scopeOf(it);
  return sameWith(error, `BigCommerce lets the access token read no order without the scope ${name}.`, {
    kind: 'forbidden',
    code: scopeMissing,
  });
};

const sameWith = (error: AppError, message: string, { kind, code }: Pick<AppError, 'kind' | 'code'>): AppError =>
  new AppError(message, {
    kind,
    code,
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.advice === undefined ? {} : { advice: error.advice }),
    ...(error.words === undefined ? {} : { words: error.words }),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
  });

/** Of a check that the answer is the asked one's: a connection that is out of step is the system's trouble. */
export const outOfStep = { message: 'is of another order', params: { outOfStep: true } };

function parse<T>(it: Ask, answer: HttpAnswer, schema: z.ZodType<T>): T {
  const json = parseJson(answer.text());
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const isGarbled =
    json === undefined || parsed.error.issues.some((issue) => issue.code === 'custom' && issue.params?.outOfStep);
  const fields = fieldsOf(parsed.error);
  throw isGarbled
    ? toBigCommerceError(it, { status: answer.status, headers: answer.headers, text: fields })
    : unreadableAnswer(it, answer.status, fields);
}

/** Which fields cannot be read and why, never their values. */
export function fieldsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    .join('; ');
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
