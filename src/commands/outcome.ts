import type { CommandKind, CommandOutcome } from '../../workflows/contract.ts';
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

/** The one shipment that a command is about: the one it names, or the only one of those that would fit. */
export function theOne(
  { shipments, n }: Pick<CommandWork, 'shipments' | 'n'>,
  kind: CommandKind,
  fits: (s: ShipmentToCommand) => boolean,
): ShipmentToCommand | CommandOutcome {
  if (n !== null) return shipments.find((s) => s.n === n) ?? refused(`The order has no shipment ${n}.`);
  const [one, another] = shipments.filter(fits);
  if (!one) return refused(`The order has no shipment that ${kind.replace('_', ' ')} is for.`);
  if (another) return refused('The order has several such shipments: say which one.');
  return one;
}

export const isOutcome = (value: ShipmentToCommand | CommandOutcome): value is CommandOutcome => 'outcome' in value;

/** Several outcomes as one: done if anything was, with what was refused beside it. */
export function together(outcomes: readonly CommandOutcome[]): CommandOutcome {
  const reasons = outcomes.flatMap((o) => (o.outcome === 'refused' && o.reason ? [o.reason] : []));
  if (reasons.length === 0) return done;
  const reason = reasons.join(' ');
  return outcomes.some((o) => o.outcome === 'done') ? { outcome: 'done', reason } : refused(reason);
}
