import { inflateSync } from 'node:zlib';
import { fileBudget, type Budget } from './budget.ts';
import { damaged, NotMergeable } from './merge-trouble.ts';
import { mostValues, Scanner, type PdfDict, type PdfReference, type PdfValue, type Span } from './pdf-syntax.ts';

/** An object as it stands in its file. */
export interface PdfObject {
  /** Where `value` and `data` stand. Other objects may stand in the same bytes. */
  readonly bytes: Buffer;
  readonly value: PdfValue;
  /** All references in `value`, in their order. */
  readonly references: readonly PdfReference[];
  /** What a stream carries, as it is written. */
  readonly data?: Span;
}

/** A file whose objects can be read for certain, or it would not have been opened. */
export interface PdfFile {
  /** Written by the rules of PDF 2.0, which has more than those before. */
  readonly isNewest: boolean;
  readonly trailer: PdfDict;
  /** Of all objects that the file has now; those of earlier versions of it are not among them. */
  readonly numbers: readonly number[];
  /** @throws NotMergeable where there is no such object */
  object(number: number, generation?: number): PdfObject;
  /** Of whichever generation. */
  objectWhatever(number: number): PdfObject;
  /** The value itself where it is a reference, with the object that it stands in. */
  follow(value: PdfValue | undefined, within: PdfObject): Found | undefined;
}

/** A value with the object that it stands in. */
export interface Found {
  readonly value: PdfValue;
  readonly within: PdfObject;
}

/** Objects that were read from other files: many labels of one carrier have the same fonts, byte for byte. */
export type ObjectCache = Map<string, CachedObject[]>;

interface CachedObject {
  readonly object: PdfObject;
  readonly start: number;
  readonly end: number;
}

type Place =
  { readonly offset: number; readonly generation: number } | { readonly within: number; readonly index: number };

/** Viewers look for the header so far (ISO 32000-1, annex H.3.4), and count offsets from where it begins. */
const headerWithin = 1024;
const mostObjects = 100_000;
const cachedAlike = 8;
/** A file is changed by adding to it: so often, nobody changes a label. */
const mostSections = 100;

/**
 * @param budget of what may be unpacked
 * @throws NotMergeable
 */
