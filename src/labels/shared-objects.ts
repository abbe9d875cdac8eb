import {
  PdfArray,
  PdfDict,
  PdfNumber,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  type PDF,
  type PdfObject,
} from '@libpdf/core';
import { rawObjects } from './raw-objects.ts';

/**
 * Copies pages into one file so that what several of them have alike is in it once. Labels of one carrier carry the same
 * fonts each: 500 of them would be 29 MB, and are 3.
 */
export interface SharingCopier {
  /**
   * Adds all pages of a file, which was read from these bytes.
   * @throws Entangled where objects of a page lead back to themselves: copy that file by other means
   * @throws Error where an object is named and missing
   */
  addPages(source: PDF, pdf: Uint8Array): void;
}

export class Entangled extends Error {}

/** A page has these from its parents where it has none of its own (ISO 32000-1, 7.7.3.4). */
const inherited = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];
/** Lead out of the page, and into the file's structure. */
const leftOut = ['Parent', 'B', 'Thumb', 'StructParents'];

/** An object that was copied, by what it was in its file. */
interface Copied {
  readonly raw: Uint8Array;
  /** What it leads to in its file, and what that became. */
  readonly leadsTo: readonly (readonly [ref: PdfRef, made: PdfRef])[];
  readonly made: PdfRef;
}

export function createSharingCopier(target: PDF): SharingCopier {
  const byBytes = new Map<string, Copied[]>();
  const shared = new Map<number, { readonly object: PdfObject; readonly ref: PdfRef }[]>();

  const register = (object: PdfObject): PdfRef => {
    const digest = digestOf(object);
    const alike = shared.get(digest) ?? [];
    const same = alike.find((candidate) => areEqual(candidate.object, object));
    if (same) return same.ref;
    const ref = target.register(object);
    shared.set(digest, [...alike, { object, ref }]);
    return ref;
  };

  return {
    addPages(source, pdf) {
      const rawOf = rawObjects(pdf);
      const copied = new Map<string, PdfRef | 'under way'>();

      const copy = (object: PdfObject): PdfObject => {
        if (object instanceof PdfRef) return copyRef(object);
        if (object instanceof PdfStream) return new PdfStream(copyEntries(object), object.data);
        if (object instanceof PdfDict) return new PdfDict(copyEntries(object));
        // Most arrays are widths of a font's letters: hundreds of numbers that can stay where they are.
        if (object instanceof PdfArray) return leadsOn(object) ? new PdfArray(object.toArray().map(copy)) : object;
        return object;
      };
      const copyEntries = (dict: PdfDict) =>
        Array.from(dict, ([key, value]): [PdfName, PdfObject] => [key, copy(value)]);
      const copyRef = (ref: PdfRef): PdfRef => {
        const key = ref.toString();
        const known = copied.get(key);
        if (known === 'under way') throw new Entangled(`Object ${key} leads back to itself.`);
        if (known) return known;
        copied.set(key, 'under way');
        const raw = ref.generation === 0 ? rawOf(ref.objectNumber) : undefined;
        const made = (raw && copiedBefore(ref, raw)) ?? copyObject(ref, raw);
        copied.set(key, made);
        return made;
      };
      /** What the same bytes became in a file before, if what they lead to became the same, too. */
      const copiedBefore = (ref: PdfRef, raw: Uint8Array) =>
        byBytes
          .get(nameOf(ref, raw))
          ?.find((before) => sameBytes(before.raw, raw) && before.leadsTo.every(([to, made]) => copyRef(to) === made))
          ?.made;
      const copyObject = (ref: PdfRef, raw: Uint8Array | undefined) => {
        const object = source.getObject(ref);
        if (object === null) throw new Error(`Object ${ref.toString()} is missing.`);
        const made = register(copy(object));
        if (raw) {
          const leadsTo = refsIn(object).map((to) => [to, copyRef(to)] as const);
          byBytes.set(nameOf(ref, raw), [...(byBytes.get(nameOf(ref, raw)) ?? []), { raw, leadsTo, made }]);
        }
        return made;
      };

      const pages = source.getPages().map(({ dict }) => {
        const page = new PdfDict(dict);
        for (const key of inherited) {
          const value = inheritedValue(dict, key, source);
          if (value) page.set(key, value);
        }
        for (const key of leftOut) page.delete(key);
        return new PdfDict(copyEntries(page));
      });
      // Not shared: a page that is there twice is two pages.
      for (const page of pages) target.insertPage(target.getPageCount(), page);
    },
  };
}

