/** The thread that reads labels: reading and writing PDFs is all computing, and the event loop has webhooks to answer. */
import { parentPort } from 'node:worker_threads';
import { checkLabel } from './label-check.ts';
import { mergeLabels } from './merge.ts';
import type { ThreadReply, ThreadTask } from './thread.ts';

parentPort?.on('message', (task: ThreadTask) => {
  try {
    if ('check' in task) return answer({ checked: checkLabel(task.check) });
    const merged = mergeLabels(task.merge);
    answer({ merged }, 'merged' in merged ? [merged.merged.pdf.buffer as ArrayBuffer] : []);
  } catch (error) {
    answer({ failure: error instanceof Error ? error.message : 'unknown' });
  }
});

const answer = (reply: ThreadReply, handedOver: ArrayBuffer[] = []): void => parentPort?.postMessage(reply, handedOver);
