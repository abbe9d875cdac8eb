import type { LabelSize } from '../carriers/port.ts';
import { createPageAppender } from './append-pages.ts';
import { labelSizeOf } from './label-size.ts';
import { mergeTroubles, NotMergeable } from './merge-trouble.ts';
import { openPdf, type PdfFile, type PdfObject } from './pdf-file.ts';
import { catalogOf, pagesOf, sizeOf, type PageSize } from './pdf-pages.ts';
import type { PdfDict, PdfValue } from './pdf-syntax.ts';

/** What is odd about a label's file. The names are stable. */
export type LabelDoubt =
  | 'label_damaged'
  | 'label_without_page'
  | 'label_encrypted'
  | 'label_not_examined'
  | 'label_not_mergeable'
  | 'label_of_other_size'
  | 'label_with_script'
  | 'label_ambiguous'
  | 'label_leads_out'
  | 'label_carries_files';

export interface DoubtAboutLabel {
  readonly code: LabelDoubt;
  /** Half a sentence. */
  readonly words: string;
}

export interface LabelCheck {
  /** Of every page, as a viewer shows it; null where that is no size of labels. */
  readonly sizes: readonly (LabelSize | null)[];
  readonly doubts: readonly DoubtAboutLabel[];
}

const words: Readonly<Record<Exclude<LabelDoubt, 'label_of_other_size' | 'label_not_mergeable'>, string>> = {
  label_damaged: 'it is damaged, or no PDF at all',
  label_without_page: 'it has no page, or nothing on it',
  label_encrypted: 'it is encrypted',
  label_not_examined: 'nobody could look whether there is anything in it that has no place on paper',
  label_with_script: 'it does something by itself when it is opened or printed (a script or an action)',
  label_ambiguous: 'it says something twice, so that viewers may take it in different ways',
  label_leads_out: 'it opens other files or programs, or sends something',
  label_carries_files: 'it carries other files, sound or film',
};

/** Of a label that the carrier sent: it is kept, and a person has to look at it before it is stuck on a parcel. */
export const needsALook: ReadonlySet<LabelDoubt> = new Set([
  'label_damaged',
  'label_without_page',
  'label_encrypted',
  'label_not_examined',
  'label_with_script',
  'label_ambiguous',
  'label_leads_out',
  'label_carries_files',
] as const);

/** Nothing is known of it. */
export const notExamined: LabelCheck = {
  sizes: [],
  doubts: [{ code: 'label_not_examined', words: words.label_not_examined }],
};

/**
 * Looks at a label's file without showing it: whether it has pages of a size of labels, and whether there is anything in it
 * that has no place on paper.
 */
export function checkLabel(pdf: Uint8Array): LabelCheck {
  let active: DoubtAboutLabel[] = [];
  try {
    const file = openPdf(pdf);
    active = activeContent(file).map((code) => ({ code, words: words[code] }));
    const pages = pagesOf(file, catalogOf(file)).map((page) => sizeOf(file, page));
    const sizes = pages.map((page) => labelSizeOf('', page));
    const odd = pages.find((_, i) => sizes[i] === null);
    return {
      sizes,
      doubts: [
        ...active,
        ...(odd ? [{ code: 'label_of_other_size' as const, words: otherSize(odd) }] : []),
        ...merging(pdf),
      ],
    };
  } catch (error) {
    const why = ofError(error);
    // It was not looked at to its end: what is in it nobody can say.
    return { sizes: [], doubts: [...active, ...(why.code === 'label_not_mergeable' ? notExamined.doubts : [why])] };
  }
}

/** Only where its pages would not be sure to look the same in a merged file. */
function merging(pdf: Uint8Array): DoubtAboutLabel[] {
  try {
    createPageAppender().add(pdf);
    return [];
  } catch (error) {
    return [ofError(error)];
  }
}

/** Whatever a file does to us: a label that the carrier sent has to be kept. */
function ofError(error: unknown): DoubtAboutLabel {
  const trouble = error instanceof NotMergeable ? error.trouble : 'unsupported';
  switch (trouble) {
    case 'damaged':
      return { code: 'label_damaged', words: words.label_damaged };
    case 'no_page':
    case 'blank_page':
      return { code: 'label_without_page', words: words.label_without_page };
    case 'encrypted':
      return { code: 'label_encrypted', words: words.label_encrypted };
    case 'other_files':
      return { code: 'label_carries_files', words: words.label_carries_files };
    case 'unsupported':
    case 'page_tree':
    case 'layers':
    case 'form':
      return { code: 'label_not_mergeable', words: mergeTroubles[trouble] };
    default:
      return trouble satisfies never;
  }
}

