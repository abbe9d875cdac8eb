import { damaged, NotMergeable } from './merge-trouble.ts';

/**
 * Reads PDF objects (ISO 32000-1, 7.2 and 7.3) without changing them: each value knows where it stands, so that it can be
 * copied byte for byte. Strict: what viewers read in different ways is refused.
 */
export type PdfValue =
  | PdfReference
  | PdfDict
  | PdfArray
  | (Span & { readonly kind: 'name'; readonly name: string })
  /** `value` is NaN for a notation that the standard does not have: viewers differ there. It is copied as it stands. */
  | (Span & { readonly kind: 'number'; readonly value: number })
  | (Span & { readonly kind: 'string'; readonly text: string })
  | (Span & { readonly kind: 'word'; readonly word: 'true' | 'false' | 'null' });

/** Where a value stands in its bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface PdfReference extends Span {
  readonly kind: 'reference';
  readonly number: number;
  readonly generation: number;
}

export interface PdfArray extends Span {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}

export interface PdfDict extends Span {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, PdfValue>;
  /** A key stands twice: some viewers take the first, some the last. */
  readonly ambiguous: boolean;
}

const [regular, space, delimiter] = [0, 1, 2];
/** What each byte is (ISO 32000-1, tables 1 and 2). */
const kindOf = new Uint8Array(256);
for (const char of '\0\t\n\f\r ') kindOf[char.charCodeAt(0)] = space;
for (const char of '()<>[]{}/%') kindOf[char.charCodeAt(0)] = delimiter;

const code = (char: string): number => char.charCodeAt(0);
const [openParen, closeParen, less, greater] = [code('('), code(')'), code('<'), code('>')];
const [openBracket, closeBracket, slash, percent, backslash] = [code('['), code(']'), code('/'), code('%'), code('\\')];
const letterR = code('R');
const [lineFeed, carriageReturn] = [10, 13];

const deepest = 100;
/** In one object. The memory that values take is many times their bytes. */
export const mostValues = 500_000;
/** Each character has one part to belong to: what is almost a number must not be tried in all ways. */
const standardNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const wholeNumber = /^\d{1,10}$/;

/** A class, because there is one for each object of each file. */
export class Scanner {
  /** Of the next character that was not read yet. */
  at: number;
  /** All references that were read, in their order. */
  readonly references: PdfReference[] = [];
  /** How many values were read, those within others too. */
  values = 0;
  readonly #bytes: Buffer;
  readonly #limit: number;
  #depth = 0;

  constructor(bytes: Buffer, start: number, limit = bytes.length) {
    this.#bytes = bytes;
    this.at = start;
    this.#limit = limit;
  }

