import { Readable, type PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ChosenLabel } from './stack.sql.ts';

/**
 * A zip with one PDF for each label, `<store>-<order>-<shipment>-<label>.pdf`, read one after the other as the reader
 * takes it: what is in memory is one label. A file that can't be read ends the stream with that error.
 */
export function zipOf(labels: readonly ChosenLabel[], read: (label: ChosenLabel) => Promise<Uint8Array>): Readable {
  const zip = new ZipFile();
  const out = zip.outputStream as PassThrough; // which its types don't say
  for (const label of labels) {
    const name = `${label.storeHash}-${label.orderId}-${label.n}-${label.id}.pdf`;
    // Not compressed: what is large in a label is compressed already.
    zip.addReadStreamLazy(name, { compress: false }, (give) => {
      read(label).then(
        (pdf) => give(null, Readable.from([pdf])),
        (error: unknown) => out.destroy(error instanceof Error ? error : new Error('unreadable')),
      );
    });
  }
  zip.end();
  return out;
}
