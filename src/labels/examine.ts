import type { ShipmentRef } from '../domain/order-ref.ts';
import type { Pool } from '../db/pool.ts';
import type { LabelChecker } from './checker.ts';
import { noteDoubts, unexaminedLabels } from './labels.sql.ts';

export interface ExamineDeps {
  readonly pool: Pool;
  readonly checker: LabelChecker;
  readonly now: () => Date;
}

/**
 * Looks at the labels of a booking that were kept and not looked at yet. Their booking is committed, so that no file can
 * cost us what it says; a process that dies over one leaves it as not examined, and the next try looks again.
 */
export async function examineLabels({ pool, checker, now }: ExamineDeps, ref: ShipmentRef): Promise<void> {
  for (const { id, pdf } of await unexaminedLabels(pool, ref)) {
    await noteDoubts(pool, ref, id, await checker.check(pdf), now());
  }
}
