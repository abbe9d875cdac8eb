/** The thread that merges: reading and writing PDFs is all computing, and the event loop has webhooks to answer. */
import { parentPort } from 'node:worker_threads';
import { mergeLabels, type LabelFile, type MergeOutcome } from './merge.ts';

export type MergeReply = { readonly outcome: MergeOutcome } | { readonly failure: string };

parentPort?.on('message', (files: readonly LabelFile[]) => {
  try {
    const outcome = mergeLabels(files);
    answer({ outcome }, 'merged' in outcome ? [outcome.merged.pdf.buffer as ArrayBuffer] : []);
  } catch (error) {
    answer({ failure: error instanceof Error ? error.message : 'unknown' });
  }
});

const answer = (reply: MergeReply, handedOver: ArrayBuffer[] = []): void => parentPort?.postMessage(reply, handedOver);
