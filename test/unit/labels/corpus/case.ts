import type { MergeTrouble } from '../../../../src/labels/merge-trouble.ts';

/** A file of the corpus: its pages look the same when they are merged, or it is refused for this trouble. */
export interface CorpusFile {
  readonly name: string;
  readonly pdf: Uint8Array;
  readonly refused?: MergeTrouble;
}

export const same = (name: string, pdf: Uint8Array): CorpusFile => ({ name, pdf });
export const refused = (trouble: MergeTrouble, name: string, pdf: Uint8Array): CorpusFile => ({
  ...{ name, pdf, refused: trouble },
});
