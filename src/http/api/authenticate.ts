import type { RequestHandler, Response } from 'express';
import type { Db } from '../../db/pool.ts';
import { sendProblem } from '../problems.ts';
import { findToken, mayAct, type Role, type TokenInfo } from './tokens.ts';

/** Lets in who has a token of at least this role: `Authorization: Bearer lht_…`. */
export function requireRole(db: Db, needed: Role): RequestHandler {
  return async (req, res, next) => {
    const given = /^Bearer +(\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
    const token = given === undefined ? undefined : await findToken(db, given);
    if (!token) {
      res.set('www-authenticate', 'Bearer realm="lahetti"');
      return sendProblem(res, {
        status: 401,
        code: given === undefined ? 'token_missing' : 'token_not_valid',
        detail: given === undefined ? 'This needs an API token.' : 'The API token is not one of ours, or was revoked.',
        advice: 'Make one with: npm run lahetti -- tokens create --name <who> --role viewer.',
      });
    }
    if (!mayAct(token.role, needed)) {
      return sendProblem(res, {
        status: 403,
        code: 'role_too_low',
        detail: `The token "${token.name}" is a ${token.role}'s; this needs ${needed}.`,
      });
    }
    (res.locals as Locals).token = token;
    next();
  };
}

/** Who asks, as the audit names them. */
export const askedBy = (res: Response): string => `token:${(res.locals as Required<Locals>).token.name}`;

interface Locals {
  token?: TokenInfo;
}
