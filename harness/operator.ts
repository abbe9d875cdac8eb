import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { OrderRef } from '../src/domain/order-ref.ts';
import type { CommandKind, CommandOutcome } from '../src/domain/commands.ts';
import { problemsOf } from '../src/cli/staff.sql.ts';
import type { PickupProposal } from '../src/booking/pickup-proposals.ts';
import type { Pool } from '../src/db/pool.ts';
import { findOrderHead, shipmentDetails } from '../src/orders/search.sql.ts';
import { findCommand, insertCommand } from '../src/inbox/commands.sql.ts';
import { findUnread } from '../src/orders/unread-orders.sql.ts';
import type { Store } from '../src/stores/store.ts';
import { findStore } from '../src/stores/stores.sql.ts';
import type { AttemptEnd } from './scenario.ts';

const patienceMs = 20_000;

/** Somebody in the office, who reads what needs attention and commands. */
export interface Operator {
  /**
   * By the door that every command takes: a row. Asked again for what nobody has seen the outcome of, it is the same command.
   * @throws Error when nobody carries it out in time
   */
  command(ref: OrderRef, kind: CommandKind, n: number | null, body: object): Promise<CommandOutcome>;
  /** The pickup points that are proposed for an order's shipment, nearest first; where none are any more, those that were. */
  proposedPoints(ref: OrderRef, n: number): Promise<PickupProposal[]>;
  /** The status that the shop said when the order was last read. */
  statusAsRead(ref: OrderRef): Promise<number | undefined>;
  /** Why it could not be read, where we heard of it and have not read it. */
  failureToRead(ref: OrderRef): Promise<string | undefined>;
  /** What a shipment needs a person for, in the words for staff. */
  problems(ref: OrderRef, n: number): Promise<string[]>;
  /** By which the store's orders are read. */
  weightUnit(ref: OrderRef): Promise<string | undefined>;
  /** The references of an order's attempts that came to this. */
  referencesOf(ref: OrderRef, state: AttemptEnd): Promise<string[]>;
}

export function createOperator({ pool, stores }: { pool: Pool; stores: readonly Store[] }): Operator {
  /** Ids of commands that may have been carried out, without our having heard of it. */
  const unheard = new Map<string, string>();
  const lastProposed = new Map<string, PickupProposal[]>();
  return {
    async command({ storeHash, orderId }, kind, n, body) {
      const asked = JSON.stringify([storeHash, orderId, kind, n, body]);
      const id = unheard.get(asked) ?? randomUUID();
      unheard.set(asked, id);
      const storeId = stores.find((store) => store.storeHash === storeHash)?.id ?? 0;
      await insertCommand(pool, { id, storeId, orderId, n, kind, body, who: 'demo', source: 'demo' });
      for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await delay(100)) {
        const { outcome, reason } = (await findCommand(pool, id)) ?? {};
        if (!outcome) continue;
        unheard.delete(asked);
        return { outcome, ...(reason ? { reason } : {}) };
      }
      throw new Error(`Nobody carried out "${kind.replace('_', ' ')}" of order ${storeHash}/${orderId}.`);
    },
    statusAsRead: async (ref) => (await findOrderHead(pool, ref))?.statusId,
    failureToRead: async (ref) => (await findUnread(pool, ref))?.failure ?? undefined,
    async problems(ref, n) {
      const problems = (await problemsOf(pool, ref)).find((each) => each.n === n)?.problems ?? [];
      return problems.map(({ problem }) => problem);
    },
    weightUnit: async ({ storeHash }) => (await findStore(pool, storeHash))?.weight_units,
    async referencesOf(ref, state) {
      const attempts = (await shipmentDetails(pool, ref)).flatMap((shipment) => shipment.attempts);
      return attempts.filter((attempt) => attempt.state === state).map(({ reference }) => reference);
    },
    async proposedPoints(ref, n) {
      const problems = (await problemsOf(pool, ref)).find((each) => each.n === n)?.problems ?? [];
      const proposed = problems.flatMap((problem) =>
        'proposals' in problem ? (problem.proposals as PickupProposal[]) : [],
      );
      const name = `${ref.storeHash}/${ref.orderId}/${n}`;
      // Somebody who has chosen and not heard of it asks for the same again.
      if (proposed.length > 0) lastProposed.set(name, proposed);
      return lastProposed.get(name) ?? [];
    },
  };
}
