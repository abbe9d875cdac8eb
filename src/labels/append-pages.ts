import { fileBudget, stackBudget } from './budget.ts';
import { NotMergeable } from './merge-trouble.ts';
import { annotationsOf, checkForm, isNull, type KeptAnnotation } from './pdf-annotations.ts';
import { nameOf, openPdf, type Found, type ObjectCache, type PdfFile, type PdfObject } from './pdf-file.ts';
import { layersOf, type Layers } from './pdf-layers.ts';
import {
  catalogOf,
  inherited,
  ownOrInherited,
  pagesOf,
  sizeOf,
  type FoundDict,
  type PageSize,
  type SourcePage,
} from './pdf-pages.ts';
import type { PdfReference, Span } from './pdf-syntax.ts';

/**
 * Writes the pages of many files into one. Every object is copied byte for byte; only the numbers by which objects lead to
 * each other are new. A library that reads objects and writes them anew changes what is printed: it writes 0.000004 as 0,
 * and leaves the state of layers behind.
 *
 * What several files have alike is written once. Labels of one carrier carry the same fonts each: 500 of them would be
 * 29 MB, and are 3.
 */
export interface PageAppender {
  /**
   * Adds all pages of a file, and says how large the first one is.
   * @throws NotMergeable: then parts of the file may be in what is written, and it has to be begun anew
   */
  add(pdf: Uint8Array): PageSize;
  finish(title: string): Uint8Array;
}

/** Of a page itself, beside what it may inherit. What leads to threads, articles, structure and scripts stays behind. */
const ownKeys = 'BleedBox TrimBox ArtBox UserUnit Group Contents OutputIntents'.split(' ');
/** Lead from what is drawn back into the tree of pages and the structure of the file. */
const notCopied = new Set('Catalog Pages Page StructTreeRoot StructElem'.split(' '));
const areas = 'ViewArea ViewClip PrintArea PrintClip'.split(' ');
const [catalogNumber, treeNumber, infoNumber] = [1, 2, 3];
/** With so many of the same beginning, there is little hope that the next is the same. */
const comparedAlike = 16;
const deepest = 1_000;
/** What several pages have is written for each: a file must not become many times itself by that. */
const mostTimes = 4;
const someMore = 1024 * 1024;
/** What pages have from their parents is written once where it is longer than a reference to it. */
const worthSharing = 100;

interface Made {
  readonly number: number;
  readonly data: Buffer | undefined;
}

interface Body {
  readonly text: string;
  readonly data?: Buffer | undefined;
}

/** The result of copying: a number in the new file, or null for what leads out of the page. */
type Target = number | null;

