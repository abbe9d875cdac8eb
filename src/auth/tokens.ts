import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../db/pool.ts';
import { AppError } from '../errors.ts';
import { findTokenByHash, insertToken, type TokenInfo } from './tokens.sql.ts';
import type { Role } from './roles.ts';

/**
 * Makes an API token and gives it back this once: only its hash is kept. A plain SHA-256 will do for 256 random bits.
 * @throws AppError `token_name_taken` (conflict)
 */
export async function createToken(
  db: Db,
  name: string,
  role: Role,
  who = 'lahetti',
): Promise<{ token: string; info: TokenInfo }> {
  const token = `lht_${randomBytes(32).toString('base64url')}`;
  const info = await insertToken(db, { name, role, hash: hashOf(token), who });
  if (!info) {
    throw new AppError(`There is or was a token named "${name}".`, {
      kind: 'conflict',
      code: 'token_name_taken',
      advice: 'Choose another name: the audit tells by it who did what.',
    });
  }
  return { token, info };
}

/** Whose token it is; undefined for what is no valid token of ours. */
export async function findToken(db: Db, token: string): Promise<TokenInfo | undefined> {
  return /^lht_[\w-]{43}$/.test(token) ? findTokenByHash(db, hashOf(token)) : undefined;
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
