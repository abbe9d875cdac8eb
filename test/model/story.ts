import type { OrderWithCommands, ShipmentWithCommands } from '../../src/domain/order-state.ts';
import { gather } from './evidence.ts';
import { complaints } from './laws.ts';
import type { OrderInPlay } from './order-in-play.ts';
import { cancelled, type Facts } from './facts.ts';

/** The model: how the order was when it last came to rest, and what was done to it since and before. */
export class Story {
  readonly facts: Facts = {
    everOrdered: new Map(),
    saidDestroyed: new Set(),
    deletedInShop: new Set(),
    bookedBeforeHold: null,
    held: [],
    isLockedOut: false,
    readAsCancelled: false,
    statusIsTheirs: false,
  };
  /** As it was seen last; undefined before it was ever read. */
  seen: OrderWithCommands | undefined;
  /** Nothing has happened since it was seen. */
  isAtRest = false;
  /** Posti has scans that we have not asked for. */
  hasNewScans = false;
  /** What the shop has cannot be booked as it stands. */
  isAddressBroken = false;
  #lastChange = 0;

  get shipments(): readonly ShipmentWithCommands[] {
    return this.seen?.shipments ?? [];
  }

  /** Something is done that goes on by itself. */
  stir(): void {
    this.isAtRest = false;
  }

  /**
   * Waits until all of it has come to its rest, and judges how it stands.
   *
   * @throws with every law that does not hold
   */
  async settle(order: OrderInPlay): Promise<OrderWithCommands | undefined> {
    const stored = await order.rest();
    this.facts.isLockedOut = order.isLockedOut;
    this.facts.held = order.onTheWay.held.map(({ n }) => n);
    this.isAtRest = true;
    this.seen = stored;
    if (!stored) return undefined;
    const evidence = await gather(order, stored, this.#lastChange);
    for (const { id, quantity } of evidence.inShop.lines) {
      this.facts.everOrdered.set(id, Math.max(quantity, this.facts.everOrdered.get(id) ?? 0));
    }
    if (evidence.inShop.status_id === cancelled) this.facts.readAsCancelled = true;
    this.#lastChange = evidence.changes.at(-1)?.id ?? this.#lastChange;
    const found = complaints(evidence, this.facts);
    if (found.length > 0) throw new Error([...new Set(found)].join('\n'));
    return stored;
  }
}