export function openPdf(pdf: Uint8Array, cache: ObjectCache = new Map(), budget: Budget = fileBudget()): PdfFile {
  const all = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const header = all.subarray(0, headerWithin + 5).indexOf('%PDF-');
  if (header < 0) throw damaged('it does not begin with %PDF-');
  const bytes = all.subarray(header);
  const { trailer, places } = readPlaces(bytes, budget);
  if (trailer.entries.has('Encrypt')) throw new NotMergeable('encrypted', 'its trailer says so');

  const known = new Map<number, PdfObject>();
  const unpacked = new Map<number, Unpacked>();
  // Each is read once, and none has another within it: so all that is read is no more than there is.
  let unread = bytes.length;
  let values = 0;
  let packedObjects = 0;
  const spend: Spend = (span, read = 0) => {
    unread -= span;
    values += read;
    if (unread < 0) throw damaged('objects stand within each other');
    if (values > mostValues) throw new NotMergeable('unsupported', 'it has too many values');
  };

  const object = (number: number, generation = 0): PdfObject => {
    const before = known.get(number);
    const place = places.get(number);
    if (!place) throw damaged(`object ${number} is missing`);
    if (('offset' in place ? place.generation : 0) !== generation)
      throw damaged(`object ${number} is of another generation`);
    if (before) return before;
    const found = 'offset' in place ? objectAt(number, place.offset) : packedObject(number, place);
    known.set(number, found);
    return found;
  };

  const objectAt = (number: number, offset: number): PdfObject => {
    const key = `${number} ${bytes.toString('latin1', offset, offset + 48)}`;
    const alike = cache.get(key) ?? [];
    for (const cached of alike) {
      if (!isSame(cached, offset)) continue;
      spend(cached.end - cached.start);
      return cached.object;
    }
    const read = readObject(bytes, number, offset, lengthOf, spend);
    if (alike.length < cachedAlike) cache.set(key, [...alike, read]);
    return read.object;
  };

  const isSame = ({ object: cached, start, end }: CachedObject, offset: number): boolean => {
    if (offset + end - start > bytes.length) return false;
    if (cached.bytes.compare(bytes, offset, offset + end - start, start, end) !== 0) return false;
    // How long a stream is may stand in another object.
    const { data, value } = cached;
    return !data || value.kind !== 'dict' || lengthOf(value.entries.get('Length')) === data.end - data.start;
  };

  const lengthOf = (value: PdfValue | undefined): number => {
    const length = value?.kind === 'reference' ? object(value.number, value.generation).value : value;
    if (length?.kind !== 'number' || !Number.isSafeInteger(length.value) || length.value < 0) {
      throw damaged('a stream does not say how long it is');
    }
    return length.value;
  };

  const packedObject = (number: number, { within, index }: { within: number; index: number }): PdfObject => {
    const pack = unpacked.get(within) ?? unpack(within);
    unpacked.set(within, pack);
    const entry = pack.entries[index];
    if (entry?.number !== number) throw damaged(`object ${number} is not where it should be`);
    const scanner = new Scanner(pack.bytes, entry.offset);
    const value = scanner.value();
    spend(scanner.at - entry.offset, scanner.values);
    return { bytes: pack.bytes, value, references: scanner.references };
  };

  const unpack = (number: number): Unpacked => {
    const place = places.get(number);
    if (!place || !('offset' in place)) throw damaged(`the pack of objects ${number} is missing`);
    const stream = object(number, place.generation);
    const pack = unpackObjects(stream, number, budget);
    packedObjects += pack.entries.length;
    if (packedObjects > mostObjects) throw tooManyObjects();
    unread += pack.bytes.length;
    return pack;
  };

  checkPlaces(bytes, places);
  return {
    isNewest: bytes.toString('latin1', 5, 6) === '2',
    trailer,
    numbers: [...places.keys()],
    object,
    objectWhatever(number) {
      const place = places.get(number);
      return object(number, place && 'offset' in place ? place.generation : 0);
    },
    follow(value, within) {
      if (value?.kind !== 'reference') return value && { value, within };
      const found = object(value.number, value.generation);
      // A reference to a reference is none that the standard has.
      if (found.value.kind === 'reference') throw damaged(`object ${value.number} is only a reference`);
      return { value: found.value, within: found };
    },
  };
}

