import { z } from 'zod';
import { AppError, isAppError } from '../../errors.ts';
import type { Call } from '../../exchanges/exchange.ts';
import { parseJson } from '../../http-client/body-text.ts';
import { readWords } from './answer-words.ts';
import { toPostiError } from './errors.ts';
import type { Ask, PostiRequests } from './requests.ts';

export interface PostiToken {
  readonly value: string;
  readonly expiresAt: Date;
  /** Base addresses by role (`posti_fi.targets`), or null where the answer has none, as with service accounts. */
  readonly targets: Readonly<Record<string, string>> | null;
}

/** Either kind of log-in (posti.md 3.1 and 3.3). */
export type LogIn =
  | { readonly kind: 'gateway'; readonly url: string; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'service_account'; readonly url: string; readonly id: string; readonly secret: string };

export interface TokenSource {
  /** `cached`: it was not asked for on behalf of this caller, and may have been withdrawn since. @throws AppError */
  get(call: Call): Promise<{ readonly token: PostiToken; readonly cached: boolean }>;
  /** Forgets a token that was refused, unless it has been replaced already. */
  drop(token: PostiToken): void;
  /**
   * Another token in place of one that lacks a role: roles are given with the token, so that one that was added since is
   * in a new token only (posti.md 3.1). Undefined where a new one was asked for a moment ago for the same reason: an
   * account that really lacks the role must not log in at every call. @throws AppError
   */
  withMoreRoles(token: PostiToken, call: Call): Promise<PostiToken | undefined>;
  /** Asks anew, whatever is remembered. @throws AppError */
  renew(call: Call): Promise<PostiToken>;
}

/** A token is renewed this long before its end, or at half of its life where that is shorter. */
const renewBeforeMs = 60_000;
/** After a refused log-in nobody asks again for this long: five of them lock a service account for an hour (posti.md 3.3). */
const rememberRefusalMs = 60_000;
/** A process asks at most this often for a token with more roles. */
const renewForRolesMs = 60_000;

/** One token for all callers: parallel calls wait for one log-in, which no caller's abort ends. */
export function createTokenSource(deps: {
  readonly requests: PostiRequests;
  readonly logIn: LogIn;
  readonly clock: { now(): Date };
}): TokenSource {
  let current: { token: PostiToken; renewAt: number } | undefined;
  let refused: { error: AppError; until: number } | undefined;
  let underWay: Promise<PostiToken> | undefined;
  let renewedForRolesAt = -Infinity;
  const now = () => deps.clock.now().getTime();

  async function logIn(call: Call): Promise<PostiToken> {
    try {
      const ask = { ...toAsk(deps.logIn), call: { about: call.about } };
      const settled = await deps.requests.ask(ask, (result) => readToken(deps.logIn, result, deps.clock.now()));
      const { token, livesMs } = settled.settle();
      current = { token, renewAt: token.expiresAt.getTime() - Math.min(renewBeforeMs, livesMs / 2) };
      refused = undefined;
      return token;
    } catch (error) {
      current = undefined;
      if (isAppError(error) && error.kind === 'credentials') refused = { error, until: now() + rememberRefusalMs };
      throw error;
    } finally {
      underWay = undefined;
    }
  }

  const renew = (call: Call): Promise<PostiToken> => (underWay ??= logIn(call));

  return {
    renew,
    async get(call) {
      if (current && now() < current.renewAt) return { token: current.token, cached: true };
      if (refused && now() < refused.until) throw refused.error;
      return { token: await renew(call), cached: false };
    },
    drop(token) {
      if (current?.token === token) current = undefined;
    },
    async withMoreRoles(token, call) {
      if (underWay) return underWay;
      if (current && current.token !== token) return current.token;
      if (refused && now() < refused.until) throw refused.error;
      if (now() - renewedForRolesAt < renewForRolesMs) return undefined;
      renewedForRolesAt = now();
      return renew(call);
    },
  };
}

/** The base address of a role. @throws AppError `credentials` `posti_role_missing` where the account has no such role */
export function targetOf(token: PostiToken, roles: readonly string[], fallback: string | undefined): string {
  const found = roles.map((role) => token.targets?.[role]).find((url) => url !== undefined);
  if (found !== undefined) return found.replace(/\/+$/, '');
  if (token.targets === null && fallback !== undefined) return fallback.replace(/\/+$/, '');
  const named = Object.keys(token.targets ?? {});
  throw new AppError(
    `The Posti account has no role for ${roles.join(' or ')} (it has ${named.join(', ') || 'none'}).`,
    {
      kind: 'credentials',
      code: 'posti_role_missing',
      status: 403,
      advice: `Enable the API role ${roles.join(' or ')} for the application account in Posti’s developer portal.`,
    },
  );
}

