import type { Pool } from '../../src/db/pool.ts';

/** Somebody invented, each part of whom can be searched for. In ASCII, so that bytes can be searched for it too. */
export interface Canary {
  readonly firstName: string;
  readonly lastName: string;
  readonly street: string;
  /** Without the country's code. */
  readonly phone: string;
  readonly email: string;
}

/** Columns (`table.column`) that hold any part of a person, in any table of the database. */
export const columnsThatHold = (pool: Pool, { lastName, street, phone, email }: Canary): Promise<string[]> =>
  columnsWith(pool, [lastName, street, phone, email]);

/**
 * Columns (`table.column`) that hold any of these texts, upper and lower case alike: found by asking the database what it
 * has, so that one that is added later is searched by itself. Bytes are searched for what can be read in them.
 */
export async function columnsWith(pool: Pool, texts: readonly string[]): Promise<string[]> {
  const parts = texts.map((text) => `%${text}%`);
  const { rows: columns } = await pool.query<{ schema: string; table: string; column: string; type: string }>(
    `select c.table_schema as schema, c.table_name as "table", c.column_name as "column", c.udt_name as type
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
      order by 1, 2, 3`,
  );
  const found: string[] = [];
  for (const { schema, table, column, type } of columns) {
    const text = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const { rowCount } = await pool.query(`select from "${schema}"."${table}" where ${text} ilike any($1) limit 1`, [
      parts,
    ]);
    if (rowCount !== 0) found.push(`${table}.${column}`);
  }
  return found;
}

/** All text of a value: of payloads and other bytes what they say, at every depth. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textOf).join('\n');
}
