import type { Ask, PostiRequests, PostiResult } from './requests.ts';
import type { PostiToken, TokenSource } from './token.ts';

export interface Authorised {
  /**
   * Asks with a token, and once more with a new one where a cached token was refused: it may have been withdrawn, and a
   * 401 means that nothing was done. Throws what the log-in throws (then nothing was sent), and what `toAsk` and `read` do.
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
}): Authorised {
  return {
    async ask(call, toAsk, read, codeOf) {
      const attempt = (token: PostiToken) => {
        const it = toAsk(token);
        const secret = deps.gatewaySecret === undefined ? {} : { 'x-gateway-secret': deps.gatewaySecret };
        const headers = { authorization: `Bearer ${token.value}`, ...secret, ...it.headers };
        return deps.requests.ask({ ...it, headers, call }, read, codeOf);
      };
      const { token, cached } = await deps.tokens.get(call);
      const first = await attempt(token);
      if (first.status !== 401) return first.settle();
      deps.tokens.drop(token);
      if (!cached) return first.settle();
      return (await attempt((await deps.tokens.get(call)).token)).settle();
    },
  };
}
