/** What a figure is, and what measuring one gives. */

export interface Bench {
  /** A smoke run: few orders, short times. What it gives is no measurement. */
  readonly quick: boolean;
  /** Rounds of ours and of the bare thing, in turn. */
  readonly rounds: number;
  /** What API and workers are run from; the sources where it is left out. */
  readonly programs?: { readonly api: string; readonly worker: string };
  /** Hears what is being done. */
  readonly say: (words: string) => void;
  /** Aborted by Ctrl-C: what was started is ended, and what was measured so far is forgotten. */
  readonly stopAsked: AbortSignal;
}

export interface Row {
  /** What was measured, in words. */
  readonly what: string;
  readonly value: number | string;
  readonly unit: string;
  /** The target in words; left out where the row only explains. */
  readonly target?: string;
  /** Null where nobody can say: too few rounds counted. */
  readonly met?: boolean | null;
}

export interface Finding {
  readonly rows: readonly Row[];
  /** Conditions that a reader has to know to believe it. */
  readonly notes: readonly string[];
  /** All that was seen, for the JSON. */
  readonly raw?: unknown;
}

export interface Figure {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  measure(bench: Bench): Promise<Finding>;
}
