import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LabelSize } from '../carriers/port.ts';
import { AppError } from '../errors.ts';
import { createLabelDesk, type LabelChoice } from '../labels/desk.ts';
import { createLabelMerger } from '../labels/merger.ts';
import { LabelsNotUsable, wordsOf } from '../labels/not-usable.ts';
import { need, usageError, wholeNumber, type Command, type Given } from './command.ts';

/** One file of many labels, as `POST /api/v1/labels/pdf` and `…/zip` give it. */
export const labelsCommand: Command = {
  words: 'labels',
  summary: 'writes labels into one PDF, or a zip with a PDF for each; they count as handed out',
  arguments: [['<label...>', 'label ids, or <store hash>/<order id>[/<shipment>], in the order to print']],
  options: [
    { flags: '--out <file>', description: 'file.pdf, file.zip, or - for a PDF on standard output (needed)' },
    { flags: '--size <size>', description: 'A5 or 107x225' },
    { flags: '--printed', description: 'marks the shipments as printed, too' },
    { flags: '--leave-out', description: 'merges the others where some can not be merged' },
  ],
  async run({ pool, who, standardOutput }, given) {
    const out = need(given.flags['out'], '--out, the file to write,');
    const choice = choiceIn(given.positionals);
    const options = {
      who,
      source: 'cli' as const,
      size: sizeIn(given),
      markPrinted: given.switches['printed'] === true,
    };
    const toFile = out === standardOut ? null : await openPart(out);
    const merger = createLabelMerger();
    const desk = createLabelDesk({ pool, merger });
    try {
      const leaveOutUnmergeable = given.switches['leave-out'] === true;
      const { pdf: file, leftOut } = out.endsWith('.zip')
        ? { pdf: await desk.zip(choice, options), leftOut: [] }
        : await desk.pdf(choice, { ...options, leaveOutUnmergeable });
      const bytes = file instanceof Readable ? file : Readable.from([file]);
      const missing = leftOut.map((label) => `Left out: ${wordsOf(label)}`);
      if (toFile === null) {
        await pipeline(bytes, standardOutput, { end: false });
        // Nothing else may stand on standard output; with an exit code of its own, it is said on standard error.
        return missing.length === 0 ? { lines: [], json: null } : { lines: missing, json: { leftOut }, exitCode: 1 };
      }
      await toFile.finish(bytes);
      return { lines: [`Written: ${out}.`, ...missing], json: { out, leftOut } };
    } catch (error) {
      if (!(error instanceof LabelsNotUsable)) throw error;
      const lines = [...error.labels.map(wordsOf), 'Nothing was handed out, and no file was written.'];
      return { lines, json: { code: error.code, labels: error.labels }, exitCode: 1 };
    } finally {
      await toFile?.close();
      await merger.close();
    }
  },
};

const standardOut = '-';

/**
 * A file that is there once it is whole. It is opened before the labels are asked for: where it cannot be written, none of
 * them counts as handed out. Names and addresses are in it: for nobody else on this machine.
 */
async function openPart(out: string): Promise<{ finish(bytes: Readable): Promise<void>; close(): Promise<void> }> {
  const part = `${out}.part`;
  const handle = await open(part, 'w', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw cannotWrite(out, error.code ?? error.message);
  });
  let isThere = true;
  return {
    async finish(bytes) {
      await pipeline(bytes, handle.createWriteStream());
      await rename(part, out);
      isThere = false;
    },
    async close() {
      await handle.close().catch(() => {});
      if (isThere) await rm(part, { force: true });
    },
  };
}

const cannotWrite = (out: string, why: string): AppError =>
  new AppError(`${out} cannot be written (${why}).`, {
    kind: 'invalid',
    code: 'file_not_written',
    advice:
      'No label was handed out. Name a place that this user may write to. In a container there is none: use --out - and redirect, as docs/deployment.md shows.',
  });

/** @throws AppError `usage` */
function choiceIn(positionals: readonly string[]): LabelChoice {
  if (positionals.length === 0) throw usageError('Say which labels: by their ids, or by <store hash>/<order id>.');
  const orders = positionals.map((each) => /^([a-z0-9]+)\/(\d+)(?:\/(\d+))?$/.exec(each));
  if (orders.every((each) => each === null)) {
    return { labels: positionals.map((each) => wholeNumber(each, 'A label id')) };
  }
  return {
    orders: orders.map((each) => {
      if (!each) throw usageError('Label ids and orders do not go together.');
      const [, storeHash, orderId, n] = each;
      return {
        storeHash: storeHash!,
        orderId: wholeNumber(orderId!, 'An order id'),
        ...(n === undefined ? {} : { n: wholeNumber(n, 'A shipment number') }),
      };
    }),
  };
}

/** @throws AppError `usage` */
function sizeIn({ flags }: Given): LabelSize | undefined {
  const size = flags['size'];
  if (size === undefined || size === 'A5' || size === '107x225') return size;
  throw usageError('--size takes A5 or 107x225.');
}
