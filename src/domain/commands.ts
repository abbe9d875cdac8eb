export type CommandKind =
  'cancel' | 'hold' | 'unhold' | 'change' | 'retry' | 'resolve' | 'book' | 'reprocess' | 'mark_printed';

/** What a command comes to. `refused` when the state excludes it: the reason is a sentence for the person who asked. */
export interface CommandOutcome {
  readonly outcome: 'done' | 'refused';
  readonly reason?: string;
}
