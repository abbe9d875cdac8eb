/**
 * Why a file is not merged with others, and what to say of it. The names are stable.
 *
 * The merged page has to look like the page of the file alone, in every viewer. Where a file leaves it to the viewer what
 * is on its page, that can't be promised.
 */
export const mergeTroubles = {
  damaged: 'the file breaks the rules of PDF, and viewers repair such files in different ways',
  unsupported: 'the file is written in a way that is not read here',
  encrypted: 'the file is encrypted',
  no_page: 'the file has no page',
  blank_page: 'a page of the file is blank',
  page_tree: 'viewers would not agree on the pages of the file',
  layers: 'viewers would not agree on the layers of the file that are shown',
  form: 'the file has form fields that the viewer has to draw',
  other_files: 'the file needs or carries other files, sound or film',
} as const;

export type MergeTrouble = keyof typeof mergeTroubles;

/** A file that can't be merged: `message` says where, for an engineer. */
export class NotMergeable extends Error {
  readonly trouble: MergeTrouble;

  constructor(trouble: MergeTrouble, where: string) {
    super(`${mergeTroubles[trouble]}: ${where}`);
    this.trouble = trouble;
  }
}

export const damaged = (where: string): NotMergeable => new NotMergeable('damaged', where);
