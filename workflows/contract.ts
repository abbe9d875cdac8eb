/**
 * Everything that both sides of the engine must agree on. Importable from anywhere; imports nothing but Temporal's two
 * sandbox packages. Only ids and small enums travel: never a name, an address, a label or a carrier's body.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { CommandKind, CommandOutcome } from '../src/domain/commands.ts';
import type { OrderRef } from '../src/domain/order-ref.ts';
import type { OrderWithCommands } from '../src/domain/order-state.ts';

/** `order/<storeHash>/<orderId>`: support finds one page per order, and the engine runs at most one of them at a time. */
export const orderWorkflowId = (ref: OrderRef): string => `order/${ref.storeHash}/${ref.orderId}`;

/** The reverse of {@link orderWorkflowId}; `undefined` for the id of any other workflow. */
export function parseOrderWorkflowId(workflowId: string): OrderRef | undefined {
  const match = /^order\/([a-z0-9]+)\/(\d+)$/.exec(workflowId);
  return match ? { storeHash: match[1]!, orderId: Number(match[2]) } : undefined;
}

export const scheduleIds = {
  sweep: (storeHash: string) => `sweep/${storeHash}`,
  watchman: 'watchman',
  watch: 'watch',
  erasure: 'erasure',
} as const;

export const taskQueues = {
  /** Workflows, and every step that talks to our own database or to a shop. */
  orders: 'lahetti',
  /** Steps that talk to Posti; every worker polls it with the same rate (Posti allows 50 requests a second per address). */
  posti: 'lahetti-posti',
} as const;

/** Durations in milliseconds. They enter a workflow as input: nothing inside it reads another clock. */
export interface Timings {
  /** Hints that come within this time of a look are one more look; 0 where they were gathered before they came. */
  readonly gatherHints: number;
  /** How long a run waits for a hint or command when nothing can be done, before it ends and Postgres calls the order waiting. */
  readonly linger: number;
  readonly poll: {
    readonly beforeFirstScan: number;
    readonly inTransit: number;
    /** Out for delivery, or waiting at the pickup point. */
    readonly nearTheEnd: number;
  };
  /** Silence of the carrier that needs attention; polling goes on. */
  readonly silence: { readonly beforeFirstScan: number; readonly betweenScans: number };
  /** First and longest delay between tries of a step. */
  readonly retry: { readonly first: number; readonly longest: number };
  /** Start-to-close of one try of a step that talks to another system; longer than its HTTP timeout (src/health/try-limits.ts). */
  readonly tryTimeout: number;
}

export interface OrderInput extends OrderRef {
  readonly timings: Timings;
}

export interface SweepInput {
  readonly storeHash: string;
}

/** The command itself is a row of `lahetti.commands`; only its id and kind travel. */
export interface CommandRef {
  readonly commandId: string;
  readonly kind: CommandKind;
  /** Shipment number, or null for the whole order. */
  readonly n: number | null;
}

/** "Look at this order": carries no data, so that it may be late, doubled, reordered or lost. */
export const hint = defineSignal('hint');
export const getState = defineQuery<OrderWithCommands | null>('getState');
export const command = defineUpdate<CommandOutcome, [CommandRef]>('command');

/** At most ten Keyword attributes; what support searches by in the Temporal UI. */
export const searchAttributes = {
  store: defineSearchAttributeKey('LahettiStore', 'KEYWORD'),
  order: defineSearchAttributeKey('LahettiOrder', 'KEYWORD'),
  phase: defineSearchAttributeKey('LahettiPhase', 'KEYWORD'),
  attention: defineSearchAttributeKey('LahettiAttention', 'KEYWORD'),
  tracking: defineSearchAttributeKey('LahettiTracking', 'KEYWORD'),
} as const;
