import { randomBytes } from 'node:crypto';
import { Router, type RequestHandler } from 'express';
import { bodyText } from '../body.ts';
import { cloudFrontRefusal, gatewayError } from './answers.ts';
import type { Account, Posti, Token } from './books.ts';

const LOCK_AFTER_FAILURES = 5;
const LOCK_MS = 3_600_000;

/** Both log-ins: the gateway's (posti.md 3.1) and the service account's (3.3). */
export function tokenRoutes(posti: Posti): Router {
  const router = Router();
  const { books, clock } = posti;

  router.post('/auth/api/v1/token', (req, res) => {
    const form = new URLSearchParams(bodyText(req));
    if (form.get('grant_type') !== 'client_credentials') {
      return void res
        .status(400)
        .json({ error: 'unsupported_grant_type', error_description: 'Unsupported grant type' });
    }
    const account = books.data.accounts.find((each) => each.clientId === form.get('client_id'));
    if (account === undefined || account.secret !== form.get('client_secret')) {
      return void res
        .status(401)
        .json({ error: 'invalid_client', error_description: 'Invalid client or Invalid client credentials' });
    }
    res.json({
      access_token: issue(posti, account, 'gateway'),
      token_type: 'Bearer',
      expires_in: account.tokenSeconds,
      posti_fi: { targets: targetsOf(posti, account) },
    });
  });

  const serviceAccount: RequestHandler = (req, res) => {
    const [id = '', ...secret] = basic(req.get('authorization')).split(':');
    const lock = (books.data.lockouts[id] ??= { failures: 0 });
    const account = books.data.accounts.find((each) => each.serviceAccount?.id === id);
    const locked = lock.lockedUntil !== undefined && new Date(lock.lockedUntil) > clock.now();
    books.touch();
    if (locked || account?.serviceAccount?.secret !== secret.join(':')) {
      // Five wrong log-ins lock the account for an hour, also for the right secret (posti.md 3.3).
      if (!locked && ++lock.failures >= LOCK_AFTER_FAILURES) {
        lock.lockedUntil = new Date(clock.now().getTime() + LOCK_MS).toISOString();
        lock.failures = 0;
      }
      const message = locked ? 'User account is locked' : 'Bad credentials';
      return void res.status(401).json({ error: 'Unauthorized', message });
    }
    delete books.data.lockouts[id];
    res.json({
      token_type: 'bearer',
      access_token: issue(posti, account, 'service'),
      expires_in: account.tokenSeconds - 1,
    });
  };
  router.post('/oauth/token', serviceAccount);
  router.post('/tracking/oauth/token', serviceAccount);
  return router;
}

/**
 * Lets a call pass that has a living token with the wanted role, and leaves its account in `res.locals.account`.
 * `tracking` is no role of the gateway: access to it hangs on the account, and is judged by the tracking routes.
 */
export function needsToken(posti: Posti, role: string): RequestHandler<Record<string, string>> {
  return (req, res, next) => {
    // Tracking's refusals have no body (posti.md 6.1).
    const refuse = (code: 'UNAUTHORIZED' | 'INVALID_TOKEN' | 'EXPIRED', message: string) =>
      role === 'tracking' ? void res.status(401).end() : gatewayError(res, code, message);
    const text = /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
    const token = posti.books.data.tokens[text ?? ''];
    const account = posti.books.data.accounts.find((each) => each.clientId === token?.clientId);
    // It stands before the API, and turns a call away whatever its token is worth, also without one (posti.md 2 [V-obs]).
    if (!passesTheDoor(posti.books.data.accounts, account, role, req.get('x-gateway-secret'))) {
      return cloudFrontRefusal(res);
    }
    if (text === undefined) return refuse('UNAUTHORIZED', 'Authorization token is missing');
    if (token === undefined || account === undefined) return refuse('INVALID_TOKEN', 'Invalid token');
    if (token.expiresMs <= Date.now()) return refuse('EXPIRED', 'Token has expired');
    if (role !== 'tracking' && (token.flavour === 'service' || !account.roles.includes(role))) {
      return gatewayError(res, 'FORBIDDEN', `Access to ${role} is not allowed`);
    }
    res.locals.account = account;
    next();
  };
}

/**
 * Whether what stands before the demo's gateway lets a call through: with the demo's secret. An account with a secret is one
 * of the demo, one without it is production's, where nothing is asked for. Whose token is not known can be of either: then
 * this is the demo if anybody here is of it. Tracking is on another host (posti.md 1), and shows its door only to the demo's
 * own accounts, as our callers send the secret there, too.
 */
function passesTheDoor(
  accounts: readonly Account[],
  caller: Account | undefined,
  role: string,
  given: string | undefined,
): boolean {
  if (caller) return caller.gatewaySecret === undefined || given === caller.gatewaySecret;
  if (role === 'tracking') return true;
  const secrets = accounts.flatMap(({ gatewaySecret }) => gatewaySecret ?? []);
  return secrets.length === 0 || (given !== undefined && secrets.includes(given));
}

function issue(posti: Posti, account: Account, flavour: Token['flavour']): string {
  const { books } = posti;
  for (const [text, token] of Object.entries(books.data.tokens)) {
    // One that has ended is told so, and not called unknown (posti.md 5.6, EXPIRED); it is remembered for a day.
    if (token.expiresMs < Date.now() - 86_400_000) delete books.data.tokens[text];
  }
  // Opaque and about 2350 characters long, like the observed ones (posti.md 3.1): too long for a careless column.
  const text = `PostiExt.1.SIM.${randomBytes(1750).toString('base64url')}`;
  books.data.tokens[text] = {
    clientId: account.clientId,
    flavour,
    expiresMs: Date.now() + account.tokenSeconds * 1000,
  };
  books.touch();
  return text;
}

function targetsOf(posti: Posti, account: Account): Record<string, { url: string; tier: number }> {
  const path: Record<string, string> = { shippingapi: '/shippingapi/api' };
  return Object.fromEntries(
    account.roles.map((role) => [role, { url: posti.baseUrl() + (path[role] ?? `/${role}`), tier: 1 }]),
  );
}

function basic(header: string | undefined): string {
  const encoded = /^Basic (\S+)$/i.exec(header ?? '')?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8');
}
