import { readFile } from 'node:fs/promises';

/** What must not be found. */
export interface Sought {
  /** What each is called in a leak → its value. The value itself is never repeated, or the report would be the next leak. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Anything of anybody, like `canaries` of harness/people.ts, or parts of people (whole words of them, 4 characters or more). */
  readonly people: RegExp | readonly string[];
}

export interface Leak {
  /** The file, or what the text was said to be. */
  readonly where: string;
  /** From 1. */
  readonly line: number;
  /** The secret's name with how it was written, or `a person`. */
  readonly what: string;
}

const shortestSecret = 8;
const shortestPart = 4;

/**
 * Every secret and every person in a text, each named once for a line. Secrets are also found where they were written as
 * JSON, in an address, in base64 (as a Basic log-in is, whatever stands before them) or in hexadecimal digits.
 *
 * @throws Error for what is too short to be searched for: it would be found everywhere
 */
export function findLeaks(text: string, sought: Sought, where = 'the text'): Leak[] {
  const places = Object.entries(sought.secrets).flatMap(([name, secret]) =>
    spellings(name, secret).flatMap(([how, spelt]) =>
      positionsOf(text, spelt).map((at) => ({ at, what: how === '' ? name : `${name} (${how})` })),
    ),
  );
  for (const { index } of text.matchAll(patternOf(sought.people))) places.push({ at: index, what: 'a person' });

  const lineAt = lineCounter(text);
  const leaks = new Map<string, Leak>();
  for (const { at, what } of places.sort((a, b) => a.at - b.at)) {
    const leak = { where, line: lineAt(at), what };
    leaks.set(`${leak.line} ${what}`, leak);
  }
  return [...leaks.values()];
}

/** The same for files; each is read whole. */
export async function findLeaksInFiles(files: readonly string[], sought: Sought): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const file of files) leaks.push(...findLeaks(await readFile(file, 'utf8'), sought, file));
  return leaks;
}

/** How it is written, and what is looked for then. */
function spellings(name: string, secret: string): [how: string, spelt: string][] {
  if (secret.length < shortestSecret) throw new Error(`The secret "${name}" is too short to be searched for.`);
  const base64 = [0, 1, 2].map((before) => inBase64(secret, before));
  const all: [how: string, spelt: string][] = [
    ['', secret],
    ['as JSON', JSON.stringify(secret).slice(1, -1)],
    ['in an address', encodeURIComponent(secret)],
    ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
    ...base64.map((spelt): [string, string] => ['in base64', spelt]),
    ...base64.map((spelt): [string, string] => ['in base64url', urlSafe(spelt)]),
  ];
  // What looks the same twice is looked for once.
  return all.filter(([, spelt], i) => all.findIndex(([, other]) => other === spelt) === i);
}

/** Of the base64 of a longer text, in which `before` bytes (modulo 3) stand before the secret, the part that is the secret's alone. */
function inBase64(secret: string, before: number): string {
  const bytes = Buffer.byteLength(secret);
  const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64');
  return text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes) * 4) / 3));
}

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

function patternOf(people: RegExp | readonly string[]): RegExp {
  if (people instanceof RegExp) return new RegExp(people.source, [...new Set(`${people.flags}g`)].join(''));
  const short = people.find((part) => part.length < shortestPart);
  if (short !== undefined) throw new Error(`The part of a person "${short}" is too short to be searched for.`);
  // Without any, a pattern that fits nothing.
  return people.length === 0 ? /(?!)/g : new RegExp(people.map(literally).join('|'), 'gi');
}

const literally = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

function positionsOf(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found.push(at);
  return found;
}

/** Positions have to come in rising order: each line is counted once. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let counted = 0;
  return (at) => {
    for (let end = text.indexOf('\n', counted); end !== -1 && end < at; end = text.indexOf('\n', counted)) {
      line += 1;
      counted = end + 1;
    }
    return line;
  };
}
