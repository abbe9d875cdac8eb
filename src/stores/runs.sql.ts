import type { Db } from '../db/pool.ts';
import { one } from '../db/rows.ts';

export type RunKind = 'sweep' | 'watchman' | 'watch' | 'hooks' | 'erasure';
export type RunCounts = Readonly<Record<string, number>>;

/** One run of scheduled work: what it has done so far, and whether it ended. */
export interface Run {
  readonly id: number;
  readonly storeId: number | null;
  readonly kind: string;
  readonly startedAt: Date;
  /** Null while it runs. */
  readonly endedAt: Date | null;
  readonly counts: RunCounts;
  readonly watermark: Date | null;
  readonly failure: string | null;
}

/** `storeId` is null for work that is about no single store. */
export interface RunSubject {
  readonly storeId: number | null;
  readonly kind: RunKind;
}

/** Not `is not distinct from`, which no index answers. */
const ofStore = `(store_id = $1::bigint or $1::bigint is null and store_id is null)`;

/** Opens a run and gives back its id. One that was left open belongs to a process that died: it is called interrupted. */
export async function startRun(db: Db, { storeId, kind }: RunSubject): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `with interrupted as (
       update lahetti.runs set ended_at = now(), failure = 'interrupted'
       where kind = $2 and ${ofStore} and ended_at is null
     )
     insert into lahetti.runs (store_id, kind) values ($1, $2) returning id`,
    [storeId, kind],
  );
  return one(rows).id;
}

/** Shows how far a run is. A watermark goes in after what it covers was committed, and never goes back. */
export async function saveProgress(db: Db, runId: number, counts: RunCounts, watermark: Date | null): Promise<void> {
  await db.query(`update lahetti.runs set counts = $2, watermark = greatest(watermark, $3) where id = $1`, [
    runId,
    JSON.stringify(counts),
    watermark,
  ]);
}

export async function endRun(db: Db, runId: number, counts: RunCounts, failure: string | null): Promise<void> {
  await db.query(`update lahetti.runs set counts = $2, failure = $3, ended_at = now() where id = $1`, [
    runId,
    JSON.stringify(counts),
    failure,
  ]);
}

/** How far runs of this kind have come, also those that failed later; null before the first. */
export async function watermarkOf(db: Db, { storeId, kind }: RunSubject): Promise<Date | null> {
  const { rows } = await db.query<{ watermark: Date | null }>(
    `select max(watermark) as watermark from lahetti.runs where kind = $2 and ${ofStore}`,
    [storeId, kind],
  );
  return one(rows).watermark;
}

/**
 * Forgets runs that are older, but for the last of its kind and store that ended well, and the one that came furthest: the
 * next goes on from there, also after a pause of months.
 */
export async function forgetRuns(db: Db, olderThanMs: number): Promise<void> {
  await db.query(
    `delete from lahetti.runs r
      where r.started_at < now() - $1 * interval '1 millisecond' and r.ended_at is not null
        and exists (select from lahetti.runs later
                     where later.kind = r.kind and (later.store_id = r.store_id or later.store_id is null and r.store_id is null)
                       and later.started_at > r.started_at and later.ended_at is not null and later.failure is null
                       and (r.watermark is null or later.watermark >= r.watermark))`,
    [olderThanMs],
  );
}

/** The newest runs first. */
export async function listRuns(
  db: Db,
  filter: { readonly storeId?: number; readonly kind?: RunKind; readonly limit: number },
): Promise<Run[]> {
  const { rows } = await db.query<RunRow>(
    `select * from lahetti.runs
     where ($1::bigint is null or store_id = $1) and ($2::text is null or kind = $2)
     order by id desc limit $3`,
    [filter.storeId ?? null, filter.kind ?? null, filter.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    storeId: row.store_id,
    kind: row.kind,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    counts: row.counts,
    watermark: row.watermark,
    failure: row.failure,
  }));
}

interface RunRow {
  id: number;
  store_id: number | null;
  kind: string;
  started_at: Date;
  ended_at: Date | null;
  counts: RunCounts;
  watermark: Date | null;
  failure: string | null;
}
