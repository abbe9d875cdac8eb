import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '../errors.ts';
import type { LabelFile, MergeOutcome } from './merge.ts';
import type { MergeReply } from './merge-worker.ts';

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
  let thread: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const mergeNow = async (files: readonly LabelFile[]): Promise<MergeOutcome> => {
    const owned = await copied(files);
    const mine = (thread ??= startThread(() => (thread = undefined)));
    try {
      return await answerOf(mine, owned, limitMs);
    } catch (error) {
      // Whatever it is at, nobody waits for it any more.
      await mine.terminate();
      throw error;
    }
  };

  return {
    async merge(files) {
      if (waiting > waitingLimit) {
        throw new AppError('Too many labels are being merged.', {
          kind: 'throttled',
          code: 'labels_busy',
          retryAfterMs: 2_000,
        });
      }
      waiting += 1;
      const mine = last.then(() => mergeNow(files)).finally(() => (waiting -= 1));
      last = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await thread?.terminate();
    },
  };
}

function startThread(onExit: () => void): Worker {
  const fromSources = import.meta.url.endsWith('.ts');
  const thread = new Worker(new URL(`./merge-worker${fromSources ? '.ts' : '.js'}`, import.meta.url), {
    execArgv: fromSources ? ['--import', readsTypeScript()] : [],
    // Most of what a merge makes is short-lived: a large young generation spares the collector's copying.
    resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 512 },
    // Merging needs nothing of it, and it holds secrets.
    env: {},
  });
  thread.on('exit', onExit);
  // Who waits for an answer hears it too; unheard by anybody, it would end the process.
  thread.on('error', () => undefined);
  thread.unref();
  return thread;
}

interface OwnedFile {
  readonly id: number;
  readonly pdf: Uint8Array<ArrayBuffer>;
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

/** `--import tsx` sees to the main thread alone, and a test runner may stand in its place. */
const readsTypeScript = (): string =>
  `data:text/javascript,import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}; register();`;

function answerOf(thread: Worker, files: readonly OwnedFile[], limitMs: number): Promise<MergeOutcome> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      settle(() =>
        reject(
          new AppError(`The labels could not be merged: ${why}.`, {
            kind: 'retryable',
            code: 'labels_not_merged',
            advice: 'Try again with fewer labels at a time, or print them one by one.',
          }),
        ),
      );
    const onMessage = (reply: MergeReply) =>
      'failure' in reply ? fail(reply.failure) : settle(() => resolve(reply.outcome));
    const onError = (error: Error) => fail(error.message);
    const onExit = () => fail('the thread ended');
    const timer = setTimeout(() => fail(`it took more than ${limitMs / 1_000} s`), limitMs);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      end();
    };
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    thread.postMessage(
      files,
      files.map(({ pdf }) => pdf.buffer),
    );
  });
}