const otherSize = ({ widthMm, heightMm }: PageSize): string =>
  `a page of it has ${Math.round(widthMm)} × ${Math.round(heightMm)} mm, which is neither A5 nor 107 × 225 mm`;

type Active = 'label_with_script' | 'label_ambiguous' | 'label_leads_out' | 'label_carries_files';

/** By what they do (ISO 32000-1, table 198). */
const scripts = new Set(['JavaScript', 'Rendition', 'RichMediaExecute', 'SetOCGState']);
const leadOut = new Set(['Launch', 'GoToR', 'GoToE', 'ImportData', 'SubmitForm', 'Thread']);
const media = new Set(['Movie', 'Sound', 'GoTo3DView']);
const carriers = new Set(['FileAttachment', 'RichMedia', '3D', 'Screen', 'Movie', 'Sound']);
const harmlessLink = /^(https?|mailto|tel):/i;

/** Looks at all objects of the file, also those that no page leads to. */
function activeContent(file: PdfFile): Active[] {
  const found = new Set<Active>();
  // Viewers take what the trailer leads to, whatever it says that it is.
  const { value, within } = catalogOf(file);
  lookAtOpening(file, value, within, found);
  for (const number of file.numbers) {
    const object = file.objectWhatever(number);
    visit(object.value, (dict) => look(file, dict, object, found));
  }
  return [...found];
}

function visit(value: PdfValue, see: (dict: PdfDict) => void): void {
  if (value.kind === 'array') for (const item of value.items) visit(item, see);
  if (value.kind !== 'dict') return;
  see(value);
  for (const entry of value.entries.values()) visit(entry, see);
}

function look(file: PdfFile, dict: PdfDict, within: PdfObject, found: Set<Active>): void {
  const entry = (key: string): PdfValue | undefined => file.follow(dict.entries.get(key), within)?.value;
  const name = (key: string): string => {
    const value = entry(key);
    return value?.kind === 'name' ? value.name : '';
  };
  const [action, type, subtype] = [name('S'), name('Type'), name('Subtype')];
  if (scripts.has(action)) found.add('label_with_script');
  if (leadOut.has(action)) found.add('label_leads_out');
  if (media.has(action)) found.add('label_carries_files');
  const link = action === 'URI' ? entry('URI') : undefined;
  if (link && !(link.kind === 'string' && harmlessLink.test(link.text))) found.add('label_leads_out');

  if (dict.ambiguous) found.add('label_ambiguous');
  if (type === 'Catalog') lookAtOpening(file, dict, within, found);
  if (hasEntry(entry('AA'), triggers)) found.add('label_with_script');
  if (dict.entries.has('XFA') || (type === 'Catalog' && dict.entries.has('NeedsRendering')))
    found.add('label_with_script');

  const isOfAnother = subtype === 'Form' && dict.entries.has('Ref');
  const carries = type === 'EmbeddedFile' || hasEntry(entry('EF'), fileNames) || isOfAnother;
  if (carries || dict.entries.has('EmbeddedFiles') || (type === 'Catalog' && dict.entries.has('Collection'))) {
    found.add('label_carries_files');
  }
  // A film is called so by its annotation, which has a place on the page.
  if (carriers.has(subtype) && dict.entries.has('Rect')) found.add('label_carries_files');
}

function lookAtOpening(file: PdfFile, catalog: PdfDict, within: PdfObject, found: Set<Active>): void {
  const opens = file.follow(catalog.entries.get('OpenAction'), within)?.value;
  // A place in the file, or the way to it, is nothing that happens.
  if (opens?.kind === 'dict' && !isPlace(opens)) found.add('label_with_script');
}

/** A font may be called AA or EF in its list, too: those have none of these. */
const triggers = 'E X D U Fo Bl PO PC PV PI O C K F V WC WS DS WP DP'.split(' ');
const fileNames = 'F UF DOS Mac Unix'.split(' ');
const hasEntry = (value: PdfValue | undefined, keys: readonly string[]): boolean =>
  value?.kind === 'dict' && keys.some((key) => value.entries.has(key));

/** And nothing more after it. */
const isPlace = ({ entries }: PdfDict): boolean => {
  const action = entries.get('S');
  return action?.kind === 'name' && action.name === 'GoTo' && !entries.has('Next');
};