/** All objects stand where the file says, also those that no page needs: a viewer that finds one wrong repairs the whole file. */
function checkPlaces(bytes: Buffer, places: ReadonlyMap<number, Place>): void {
  for (const [number, place] of places) {
    if (!('offset' in place)) continue;
    const begins = /^[\0\t\n\f\r ]{0,4}(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj/.exec(
      bytes.toString('latin1', place.offset, place.offset + 40),
    );
    if (!begins || Number(begins[1]) !== number || Number(begins[2]) !== place.generation) {
      throw damaged(`object ${number} is not where the file says`);
    }
  }
}

/** Counts what was read. Throws where it is more than there is to read. */
type Spend = (span: number, values?: number) => void;

function readObject(
  bytes: Buffer,
  number: number,
  offset: number,
  lengthOf: (value: PdfValue | undefined) => number,
  spend: Spend,
): CachedObject {
  const scanner = new Scanner(bytes, offset);
  const [first, generation, keyword] = [0, 0, 0].map(() => {
    scanner.skipSpace();
    return scanner.word();
  });
  if (Number(first) !== number || !/^\d{1,5}$/.test(generation ?? '') || keyword !== 'obj') {
    throw damaged(`object ${number} is not where the file says`);
  }
  const value = scanner.value();
  const references = [...scanner.references];
  scanner.skipSpace();
  const next = scanner.word();
  // Before the length is looked for, which may be in an object that stands within this one.
  spend(scanner.at - offset, scanner.values);
  if (next === 'endobj') return { object: { bytes, value, references }, start: offset, end: scanner.at };
  if (next !== 'stream' || value.kind !== 'dict') throw damaged(`object ${number} has no end`);
  if (value.ambiguous) throw damaged(`the stream ${number} says something twice`);
  if (value.entries.has('F')) throw new NotMergeable('other_files', `the stream ${number} stands in another file`);

  const start = scanner.at + (bytes[scanner.at] === 13 ? 2 : 1);
  if (bytes[start - 1] !== 10) throw damaged(`the stream ${number} does not begin on a line`);
  const end = start + lengthOf(value.entries.get('Length'));
  const after = new Scanner(bytes, Math.min(end, bytes.length));
  for (const expected of ['endstream', 'endobj']) {
    while (after.at < bytes.length && bytes[after.at]! <= 32) after.at += 1;
    if (after.word() !== expected) throw damaged(`the stream ${number} is not as long as it says`);
  }
  spend(after.at - scanner.at);
  return { object: { bytes, value, references, data: { start, end } }, start: offset, end: after.at };
}

interface Unpacked {
  readonly bytes: Buffer;
  readonly entries: readonly { readonly number: number; readonly offset: number }[];
}

/** The objects of an object stream (ISO 32000-1, 7.5.7). */
function unpackObjects(stream: PdfObject, number: number, budget: Budget): Unpacked {
  const dict = stream.value;
  if (dict.kind !== 'dict' || nameIn(dict, 'Type') !== 'ObjStm')
    throw damaged(`object ${number} is no pack of objects`);
  const bytes = unpackedData(stream, dict, budget);
  const [count, first] = [wholeIn(dict, 'N'), wholeIn(dict, 'First')];
  if (count === undefined || first === undefined || count > mostObjects)
    throw damaged(`the pack ${number} is not read`);
  const scanner = new Scanner(bytes, 0, Math.min(first, bytes.length));
  const next = (): number => {
    scanner.skipSpace();
    const word = scanner.word();
    if (!/^\d{1,10}$/.test(word)) throw damaged(`the pack ${number} does not name its objects`);
    return Number(word);
  };
  const entries = Array.from({ length: count }, () => ({ number: next(), offset: first + next() }));
  return { bytes, entries };
}

/** Where all objects are: cross-reference tables and streams, the newest first (ISO 32000-1, 7.5.4 and 7.5.8). */
function readPlaces(bytes: Buffer, budget: Budget): { trailer: PdfDict; places: Map<number, Place> } {
  const places = new Map<number, Place | 'free'>();
  const seen = new Set<number>();
  let trailer: PdfDict | undefined;
  let entries = 0;
  let unread = bytes.length;
  const spend: Spend = (span) => {
    unread -= span;
    if (unread < 0) throw damaged('its lists of objects stand within each other');
  };
  const add = (number: number, place: Place | 'free') => {
    // Each may be named again by a later version of the file.
    if (++entries > mostObjects * 2 || number > mostObjects * 10 || places.size > mostObjects) throw tooManyObjects();
    if (!places.has(number)) places.set(number, place);
  };
  for (let at: number | undefined = lastSectionOf(bytes); at !== undefined;) {
    if (seen.has(at)) throw damaged('its lists of objects lead in a circle');
    if (seen.size >= mostSections) throw new NotMergeable('unsupported', 'it was changed too often');
    seen.add(at);
    const section: Section = readSection(bytes, at, { add, spend, budget });
    trailer ??= section.dict;
    const hybrid = section.isTable ? wholeIn(section.dict, 'XRefStm') : undefined;
    if (hybrid !== undefined) {
      const addHidden: Add = (number, place) => {
        // Hidden from old readers: whether the table or the stream counts, viewers do not agree.
        if (places.get(number) === 'free' && place !== 'free') throw new NotMergeable('unsupported', 'hidden objects');
        add(number, place);
      };
      readSection(bytes, hybrid, { add: addHidden, spend, budget });
    }
    at = wholeIn(section.dict, 'Prev');
    if (at === undefined && section.dict.entries.has('Prev'))
      throw damaged('it does not say where its earlier objects are');
  }
  if (!trailer || trailer.ambiguous) throw damaged('it has no trailer');
  const inUse = [...places].filter((entry): entry is [number, Place] => entry[1] !== 'free');
  return { trailer, places: new Map(inUse) };
}

/** What comes after the last one is no matter: some gateways add lines of their own. */
function lastSectionOf(bytes: Buffer): number {
  const at = bytes.lastIndexOf('startxref');
  const offset = /^startxref[\0\t\n\f\r ]+(\d{1,10})[\0\t\n\f\r ]+%%EOF/.exec(
    bytes.toString('latin1', Math.max(at, 0), at + 64),
  )?.[1];
  // Further away from the end, some viewers do not find it.
  if (at < 0 || offset === undefined || bytes.length - at > 1024) throw damaged('its end is missing');
  return Number(offset);
}

interface Section {
  readonly dict: PdfDict;
  readonly isTable: boolean;
}

type Add = (number: number, place: Place | 'free') => void;

interface SectionReading {
  readonly add: Add;
  readonly spend: Spend;
  readonly budget: Budget;
}

function readSection(bytes: Buffer, offset: number, reading: SectionReading): Section {
  if (offset >= bytes.length) throw damaged('its list of objects is not where it says');
  const scanner = new Scanner(bytes, offset);
  scanner.skipSpace();
  return bytes.toString('latin1', scanner.at, scanner.at + 4) === 'xref'
    ? { dict: readTable(bytes, scanner.at + 4, reading), isTable: true }
    : { dict: readCrossReferenceStream(bytes, scanner.at, reading), isTable: false };
}

const entryBytes = 20;

function readTable(bytes: Buffer, start: number, { add, spend }: SectionReading): PdfDict {
  let at = start;
  for (;;) {
    const head = /^[\t\n\f\r ]*(?:(\d{1,10}) (\d{1,10}) *(?:\r\n|\n|\r)|trailer)/.exec(
      bytes.toString('latin1', at, at + 48),
    );
    if (!head) throw damaged('its table of objects is not read');
    at += head[0].length;
    if (head[1] === undefined) break;
    const [first, count] = [Number(head[1]), Number(head[2])];
    if (count > mostObjects) throw tooManyObjects();
    for (let i = 0; i < count; i++, at += entryBytes) {
      const entry = /^(\d{10}) (\d{5}) ([fn])[ \r][\r\n]$/.exec(bytes.toString('latin1', at, at + entryBytes));
      if (!entry) throw damaged('its table of objects is not read');
      const isFree = entry[3] === 'f' || Number(entry[1]) === 0;
      add(first + i, isFree ? 'free' : { offset: Number(entry[1]), generation: Number(entry[2]) });
    }
  }
  const scanner = new Scanner(bytes, at);
  const trailer = scanner.value();
  spend(scanner.at - start);
  if (trailer.kind !== 'dict') throw damaged('it has no trailer');
  return trailer;
}

function readCrossReferenceStream(bytes: Buffer, offset: number, { add, spend, budget }: SectionReading): PdfDict {
  const number = Number(/^\d{1,10}/.exec(bytes.toString('latin1', offset, offset + 10))?.[0] ?? Number.NaN);
  const direct = (length: PdfValue | undefined): number => {
    if (!isWhole(length)) throw damaged('its list of objects does not say how long it is');
    return length.value;
  };
  const { object } = readObject(bytes, number, offset, direct, spend);
  const dict = object.value;
  if (dict.kind !== 'dict' || nameIn(dict, 'Type') !== 'XRef')
    throw damaged('its list of objects is not where it says');
  const widths = wholesIn(dict, 'W');
  const size = wholeIn(dict, 'Size');
  if (widths?.length !== 3 || size === undefined || widths.some((width) => width > 6))
    throw damaged('its list of objects is not read');
  const [typeWidth, secondWidth, thirdWidth] = widths as [number, number, number];
  // A kind and a third field that are left out have a meaning (table 17), and there are writers that leave them out.
  if (secondWidth === 0) throw damaged('its list of objects has entries of no width');
  const rows = unpackedData(object, dict, budget);
  const index = dict.entries.has('Index') ? wholesIn(dict, 'Index') : [0, size];
  if (!index || index.length % 2 !== 0) throw damaged('its list of objects is not read');
  const named = index.reduce((sum, count, i) => (i % 2 === 1 ? sum + count : sum), 0);
  if (named > rows.length / (typeWidth + secondWidth + thirdWidth)) throw damaged('its list of objects is cut off');
  if (named > mostObjects) throw tooManyObjects();
  let at = 0;
  const field = (width: number): number => {
    if (at + width > rows.length) throw damaged('its list of objects is cut off');
    at += width;
    return width === 0 ? 0 : rows.readUIntBE(at - width, width);
  };
  for (let i = 0; i < index.length; i += 2) {
    for (let n = 0; n < index[i + 1]!; n++) {
      const type = typeWidth === 0 ? 1 : field(typeWidth);
      const [second, third] = [field(secondWidth), field(thirdWidth)];
      if (type === 1) add(index[i]! + n, { offset: second, generation: third });
      else if (type === 2) add(index[i]! + n, { within: second, index: third });
      else if (type === 0) add(index[i]! + n, 'free');
      else throw damaged('its list of objects has entries of an unknown kind');
    }
  }
  return dict;
}

/** Of object and cross-reference streams alone: what pages carry is never unpacked. */
function unpackedData({ bytes, data }: PdfObject, dict: PdfDict, budget: Budget): Buffer {
  if (!data) throw damaged('a stream is missing');
  const raw = bytes.subarray(data.start, data.end);
  const filter = onlyOne(dict.entries.get('Filter'));
  if (!filter) return raw;
  if (filter.kind !== 'name' || filter.name !== 'FlateDecode')
    throw new NotMergeable('unsupported', 'its list of objects is packed in a rare way');
  const params = onlyOne(dict.entries.get('DecodeParms'));
  const plain = inflated(raw, budget);
  if (!params || params.kind === 'word') return plain;
  if (params.kind !== 'dict') throw new NotMergeable('unsupported', 'its list of objects is packed in a rare way');
  return withoutPredictor(plain, params);
}

function inflated(raw: Buffer, budget: Budget): Buffer {
  if (budget.left <= 0) budget.refuse();
  let plain: Buffer;
  try {
    plain = inflateSync(raw, { maxOutputLength: budget.left });
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') budget.refuse();
    throw damaged('its list of objects can not be unpacked');
  }
  budget.take(plain.length);
  return plain;
}

const tooManyObjects = (): NotMergeable => new NotMergeable('unsupported', 'too many objects');

/** Undoes PNG's filters (ISO 32000-1, 7.4.4.4; PNG 1.2, 6). */
function withoutPredictor(rows: Buffer, params: PdfDict): Buffer {
  const predictor = wholeIn(params, 'Predictor') ?? 1;
  if (predictor === 1) return rows;
  const columns = wholeIn(params, 'Columns') ?? 1;
  const isPlain = (wholeIn(params, 'Colors') ?? 1) === 1 && (wholeIn(params, 'BitsPerComponent') ?? 8) === 8;
  if (predictor < 10 || !isPlain || columns < 1)
    throw new NotMergeable('unsupported', 'its list of objects is packed in a rare way');
  const count = Math.floor(rows.length / (columns + 1));
  const out = Buffer.alloc(count * columns);
  for (let row = 0; row < count; row++) {
    const filter = rows[row * (columns + 1)]!;
    if (filter > 4) throw damaged('its list of objects can not be unpacked');
    for (let i = 0; i < columns; i++) {
      const at = row * columns + i;
      const left = i > 0 ? out[at - 1]! : 0;
      const up = row > 0 ? out[at - columns]! : 0;
      const corner = i > 0 && row > 0 ? out[at - columns - 1]! : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      out[at] = rows[row * (columns + 1) + 1 + i]! + predicted;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** A list of one is the same as the one. */
function onlyOne(value: PdfValue | undefined): PdfValue | undefined {
  if (value?.kind !== 'array') return value;
  if (value.items.length > 1) throw new NotMergeable('unsupported', 'its list of objects is packed in a rare way');
  return value.items[0];
}

const isWhole = (value: PdfValue | undefined): value is PdfValue & { kind: 'number' } =>
  value?.kind === 'number' && Number.isSafeInteger(value.value) && value.value >= 0;

/** Direct values alone: before the objects are known, there is nothing else. */
export const wholeIn = (dict: PdfDict, key: string): number | undefined => {
  const value = dict.entries.get(key);
  return isWhole(value) ? value.value : undefined;
};

const wholesIn = (dict: PdfDict, key: string): number[] | undefined => {
  const value = dict.entries.get(key);
  if (value?.kind !== 'array' || !value.items.every(isWhole)) return undefined;
  return value.items.map((item) => item.value);
};

export const nameIn = (dict: PdfDict, key: string): string | undefined => {
  const value = dict.entries.get(key);
  return value?.kind === 'name' ? value.name : undefined;
};

/** Also one that stands in an object of its own. */
export const nameOf = (file: PdfFile, dict: PdfDict, key: string, within: PdfObject): string | undefined => {
  const value = file.follow(dict.entries.get(key), within)?.value;
  return value?.kind === 'name' ? value.name : undefined;
};
