import { Worker } from 'node:worker_threads';
import type { LabelCheck } from './label-check.ts';
import type { LabelFile, MergeOutcome } from './merge.ts';

/** What the thread is asked for; the files are handed over to it. */
export type ThreadTask = { readonly merge: readonly OwnedFile[] } | { readonly check: Uint8Array<ArrayBuffer> };
export type ThreadReply =
  { readonly merged: MergeOutcome } | { readonly checked: LabelCheck } | { readonly failure: string };
export interface OwnedFile extends LabelFile {
  readonly pdf: Uint8Array<ArrayBuffer>;
}

/** The thread did not do it; `message` says why, in half a sentence. */
export class ThreadFailed extends Error {}

/** Reads label files beside the event loop, one task at a time, so that the memory for it is that of one. */
export interface LabelThread {
  /** How many tasks wait or are worked at. */
  readonly waiting: number;
  /**
   * @param prepare makes the task when its turn comes
   * @throws ThreadFailed where it took too long, or the thread ran out of memory
   */
  run(prepare: () => ThreadTask | Promise<ThreadTask>): Promise<ThreadReply>;
  /** Ends the thread. It keeps no process alive, so that this is for those who want to be sure. */
  close(): Promise<void>;
}

/** @param limitMs for one task, without the time that it waits */
export function createLabelThread(limitMs: number): LabelThread {
  let thread: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const runNow = async (prepare: () => ThreadTask | Promise<ThreadTask>): Promise<ThreadReply> => {
    const task = await prepare();
    const mine = (thread ??= startThread(() => (thread = undefined)));
    try {
      return await answerOf(mine, task, limitMs);
    } catch (error) {
      // Whatever it is at, nobody waits for it any more.
      await mine.terminate();
      throw error;
    }
  };

  return {
    get waiting() {
      return waiting;
    },
    run(prepare) {
      waiting += 1;
      const mine = last.then(() => runNow(prepare)).finally(() => (waiting -= 1));
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
  const thread = new Worker(new URL(`./label-worker${fromSources ? '.ts' : '.js'}`, import.meta.url), {
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

/** `--import tsx` sees to the main thread alone, and a test runner may stand in its place. */
const readsTypeScript = (): string =>
  `data:text/javascript,import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}; register();`;

function answerOf(thread: Worker, task: ThreadTask, limitMs: number): Promise<ThreadReply> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => settle(() => reject(new ThreadFailed(why)));
    const onMessage = (reply: ThreadReply) => ('failure' in reply ? fail(reply.failure) : settle(() => resolve(reply)));
    const onError = (error: Error) => fail(error.message);
    const onExit = () => fail('the thread ended');
    const timer = setTimeout(() => fail(`it took more than ${limitMs / 1_000} s`), limitMs);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      end();
    };
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    const files = 'merge' in task ? task.merge.map(({ pdf }) => pdf) : [task.check];
    thread.postMessage(
      task,
      files.map(({ buffer }) => buffer),
    );
  });
}