function toAsk(logIn: LogIn): Omit<Ask, 'call'> {
  const purpose = purposeOf(logIn);
  if (logIn.kind === 'service_account') {
    const basic = Buffer.from(`${logIn.id}:${logIn.secret}`).toString('base64');
    const url = `${logIn.url}${logIn.url.includes('?') ? '&' : '?'}grant_type=client_credentials`;
    return { method: 'POST', url, purpose, headers: { authorization: `Basic ${basic}` } };
  }
  const form = { grant_type: 'client_credentials', client_id: logIn.clientId, client_secret: logIn.clientSecret };
  return {
    method: 'POST',
    url: logIn.url,
    purpose,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    logged: form,
  };
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().catch(3600),
  posti_fi: z
    .object({ targets: z.record(z.string(), z.object({ url: z.url() })) })
    .nullish()
    .catch(null),
});

type LogInResult = Parameters<Parameters<PostiRequests['ask']>[1]>[0];

function readToken(logIn: LogIn, result: LogInResult, now: Date): { token: PostiToken; livesMs: number } {
  const purpose = purposeOf(logIn);
  if ('failure' in result) throw toPostiError(purpose, result, now);
  const { status, text } = result;
  const words = readWords(text).words;
  // Wrong credentials are 401 [I]; OAuth itself says 400 with `invalid_client` for them.
  if (status === 401 || (status === 400 && /invalid_client|unauthorized_client/.test(text)))
    throw refusedLogIn(logIn, status, words);
  if (status !== 200) throw notLoggedIn(logIn, toPostiError(purpose, result, now));
  const parsed = tokenAnswer.safeParse(parseJson(text));
  if (!parsed.success) throw toPostiError(purpose, { ...result, text: 'no access_token' }, now);
  const livesMs = parsed.data.expires_in * 1000;
  const targets = parsed.data.posti_fi?.targets;
  return {
    livesMs,
    token: {
      value: parsed.data.access_token,
      expiresAt: new Date(now.getTime() + livesMs),
      targets: targets ? Object.fromEntries(Object.entries(targets).map(([name, { url }]) => [name, url])) : null,
    },
  };
}

/** A log-in is about no order: what refuses it otherwise than for the secret is trouble of the system, or of its address. */
function notLoggedIn(logIn: LogIn, error: AppError): AppError {
  const { message, kind, status, words } = error;
  if (kind !== 'refused' && kind !== 'not_found') return error;
  return new AppError(message, {
    kind: 'retryable',
    code: 'posti_address_unknown',
    ...(status === undefined ? {} : { status }),
    ...(words === undefined ? {} : { words }),
    advice: `Check ${logIn.kind === 'gateway' ? 'POSTI_AUTH_URL' : 'POSTI_TRACKING_AUTH_URL'}: without it the address is that of production.`,
    cause: error,
  });
}

function refusedLogIn(logIn: LogIn, status: number, words: string): AppError {
  const locked = /lock/i.test(words);
  // Its own code: what refuses tracking says nothing of the account that books.
  const [whose, code] =
    logIn.kind === 'gateway'
      ? (['the', 'posti_credentials_refused'] as const)
      : (['tracking’s own', 'posti_tracking_login_refused'] as const);
  return new AppError(
    locked
      ? `Posti has locked ${logIn.kind === 'gateway' ? 'the account' : 'the service account for tracking'} for now.`
      : `Posti does not accept ${whose} client id and secret.`,
    {
      kind: 'credentials',
      code,
      status,
      words,
      advice: locked
        ? 'Wait for an hour: five wrong log-ins lock an account for so long. Then check the secret before anything else.'
        : `Check ${whose} client id and secret, and that they are of this environment (demo or production). Five wrong log-ins lock an account for an hour.`,
    },
  );
}

/** Apart, so that a refused log-in for tracking is not taken for one of the account (src/doctor/refused-log-in.sql.ts). */
const purposeOf = ({ kind }: LogIn): string => {
  switch (kind) {
    case 'gateway':
      return 'log in';
    case 'service_account':
      return trackingLogInPurpose;
    default:
      return kind satisfies never;
  }
};

export const trackingLogInPurpose = 'log in for tracking';
