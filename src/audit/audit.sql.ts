import type { Db } from '../db/pool.ts';

/**
 * Who did what, to what. Ids, names of settings and enums only: the audit is kept for as long as the house stands, so
 * that what is about a person stays where erasing it finds it (a command's body, an order).
 */
export interface Deed {
  readonly who: string;
  /** Stable name: `settings_saved`, `store_paused`, `command_cancel`, … */
  readonly what: string;
  /** `store/<hash>`, `order/<hash>/<id>`, `token/<name>`. */
  readonly subject: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/**
 * In the transaction of the deeds, in their order. Commands, and labels that are handed out for the first time, are
 * written down by triggers (migration 0004).
 */
export async function addToAudit(tx: Db, ...deeds: readonly Deed[]): Promise<void> {
  const asJson = (values: Deed['before']) => (values ? JSON.stringify(values) : null);
  await tx.query(
    `insert into lahetti.audit (who, what, subject, people_before, people_after)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[])`,
    [
      deeds.map(({ who }) => who),
      deeds.map(({ what }) => what),
      deeds.map(({ subject }) => subject),
      deeds.map(({ before }) => asJson(before)),
      deeds.map(({ after }) => asJson(after)),
    ],
  );
}

export interface AuditEntry {
  readonly id: number;
  readonly at: Date;
  readonly who: string;
  readonly what: string;
  readonly subject: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export interface AuditFilter {
  readonly subject?: string | undefined;
  readonly who?: string | undefined;
  readonly what?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  readonly limit: number;
  /** The last of the page before. */
  readonly after?: number | undefined;
}

/** Youngest first. A subject stands for all beneath it: `order/kauppa1` for every order of that store. */
export async function listAudit(db: Db, filter: AuditFilter): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditEntry>(
    `select id, at, who, what, subject, people_before as before, people_after as after
       from lahetti.audit
      where ($1::text is null or subject = $1 or starts_with(subject, $1 || '/'))
        and ($2::text is null or who = $2)
        and ($3::text is null or what = $3)
        and ($4::timestamptz is null or at >= $4)
        and ($5::timestamptz is null or at < $5)
        and ($6::bigint is null or id < $6)
      order by id desc limit $7`,
    [
      filter.subject ?? null,
      filter.who ?? null,
      filter.what ?? null,
      filter.from ?? null,
      filter.until ?? null,
      filter.after ?? null,
      filter.limit,
    ],
  );
  return rows;
}
