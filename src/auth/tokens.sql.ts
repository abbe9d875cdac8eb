import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';

import type { Role } from './roles.ts';

const columns = `id, name, role, created_at as "createdAt", revoked_at as "revokedAt"`;

/** Undefined where the name is taken: a token's name is what the audit calls its holder, also after it was revoked. */
export async function insertToken(
  db: Db,
  token: { name: string; role: Role; hash: Buffer; who: string },
): Promise<TokenInfo | undefined> {
  const { rows } = await db.query<TokenInfo>(
    `with made as (
       insert into lahetti.api_tokens (name, role, hash) values ($1, $2, $3) on conflict (name) do nothing returning *
     ), noted as (
       insert into lahetti.audit (who, what, subject, people_after)
       select $4, 'token_created', 'token/' || name, jsonb_build_object('role', role) from made
     )
     select ${columns} from made`,
    [token.name, token.role, token.hash, token.who],
  );
  return maybeOne(rows);
}

export async function findTokenByHash(db: Db, hash: Buffer): Promise<TokenInfo | undefined> {
  const { rows } = await db.query<TokenInfo>(
    `select ${columns} from lahetti.api_tokens where hash = $1 and revoked_at is null`,
    [hash],
  );
  return maybeOne(rows);
}

export async function listTokens(db: Db): Promise<TokenInfo[]> {
  const { rows } = await db.query<TokenInfo>(`select ${columns} from lahetti.api_tokens order by id`);
  return rows;
}

/** False where no token of that name is valid. */
export async function revokeToken(db: Db, name: string, who = 'lahetti'): Promise<boolean> {
  const { rowCount } = await db.query(
    `with revoked as (
       update lahetti.api_tokens set revoked_at = now() where name = $1 and revoked_at is null returning name
     )
     insert into lahetti.audit (who, what, subject) select $2, 'token_revoked', 'token/' || name from revoked`,
    [name, who],
  );
  return rowCount === 1;
}

export interface TokenInfo {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}