function inheritedValue(page: PdfDict, key: string, source: PDF): PdfObject | undefined {
  // A tree of pages that is deeper than this leads in a circle.
  for (let at: PdfDict | undefined = page, depth = 0; at && depth < 50; depth++) {
    const value = at.get(key);
    if (value) return value;
    at = at.getDict('Parent', (ref) => source.getObject(ref));
  }
  return undefined;
}

/** Whether there is anything in it that is another object in another file. */
function leadsOn(object: PdfObject): boolean {
  if (object instanceof PdfArray) return someItem(object, leadsOn);
  return object instanceof PdfRef || object instanceof PdfDict;
}

/** Without the copy that `toArray` makes. */
function someItem(array: PdfArray, is: (item: PdfObject, i: number) => boolean): boolean {
  for (let i = 0; i < array.length; i++) if (is(array.at(i)!, i)) return true;
  return false;
}

/** The same for the same bytes of the same object. */
const nameOf = ({ objectNumber }: PdfRef, raw: Uint8Array): string =>
  `${objectNumber} ${sampled(raw.length, (i) => raw[i]!, 1)}`;

function refsIn(object: PdfObject): PdfRef[] {
  if (object instanceof PdfRef) return [object];
  if (object instanceof PdfDict) return Array.from(object, ([, value]) => value).flatMap(refsIn);
  return object instanceof PdfArray && leadsOn(object) ? object.toArray().flatMap(refsIn) : [];
}

/** Equal objects have equal digests. Of what is long, some of it speaks for all. */
function digestOf(object: PdfObject): number {
  if (object instanceof PdfNumber) return (object.value * 1000) | 0;
  if (object instanceof PdfRef) return object.objectNumber;
  if (object instanceof PdfName) return object.value.length;
  if (object instanceof PdfString) return object.bytes.length;
  if (object instanceof PdfArray) return sampled(object.length, (i) => digestOf(object.at(i)!), 7);
  if (!(object instanceof PdfDict)) return 3;
  let digest = object.size;
  for (const [, value] of object) digest = mix(digest, digestOf(value));
  return object instanceof PdfStream ? sampled(object.data.length, (i) => object.data[i]!, digest) : digest;
}

function sampled(length: number, at: (i: number) => number, seed: number): number {
  let digest = mix(seed, length);
  const step = Math.max(1, Math.floor(length / 64));
  for (let i = 0; i < length; i += step) digest = mix(digest, at(i));
  return digest;
}

const mix = (digest: number, value: number): number => Math.imul(digest ^ value, 16_777_619);

function areEqual(a: PdfObject, b: PdfObject): boolean {
  if (a === b) return true;
  if (a.type !== b.type) return false;
  if (a instanceof PdfNumber && b instanceof PdfNumber) return a.value === b.value;
  // A name of each spelling, and a reference of each number, is one object.
  if (a instanceof PdfRef || a instanceof PdfName) return false;
  if (a instanceof PdfString && b instanceof PdfString) return a.format === b.format && sameBytes(a.bytes, b.bytes);
  if (a instanceof PdfArray && b instanceof PdfArray) return sameItems(a, b);
  if (!(a instanceof PdfDict && b instanceof PdfDict) || a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (!other || !areEqual(value, other)) return false;
  }
  return !(a instanceof PdfStream && b instanceof PdfStream) || sameBytes(a.data, b.data);
}

const sameItems = (a: PdfArray, b: PdfArray): boolean =>
  a.length === b.length && !someItem(a, (item, i) => !areEqual(item, b.at(i)!));

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && Buffer.compare(a, b) === 0;
