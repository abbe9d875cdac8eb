import type { RequestHandler, Response } from 'express';
import type { Db } from '../../../db/pool.ts';
import { ProblemError } from '../../problems.ts';
import { findToken } from '../../../auth/tokens.ts';
import type { TokenInfo } from '../../../auth/tokens.sql.ts';
import { mayAct, type Role } from '../../../auth/roles.ts';

/** Lets in who has a valid token, whatever its role: `Authorization: Bearer lht_…`. */
export function authenticate(db: Db): RequestHandler {
  return async (req, res, next) => {
    const given = /^Bearer +(\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
    const token = given === undefined ? undefined : await findToken(db, given);
    if (!token) {
      res.set('www-authenticate', 'Bearer realm="lahetti"');
      throw new ProblemError({
        status: 401,
        code: given === undefined ? 'token_missing' : 'token_not_valid',
        detail: given === undefined ? 'This needs an API token.' : 'The API token is not one of ours, or was revoked.',
        advice: 'Make one with: npm run lahetti -- tokens create --name <who> --role viewer.',
      });
    }
    (res.locals as Locals).token = token;
    next();
  };
}

/** Lets by who has at least this role; comes after {@link authenticate}. */
export function requireRole(needed: Role): RequestHandler {
  return (_req, res, next) => {
    const token = tokenOf(res);
    if (mayAct(token.role, needed)) return next();
    const detail = `The token "${token.name}" may act as ${token.role}; this needs ${needed}.`;
    throw new ProblemError({ status: 403, code: 'role_too_low', detail });
  };
}

/** Whose request this is. */
export function tokenOf(res: Response): TokenInfo {
  const { token } = res.locals as Locals;
  if (!token) throw new Error('Nobody has asked for a token here.');
  return token;
}

interface Locals {
  token?: TokenInfo;
}