export function createPageAppender(): PageAppender {
  const cache: ObjectCache = new Map();
  const budget = stackBudget();
  const bodies: (Body | undefined)[] = [];
  const byObject = new Map<PdfObject, { readonly targets: readonly Target[]; readonly number: number }[]>();
  const byText = new Map<string, Made[]>();
  const tops: number[] = [];
  const layers: { all: number[]; off: number[]; rules: string[] } = { all: [], off: [], rules: [] };
  let count = 0;
  let isNewest = false;
  let isUnscaled = true;

  const reserve = (): number => bodies.push(undefined) + infoNumber;
  /** What may still be written of the file that is added. */
  let unwritten = 0;
  const write = (number: number, text: string, data?: Buffer): number => {
    unwritten -= text.length + (data?.length ?? 0);
    if (unwritten < 0) throw new NotMergeable('unsupported', 'it would become far more than it is');
    bodies[number - infoNumber - 1] = { text, data };
    return number;
  };

  /** The number of an object of these bytes, which may have been written before. */
  const shared = (text: string, data: Buffer | undefined): number => {
    const alike = byText.get(text) ?? [];
    const same = alike.find((made) => (data && made.data ? made.data.equals(data) : made.data === data));
    if (same) return same.number;
    const number = write(reserve(), text, data);
    if (alike.length < comparedAlike) byText.set(text, [...alike, { number, data }]);
    return number;
  };

  const copierOf = (file: PdfFile, { all }: Layers) => {
    const copied = new Map<number, Target | 'under way'>();
    const reserved = new Map<number, number>();
    const ofLayers = new Set(all.map(({ number }) => number));
    let depth = 0;

    const copy = ({ number, generation }: Pick<PdfReference, 'number' | 'generation'>): Target => {
      const known = copied.get(number);
      if (known === 'under way') {
        // It leads back to itself: its number has to be known before its bytes are.
        const own = reserved.get(number) ?? reserve();
        reserved.set(number, own);
        return own;
      }
      if (known !== undefined) return known;
      if (++depth > deepest) throw new NotMergeable('unsupported', 'objects are chained too long');
      copied.set(number, 'under way');
      const made = copyObject(number, file.object(number, generation));
      copied.set(number, made);
      depth -= 1;
      return made;
    };

    const copyObject = (number: number, object: PdfObject): Target => {
      const type = object.value.kind === 'dict' ? nameOf(file, object.value, 'Type', object) : undefined;
      if (type !== undefined && notCopied.has(type)) return null;
      checkCopied(file, object, type, ofLayers.has(number), ofLayers.size > 0);
      const targets = object.references.map((reference) => (isLength(object, reference) ? null : copy(reference)));
      const before = byObject.get(object)?.find((made) => made.targets.every((target, i) => target === targets[i]));
      const own = reserved.get(number);
      // Two layers of the same name are two, one of which may be off.
      if (own === undefined && !ofLayers.has(number) && before) return before.number;
      const text = rewritten(object, object.value, targets);
      const data = object.data && object.bytes.subarray(object.data.start, object.data.end);
      if (own !== undefined || ofLayers.has(number)) return write(own ?? reserve(), text, data);
      const made = shared(text, data);
      byObject.set(object, [...(byObject.get(object) ?? []).slice(-comparedAlike), { targets, number: made }]);
      return made;
    };

    /** A part of an object, with the new numbers. */
    const part = ({ value, within }: { readonly value: Span; readonly within: PdfObject }): string =>
      rewritten(
        within,
        value,
        within.references.map((reference) =>
          reference.start >= value.start && reference.end <= value.end ? copy(reference) : null,
        ),
      );
    return { copy, part };
  };

  return {
    add(pdf) {
      unwritten = pdf.length * mostTimes + someMore;
      const file = openPdf(pdf, cache, fileBudget(budget));
      const catalog = catalogOf(file);
      const pages = pagesOf(file, catalog);
      checkForm(file, catalog);
      const { isScaled } = checkCatalog(file, catalog);
      const ofFile = layersOf(file, catalog);
      const { copy, part } = copierOf(file, ofFile);
      if (isBlank(pages[0]!)) throw new NotMergeable('blank_page', 'the first one');

      const entry = (key: string, { value, within }: Found) => `/${written(key)} ${part({ value, within })}\n`;
      const ofParents = new Map<Found['value'], string>();
      const fromParent = (key: string, found: Found): string => {
        const known = ofParents.get(found.value);
        if (known !== undefined) return known;
        const text = part(found);
        const made = `/${written(key)} ${text.length > worthSharing ? `${shared(text, undefined)} 0 R` : text}\n`;
        ofParents.set(found.value, made);
        return made;
      };
      const own = ({ dict }: SourcePage, key: string): string => {
        const value = dict.value.entries.get(key);
        return value ? entry(key, { value, within: dict.within }) : '';
      };
      const drawn = ({ dict, subtype, keys }: KeptAnnotation): string => {
        const entries = keys.map((key) =>
          key === 'Subtype'
            ? `/Subtype /${written(subtype)}\n`
            : entry(key, { value: dict.value.entries.get(key)!, within: dict.within }),
        );
        return `${write(reserve(), `<<\n${entries.join('')}>>`)} 0 R`;
      };

      for (const page of pages) {
        // Some viewers add the resources of all parents to those of the page: the page keeps these parents.
        const resources = page.parents.flatMap(({ value, within }) => {
          const found = value.entries.get('Resources');
          return found ? [fromParent('Resources', { value: found, within })] : [];
        });
        if (!page.dict.value.entries.has('Resources')) resources.pop();
        const numbers = [...resources.map(reserve), reserve()];
        resources.forEach((each, i) => {
          write(
            numbers[i]!,
            `<<\n/Type /Pages\n/Parent ${numbers[i - 1] ?? treeNumber} 0 R\n/Kids [${numbers[i + 1]} 0 R]\n/Count 1\n${each}>>`,
          );
        });
        const values = inherited.map((key) => {
          const found = ownOrInherited(page, key);
          return !found ? '' : found.within === page.dict.within ? entry(key, found) : fromParent(key, found);
        });
        const annotations = annotationsOf(file, page).map(drawn);
        const more = annotations.length > 0 ? `/Annots [${annotations.join(' ')}]\n` : '';
        const parent = numbers.at(-2) ?? treeNumber;
        const text = [...values, ...ownKeys.map((key) => own(page, key)), more].join('');
        write(numbers.at(-1)!, `<<\n/Type /Page\n/Parent ${parent} 0 R\n${text}>>`);
        tops.push(numbers[0]!);
        count += 1;
      }

      for (const layer of ofFile.all) {
        const number = copy(layer);
        if (number === null) throw new NotMergeable('layers', 'a layer is none');
        layers.all.push(number);
        if (ofFile.off.has(layer.number)) layers.off.push(number);
      }
      layers.rules.push(...ofFile.rules.map(part));
      isNewest ||= file.isNewest || nameOf(file, catalog.value, 'Version', catalog.within)?.startsWith('2') === true;
      isUnscaled &&= !isScaled;
      return sizeOf(file, pages[0]!);
    },

    finish(title) {
      const list = (numbers: readonly number[]) => `[${numbers.map((number) => `${number} 0 R`).join(' ')}]`;
      const optional =
        layers.all.length > 0
          ? `/OCProperties << /OCGs ${list(layers.all)} /D << /OFF ${list(layers.off)} /AS [${layers.rules.join(' ')}] >> >>\n`
          : '';
      const scaling = isUnscaled ? '/ViewerPreferences << /PrintScaling /None >>\n' : '';
      return fileOf(isNewest, [
        { text: `<<\n/Type /Catalog\n/Pages ${treeNumber} 0 R\n${optional}${scaling}>>` },
        { text: `<<\n/Type /Pages\n/Kids ${list(tops)}\n/Count ${count}\n>>` },
        { text: `<< /Title (${title.replaceAll(/[^\w .,-]/g, '')}) >>` },
        // One that was reserved and not written belongs to a file that was refused.
        ...bodies.map((body) => body ?? { text: 'null' }),
      ]);
    },
  };
}

