/**
 * Why something can't be booked as it stands, for the person who has to mend it.
 *
 * `code` and `field` are stable names and never hold a value from an order, so they may reach logs and workflows.
 * `problem` and `remedy` are sentences for staff, may quote what was read, and stay in Postgres.
 */
export interface Problem {
  /** Stable name for programs, like `service_weight_exceeded`. */
  readonly code: string;
  /** What to look at, like `receiver.postcode`. */
  readonly field: string;
  /** What is wrong, naming the rule and its limit. */
  readonly problem: string;
  /** What would help. */
  readonly remedy: string;
}

/** Tells a problem from the result that was asked for. */
export const isProblem = (value: object): value is Problem =>
  'code' in value && 'problem' in value && 'remedy' in value;
