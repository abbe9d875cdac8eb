import { damaged, NotMergeable } from './merge-trouble.ts';
import { nameOf, type Found, type PdfFile, type PdfObject } from './pdf-file.ts';
import type { PdfDict } from './pdf-syntax.ts';

/** A dictionary with the object that it stands in. */
export interface FoundDict {
  readonly value: PdfDict;
  readonly within: PdfObject;
}

export interface SourcePage {
  readonly number: number;
  readonly dict: FoundDict;
  /** From the top of the tree down to the one that the page hangs on. */
  readonly parents: readonly FoundDict[];
}

/** A page has these from its parents where it has none of its own (ISO 32000-1, 7.7.3.4). */
export const inherited = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;
export type Inherited = (typeof inherited)[number];

const mostPages = 1_000;
const deepest = 50;

/** @throws NotMergeable where it is none, or says something twice */
export function dictOf(found: Found | undefined, what: string): FoundDict {
  if (found?.value.kind !== 'dict') throw damaged(`${what} is missing`);
  if (found.value.ambiguous) throw damaged(`${what} says something twice`);
  return { value: found.value, within: found.within };
}

export function catalogOf(file: PdfFile): FoundDict {
  const root = file.trailer.entries.get('Root');
  if (root?.kind !== 'reference') throw damaged('it has no catalog');
  const within = file.object(root.number, root.generation);
  return dictOf({ value: within.value, within }, 'the catalog');
}

/**
 * All pages in their order. Refuses trees of which viewers do not show the same pages, or in which a page does not have
 * the same parents from above and from below: what a page inherits, some look for on its way up, some on the way down.
 */
export function pagesOf(file: PdfFile, catalog: FoundDict): SourcePage[] {
  const pages: SourcePage[] = [];
  const seen = new Set<number>();

  const visit = (
    number: number,
    generation: number,
    parents: readonly FoundDict[],
    parent: number | undefined,
  ): number => {
    if (seen.has(number) || parents.length > deepest) throw disagreement(`page or branch ${number} is there twice`);
    seen.add(number);
    const within = file.object(number, generation);
    const dict = dictOf({ value: within.value, within }, `page or branch ${number}`);
    checkParent(dict.value, parents, parent);
    const kids = file.follow(dict.value.entries.get('Kids'), within);
    const type = nameOf(file, dict.value, 'Type', within);
    if (!kids) {
      if (type !== undefined && type !== 'Page') throw disagreement(`page ${number} is of the type ${type}`);
      if (pages.length >= mostPages) throw new NotMergeable('unsupported', `more than ${mostPages} pages`);
      pages.push({ number, dict, parents });
      return 1;
    }
    if (type === 'Page' || kids.value.kind !== 'array') throw disagreement(`branch ${number} is no branch`);
    let count = 0;
    for (const kid of kids.value.items) {
      if (kid.kind !== 'reference') throw disagreement(`branch ${number} holds a page that is no object`);
      count += visit(kid.number, kid.generation, [...parents, dict], number);
    }
    const said = file.follow(dict.value.entries.get('Count'), within)?.value;
    if (said && !(said.kind === 'number' && said.value === count)) {
      throw disagreement(`branch ${number} does not have as many pages as it says`);
    }
    return count;
  };

  const top = catalog.value.entries.get('Pages');
  if (top?.kind !== 'reference') throw damaged('it has no pages');
  visit(top.number, top.generation, [], undefined);
  if (pages.length === 0) throw new NotMergeable('no_page', 'its tree of pages is empty');
  return pages;
}

function checkParent(dict: PdfDict, parents: readonly FoundDict[], parent: number | undefined): void {
  for (const key of inherited) {
    const value = dict.entries.get(key);
    if (value?.kind === 'word' && value.word === 'null') throw disagreement(`${key} is null`);
  }
  if (parent === undefined) return;
  const said = dict.entries.get('Parent');
  if (said?.kind === 'reference' && said.number === parent) return;
  const handsDown = parents.some(({ value }) => inherited.some((key) => value.entries.has(key)));
  if (said !== undefined || handsDown) throw disagreement('a page does not hang where it says');
}

const disagreement = (where: string): NotMergeable => new NotMergeable('page_tree', where);

/** What the page has of its own, or of the nearest parent that has it. */
export function ownOrInherited(page: SourcePage, key: Inherited): Found | undefined {
  for (const { value, within } of [page.dict, ...page.parents.toReversed()]) {
    const found = value.entries.get(key);
    if (found) return { value: found, within };
  }
  return undefined;
}

export interface PageSize {
  readonly widthMm: number;
  readonly heightMm: number;
}

const unreadable: PageSize = { widthMm: 0, heightMm: 0 };
/** A page without a box is a US letter in most viewers. */
const letter = { left: 0, bottom: 0, right: 612, top: 792 };

/**
 * As a viewer shows it: the crop box within the media box, turned, in its unit (ISO 32000-1, 14.11.2 and table 30). Zero
 * where the numbers can't be read.
 */
export function sizeOf(file: PdfFile, page: SourcePage): PageSize {
  const media = boxOf(file, ownOrInherited(page, 'MediaBox')) ?? letter;
  const crop = boxOf(file, ownOrInherited(page, 'CropBox')) ?? media;
  const common = {
    left: Math.max(media.left, crop.left),
    bottom: Math.max(media.bottom, crop.bottom),
    right: Math.min(media.right, crop.right),
    top: Math.min(media.top, crop.top),
  };
  // Boxes that do not meet: viewers take the media box then.
  const shown = common.right > common.left && common.top > common.bottom ? common : media;
  const unit = numberOf(file, page.dict.value.entries.get('UserUnit'), page.dict.within) ?? 1;
  const width = millimetres((shown.right - shown.left) * unit);
  const height = millimetres((shown.top - shown.bottom) * unit);
  if (!Number.isFinite(width) || !Number.isFinite(height)) return unreadable;
  const rotate = ownOrInherited(page, 'Rotate');
  const turns = (rotate && numberOf(file, rotate.value, rotate.within)) ?? 0;
  return turns % 180 === 0 ? { widthMm: width, heightMm: height } : { widthMm: height, heightMm: width };
}

interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** Any two opposite corners (ISO 32000-1, 7.9.5). */
function boxOf(file: PdfFile, found: Found | undefined): Box | undefined {
  const box = found && file.follow(found.value, found.within);
  if (box?.value.kind !== 'array' || box.value.items.length !== 4) return undefined;
  const corners = box.value.items.map((item) => numberOf(file, item, box.within) ?? Number.NaN);
  const [x1, y1, x2, y2] = corners as [number, number, number, number];
  const [left, bottom, right, top] = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  return right > left && top > bottom ? { left, bottom, right, top } : undefined;
}

function numberOf(file: PdfFile, value: Found['value'] | undefined, within: PdfObject): number | undefined {
  const found = file.follow(value, within)?.value;
  return found?.kind === 'number' ? found.value : undefined;
}

const millimetres = (points: number): number => (points / 72) * 25.4;
