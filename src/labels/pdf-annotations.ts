import { damaged, NotMergeable } from './merge-trouble.ts';
import { nameOf, type PdfFile, type PdfObject } from './pdf-file.ts';
import { dictOf, type FoundDict, type SourcePage } from './pdf-pages.ts';
import type { PdfDict, PdfValue } from './pdf-syntax.ts';

/** An annotation as it is drawn on the merged page. */
export interface KeptAnnotation {
  readonly dict: FoundDict;
  readonly subtype: string;
  readonly keys: readonly string[];
}

/** Of one page. */
const mostAnnotations = 1_000;
/** Lead to other pages, files and programs; nothing of them is seen on paper. */
const notDrawn = new Set('A AA PA Dest Parent P Popup IRT RT StructParent AF'.split(' '));
const drawnOfField = 'Type Subtype Rect AP AS F OC'.split(' ');
const withOtherFiles = new Set('FileAttachment Sound Movie Screen RichMedia 3D'.split(' '));

/**
 * What is drawn over a page. A form field that has its appearance with it becomes a stamp of that appearance: the fields of
 * several files can not be one form, because fields of one name are one field there.
 *
 * @throws NotMergeable where a viewer would have to draw a field by itself
 */
export function annotationsOf(file: PdfFile, page: SourcePage): KeptAnnotation[] {
  const found = file.follow(page.dict.value.entries.get('Annots'), page.dict.within);
  if (!found || isNull(found.value)) return [];
  if (found.value.kind !== 'array') throw new NotMergeable('damaged', 'the annotations are no list');
  if (found.value.items.length > mostAnnotations) throw new NotMergeable('unsupported', 'too many annotations');
  const seen = new Set<number>();
  return found.value.items
    .filter((item) => !isNull(item))
    .flatMap((item) => {
      if (item.kind === 'reference' && seen.has(item.number)) throw damaged('an annotation is there twice');
      if (item.kind === 'reference') seen.add(item.number);
      const dict = dictOf(file.follow(item, found.within), 'an annotation');
      const kept = annotation(file, dict);
      return kept ? [kept] : [];
    });
}

function annotation(file: PdfFile, dict: FoundDict): KeptAnnotation | undefined {
  const subtype = nameOf(file, dict.value, 'Subtype', dict.within) ?? '';
  if (subtype === '' && dict.value.entries.has('Subtype')) throw damaged('the type of an annotation is no name');
  if (withOtherFiles.has(subtype)) throw new NotMergeable('other_files', `an annotation of the type ${subtype}`);
  const keys = [...dict.value.entries.keys()];
  if (subtype === 'Popup') return undefined;
  if (subtype !== 'Widget') return { dict, subtype, keys: keys.filter((key) => !notDrawn.has(key)) };
  if (!hasAppearance(file, dict)) {
    if (isInvisible(file, dict)) return undefined;
    throw new NotMergeable('form', 'a field has no appearance');
  }
  return { dict, subtype: 'Stamp', keys: keys.filter((key) => drawnOfField.includes(key)) };
}

function hasAppearance(file: PdfFile, { value: dict, within }: FoundDict): boolean {
  const appearances = file.follow(dict.entries.get('AP'), within);
  if (appearances?.value.kind !== 'dict') return false;
  const normal = file.follow(appearances.value.entries.get('N'), appearances.within);
  if (normal?.value.kind !== 'dict') return false;
  if (normal.within.data && normal.within.value === normal.value) return true;
  // A box that is ticked or not: its state names what is drawn.
  const state = nameOf(file, dict, 'AS', within);
  if (state === undefined) return false;
  const ofState = file.follow(normal.value.entries.get(state), normal.within);
  return ofState?.within.data !== undefined;
}

/** Hidden by its flags (ISO 32000-1, table 165), or without an area, as the field of an invisible signature. */
function isInvisible(file: PdfFile, { value: dict, within }: FoundDict): boolean {
  const flags = file.follow(dict.entries.get('F'), within)?.value;
  if (flags?.kind === 'number' && (flags.value & 2) !== 0) return true;
  const rect = file.follow(dict.entries.get('Rect'), within)?.value;
  if (rect?.kind !== 'array') return false;
  const corners = rect.items.map((item) => (item.kind === 'number' ? item.value : Number.NaN));
  return corners[0] === corners[2] && corners[1] === corners[3];
}

/** @throws NotMergeable where the form is drawn by the viewer */
export function checkForm(file: PdfFile, catalog: FoundDict): void {
  const form = file.follow(catalog.value.entries.get('AcroForm'), catalog.within);
  if (!form || isNull(form.value)) return;
  const { value, within } = dictOf(form, 'the form');
  if (value.entries.has('XFA')) throw new NotMergeable('form', 'XFA');
  if (isTrue(file, value, 'NeedAppearances', within)) throw new NotMergeable('form', 'NeedAppearances');
}

export const isTrue = (file: PdfFile, dict: PdfDict, key: string, within: PdfObject): boolean => {
  const found = file.follow(dict.entries.get(key), within)?.value;
  return found?.kind === 'word' && found.word === 'true';
};

export const isNull = (value: PdfValue): boolean => value.kind === 'word' && value.word === 'null';
