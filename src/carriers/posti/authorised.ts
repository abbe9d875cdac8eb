import { isAppError } from '../../errors.ts';
import type { Ask, PostiRequests, PostiResult, Settled } from './requests.ts';
import type { TokenHosts } from './token-hosts.ts';
import type { PostiToken, TokenSource } from './token.ts';

export interface Authorised {
  /**
   * Asks with a token, and once more with a new one where a cached token was refused (it may have been withdrawn) or lacks
   * the role (it may have been added since): a 401 and a 403 mean that nothing was done. Throws what the log-in throws (then
   * nothing was done either), and what `toAsk` and `read` do.
   */
  ask<T>(
    call: Ask['call'],
    toAsk: (token: PostiToken) => Omit<Ask, 'call'>,
    read: (result: PostiResult) => T,
    codeOf?: (value: T) => string | null,
  ): Promise<T>;
}

export function createAuthorised(deps: {
  readonly requests: PostiRequests;
  readonly tokens: TokenSource;
  /** Wanted by the demo on every call but the log-in (posti.md 2). */
  readonly gatewaySecret: string | undefined;
  /** Where the token may be sent. */
  readonly hosts: TokenHosts;
}): Authorised {
  const { requests, tokens, gatewaySecret, hosts } = deps;
  return {
    async ask<T>(
      call: Ask['call'],
      toAsk: (token: PostiToken) => Omit<Ask, 'call'>,
      read: (result: PostiResult) => T,
      codeOf?: (value: T) => string | null,
    ) {
      const attempt = async (token: PostiToken): Promise<Settled<T>> => {
        let it: Omit<Ask, 'call'>;
        try {
          it = toAsk(token);
          hosts.expect(it.url);
        } catch (error) {
          if (!isAppError(error)) throw error;
          return notAsked(error.code, error);
        }
        const secret = gatewaySecret === undefined ? {} : { 'x-gateway-secret': gatewaySecret };
        const headers = { authorization: `Bearer ${token.value}`, ...secret, ...it.headers };
        return requests.ask({ ...it, headers, call }, read, codeOf);
      };

      const { token, cached } = await tokens.get(call);
      const first = await attempt(token);
      if (first.status === 401) tokens.drop(token);
      const another = cached ? await anotherToken(first, token, call) : undefined;
      return (another === undefined ? first : await attempt(another)).settle();
    },
  };

  async function anotherToken(
    { status, errorCode }: Settled<unknown>,
    token: PostiToken,
    call: Ask['call'],
  ): Promise<PostiToken | undefined> {
    if (status === 401) return (await tokens.get(call)).token;
    return errorCode === 'posti_role_missing' ? tokens.withMoreRoles(token, call) : undefined;
  }
}

/** A call that was not made for want of an address, which the token names for each role. */
const notAsked = (errorCode: string, error: unknown): Settled<never> => ({
  status: null,
  errorCode,
  settle: () => {
    throw error;
  },
});