  skipSpace(): void {
    const [bytes, limit] = [this.#bytes, this.#limit];
    while (this.at < limit) {
      const byte = bytes[this.at]!;
      if (kindOf[byte] === space) this.at += 1;
      else if (byte === percent) {
        while (this.at < limit && bytes[this.at] !== lineFeed && bytes[this.at] !== carriageReturn) this.at += 1;
      } else return;
    }
  }

  /** The next characters that belong together, or '' before a delimiter. */
  word(): string {
    const [bytes, limit, from] = [this.#bytes, this.#limit, this.at];
    while (this.at < limit && kindOf[bytes[this.at]!] === regular) this.at += 1;
    return bytes.toString('latin1', from, this.at);
  }

  value(): PdfValue {
    this.skipSpace();
    if (this.at >= this.#limit) throw damaged('an object has no end');
    if (++this.#depth > deepest) throw damaged('values are nested too deep');
    if (++this.values > mostValues) throw new NotMergeable('unsupported', 'it has too many values');
    const read = this.#next();
    this.#depth -= 1;
    return read;
  }

  #next(): PdfValue {
    switch (this.#bytes[this.at]) {
      case slash:
        return this.#name();
      case openBracket:
        return this.#array();
      case openParen:
        return this.#literalString();
      case less:
        return this.#bytes[this.at + 1] === less ? this.#dict() : this.#hexString();
      default:
        return this.#plain();
    }
  }

  #name() {
    const start = this.at;
    this.at += 1;
    const written = this.word();
    const name = written.includes('#') ? unescapedName(written) : written;
    return { kind: 'name' as const, start, end: this.at, name };
  }

  #literalString(): PdfValue {
    const [bytes, start] = [this.#bytes, this.at];
    let open = 0;
    for (; this.at < this.#limit; this.at += 1) {
      const byte = bytes[this.at];
      if (byte === backslash) this.at += 1;
      else if (byte === openParen) open += 1;
      else if (byte === closeParen && --open === 0) {
        const text = unescapedText(bytes.toString('latin1', start + 1, this.at));
        this.at += 1;
        return { kind: 'string', start, end: this.at, text };
      }
    }
    throw damaged('a text has no end');
  }

  #hexString(): PdfValue {
    const start = this.at;
    const close = this.#bytes.indexOf(greater, start);
    if (close < 0 || close >= this.#limit) throw damaged('a text has no end');
    const digits = this.#bytes.toString('latin1', start + 1, close).replace(/[\0\t\n\f\r ]/g, '');
    if (/[^0-9a-fA-F]/.test(digits)) throw damaged('a text in hexadecimal digits has others');
    this.at = close + 1;
    return { kind: 'string', start, end: this.at, text: Buffer.from(`${digits}0`, 'hex').toString('latin1') };
  }

  #array(): PdfArray {
    const start = this.at;
    const items: PdfValue[] = [];
    this.at += 1;
    for (;;) {
      this.skipSpace();
      if (this.at >= this.#limit) throw damaged('a list has no end');
      if (this.#bytes[this.at] === closeBracket) break;
      items.push(this.value());
    }
    this.at += 1;
    return { kind: 'array', start, end: this.at, items };
  }

  #dict(): PdfDict {
    const [bytes, start] = [this.#bytes, this.at];
    const entries = new Map<string, PdfValue>();
    let ambiguous = false;
    this.at += 2;
    for (;;) {
      this.skipSpace();
      if (this.at >= this.#limit) throw damaged('a dictionary has no end');
      if (bytes[this.at] === greater && bytes[this.at + 1] === greater) break;
      if (bytes[this.at] !== slash) throw damaged('a dictionary has something else than a name for a key');
      const { name } = this.#name();
      if (entries.has(name)) ambiguous = true;
      entries.set(name, this.value());
    }
    this.at += 2;
    return { kind: 'dict', start, end: this.at, entries, ambiguous };
  }

  #plain(): PdfValue {
    const start = this.at;
    const written = this.word();
    if (/^[+\-.0-9]/.test(written)) return this.#numberOrReference(start, written);
    if (written === 'true' || written === 'false' || written === 'null') {
      return { kind: 'word', start, end: this.at, word: written };
    }
    throw damaged('something stands where a value should');
  }

  #numberOrReference(start: number, written: string): PdfValue {
    const end = this.at;
    if (wholeNumber.test(written)) {
      const reference = this.#restOfReference(start, Number(written));
      if (reference) return reference;
    }
    this.at = end;
    const value = standardNumber.test(written) ? Number(written) : Number.NaN;
    return { kind: 'number', start, end, value };
  }

  /** A reference is two whole numbers and an R. */
  #restOfReference(start: number, number: number): PdfReference | undefined {
    this.skipSpace();
    const generation = this.word();
    if (!wholeNumber.test(generation)) return undefined;
    this.skipSpace();
    // Only one letter is looked at: most pairs of numbers are none.
    if (this.#bytes[this.at] !== letterR || this.word() !== 'R') return undefined;
    const reference: PdfReference = {
      ...{ kind: 'reference', start, end: this.at, number },
      generation: Number(generation),
    };
    this.references.push(reference);
    return reference;
  }
}

const unescapedName = (written: string): string =>
  written.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const unescapedText = (written: string): string =>
  written.includes('\\')
    ? written.replace(/\\(\r\n|[0-7]{1,3}|[^])/g, (_, escaped: string) =>
        /^[0-7]/.test(escaped)
          ? String.fromCharCode(Number.parseInt(escaped, 8) & 255)
          : /^[\r\n]/.test(escaped)
            ? ''
            : (escapes[escaped] ?? escaped),
      )
    : written;
