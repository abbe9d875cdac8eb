import type { Db } from '../../db/pool.ts';
import { maybeOne } from '../../db/rows.ts';
import type { Role, TokenInfo } from './tokens.ts';

const columns = `id, name, role, created_at as "createdAt", revoked_at as "revokedAt"`;

/** Undefined where the name is taken: a token's name is what the audit calls its holder, also after it was revoked. */
export async function insertToken(
  db: Db,
  token: { name: string; role: Role; hash: Buffer },
): Promise<TokenInfo | undefined> {
  const { rows } = await db.query<TokenInfo>(
    `insert into lahetti.api_tokens (name, role, hash) values ($1, $2, $3)
     on conflict (name) do nothing returning ${columns}`,
    [token.name, token.role, token.hash],
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
export async function revokeToken(db: Db, name: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update lahetti.api_tokens set revoked_at = now() where name = $1 and revoked_at is null`,
    [name],
  );
  return rowCount === 1;
}