/** A label without anything on it is none. */
const isBlank = ({ dict: { value } }: SourcePage): boolean =>
  [value.entries.get('Contents'), value.entries.get('Annots')].every((drawn) => !drawn || isNull(drawn));

function checkCopied(
  file: PdfFile,
  object: PdfObject,
  type: string | undefined,
  isLayer: boolean,
  hasLayers: boolean,
): void {
  const { value } = object;
  if (value.kind !== 'dict') return;
  // What viewers do with a layer that no list names depends on whether there are others.
  if ((type === 'OCG' && !isLayer) || (type === 'OCMD' && !hasLayers))
    throw new NotMergeable('layers', 'a layer is not in the list');
  if (type === 'EmbeddedFile' || value.entries.has('EF')) throw new NotMergeable('other_files', 'a file within it');
  if (nameOf(file, value, 'Subtype', object) === 'Form' && value.entries.has('Ref'))
    throw new NotMergeable('other_files', 'a page of another');
}

function checkCatalog(file: PdfFile, { value, within }: FoundDict): { readonly isScaled: boolean } {
  if (value.entries.has('Collection')) throw new NotMergeable('other_files', 'a collection of files');
  const preferences = file.follow(value.entries.get('ViewerPreferences'), within);
  if (preferences?.value.kind !== 'dict') return { isScaled: true };
  for (const area of areas) {
    if ((nameOf(file, preferences.value, area, preferences.within) ?? 'CropBox') !== 'CropBox')
      throw new NotMergeable('unsupported', area);
  }
  return { isScaled: nameOf(file, preferences.value, 'PrintScaling', preferences.within) !== 'None' };
}

/** Its length is written with the stream, and needs no object of its own. */
const isLength = (object: PdfObject, reference: PdfReference): boolean =>
  object.data !== undefined && object.value.kind === 'dict' && object.value.entries.get('Length') === reference;

function rewritten(object: PdfObject, { start, end }: Span, targets: readonly Target[]): string {
  const { bytes, references, data } = object;
  let text = '';
  let at = start;
  references.forEach((reference, i) => {
    if (reference.start < start || reference.end > end) return;
    const target = targets[i] ?? null;
    text += bytes.toString('latin1', at, reference.start);
    if (data && isLength(object, reference)) text += String(data.end - data.start);
    else text += target === null ? 'null' : `${target} 0 R`;
    at = reference.end;
  });
  return text + bytes.toString('latin1', at, end);
}

/** A name as it is written (ISO 32000-1, 7.3.5). */
const written = (name: string): string =>
  name.replaceAll(/[^!-~]|[#()<>[\]{}/%]/g, (char) => `#${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** With one plain cross-reference table (ISO 32000-1, 7.5). */
function fileOf(isNewest: boolean, bodies: readonly Body[]): Uint8Array {
  const parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  const addText = (text: string) => add(Buffer.from(text, 'latin1'));
  addText(`%PDF-${isNewest ? '2.0' : '1.7'}\n%\xe2\xe3\xcf\xd3\n`);
  const offsets = bodies.map(({ text, data }, i) => {
    const offset = length;
    addText(`${i + 1} 0 obj\n${text}\n${data ? 'stream\n' : 'endobj\n'}`);
    if (data) {
      add(data);
      addText('\nendstream\nendobj\n');
    }
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = bodies.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root ${catalogNumber} 0 R /Info ${infoNumber} 0 R >>\n`;
  addText(`xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}${trailer}startxref\n${length}\n%%EOF\n`);
  const file = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
