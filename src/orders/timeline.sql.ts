import type { Db } from '../db/pool.ts';

/** What happened to an order, for people to read. `words` hold no personal data; `what` is a stable name. */
export interface Happening {
  readonly n?: number;
  readonly what: string;
  readonly words: string;
  readonly who?: string;
}

/** Adds to an order's timeline, in the transaction of what happened. */
export async function addToTimeline(tx: Db, orderPk: number, happening: Happening): Promise<void> {
  await tx.query(`insert into lahetti.timeline (order_pk, shipment_n, what, words, who) values ($1, $2, $3, $4, $5)`, [
    orderPk,
    happening.n ?? null,
    happening.what,
    happening.words,
    happening.who ?? 'lahetti',
  ]);
}
