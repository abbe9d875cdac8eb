import type { CommandOutcome } from '../domain/commands.ts';
import { whyNotShipment } from '../domain/offered-commands.ts';
import type { Db } from '../db/pool.ts';
import type { OrderRow } from '../orders/orders.sql.ts';
import type { ShipmentToCommand } from './shipments.sql.ts';

/** What carrying out a command needs: the order, locked, with its shipments, in the transaction that holds the lock. */
export interface CommandWork<Body = unknown> {
  readonly tx: Db;
  readonly order: OrderRow;
  readonly storeId: number;
  readonly orderId: number;
  readonly shipments: readonly ShipmentToCommand[];
  /** Null for the whole order. */
  readonly n: number | null;
  readonly body: Body;
  readonly who: string;
  readonly now: Date;
}

export const done: CommandOutcome = { outcome: 'done' };

/** @param reason a sentence for the person who asked; it travels, and has no personal data */
export const refused = (reason: string): CommandOutcome => ({ outcome: 'refused', reason });

/** The one shipment that a command is about: the one it names, or the only one of those that it applies to. */
export function theOne(
  { shipments, n }: Pick<CommandWork, 'shipments' | 'n'>,
  kind: 'change' | 'resolve',
): ShipmentToCommand {
  const [one, another] = shipments.filter((s) => (n === null || s.n === n) && whyNotShipment(kind, s) === null);
  // Asked before (src/domain/offered-commands.ts), with the same facts.
  if (!one || another) throw new Error(`The command ${kind} was carried out although it does not apply.`);
  return one;
}

/** Several outcomes as one: done if anything was, with what was refused beside it. */
export function together(outcomes: readonly CommandOutcome[]): CommandOutcome {
  const reasons = outcomes.flatMap((o) => (o.outcome === 'refused' && o.reason ? [o.reason] : []));
  if (reasons.length === 0) return done;
  const reason = reasons.join(' ');
  return outcomes.some((o) => o.outcome === 'done') ? { outcome: 'done', reason } : refused(reason);
}
