/** BigCommerce's status of an order that the merchant cancelled (bigcommerce.md 2.7). */
export const cancelled = 5;

/** What was done to the order, as far as laws hang on it. */
export interface Facts {
  /** Most units that were ever ordered of a line. */
  readonly everOrdered: Map<number, number>;
  /** References whose label a person said to be destroyed. */
  readonly saidDestroyed: Set<string>;
  /** Tracking numbers whose record the merchant deleted. */
  readonly deletedInShop: Set<string>;
  /** What Posti had booked when the order was put on hold; null while it is not. */
  bookedBeforeHold: ReadonlySet<string> | null;
  /** Shipments of which something lies on the way: Posti's answer to us, or our record to the shop. */
  held: readonly number[];
  /** Posti does not let the account book. */
  isLockedOut: boolean;
  /** The merchant cancelled the order, we have read it so, and nobody did anything else to its status since. */
  readAsCancelled: boolean;
  /** Somebody else made a record, or deleted one of ours, since the merchant last chose a status: what it is now is theirs. */
  statusIsTheirs: boolean;
}
