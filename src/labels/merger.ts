import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { LabelFile, MergeOutcome } from './merge.ts';
import { createLabelThread, ThreadFailed, type OwnedFile } from './thread.ts';

/** Merges label files on a thread of its own, one stack of them at a time, so that memory is bounded by one. */
export interface LabelMerger {
  /**
   * @throws AppError `labels_busy` (throttled) while too many wait; `labels_not_merged` (retryable) where it took too long
   * or the thread ran out of memory
   */
  merge(files: readonly LabelFile[]): Promise<MergeOutcome>;
  /** Ends the thread. It keeps no process alive, so that this is for those who want to be sure. */
  close(): Promise<void>;
}

export interface LabelMergerOptions {
  /** How many may wait for the one that is merged. Default 4. */
  readonly waitingLimit?: number;
  /** Milliseconds for one stack. Default 30 s. */
  readonly limitMs?: number;
}

export function createLabelMerger({ waitingLimit = 4, limitMs = 30_000 }: LabelMergerOptions = {}): LabelMerger {
  const thread = createLabelThread(limitMs);
  return {
    async merge(files) {
      if (thread.waiting > waitingLimit) {
        throw new AppError('Too many labels are being merged.', {
          kind: 'throttled',
          code: 'labels_busy',
          retryAfterMs: 2_000,
        });
      }
      const reply = await thread.run(async () => ({ merge: await copied(files) })).catch(notMerged);
      return 'merged' in reply ? reply.merged : notMerged(new ThreadFailed('it answered something else'));
    },
    close: () => thread.close(),
  };
}

function notMerged(error: unknown): never {
  if (!(error instanceof ThreadFailed)) throw error;
  throw new AppError(`The labels could not be merged: ${error.message}.`, {
    kind: 'retryable',
    code: 'labels_not_merged',
    advice: 'Try again with fewer labels at a time, or print them one by one.',
  });
}

/** Copies to hand over: the caller keeps its own. Some at a time, so that the event loop is not held up by 50 MB. */
async function copied(files: readonly LabelFile[]): Promise<OwnedFile[]> {
  const owned: OwnedFile[] = [];
  for (const [i, { id, pdf }] of files.entries()) {
    if (i % 20 === 19) await nextTurn();
    owned.push({ id, pdf: new Uint8Array(pdf) });
  }
  return owned;
}
