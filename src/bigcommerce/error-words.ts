import { readableText } from '../http-client/body-text.ts';

const longest = 500;

/**
 * What an error body says, in one line of at most 500 characters. V2 answers an array, V3 and the gateway an object, both
 * on paths of the other, and some answer text, a page or nothing (bigcommerce.md 6.4). May quote personal data.
 */
export function wordsOf(body: string): string {
  const said = fromJson(body) ?? readableText(body);
  return said.length > longest ? `${said.slice(0, longest - 1)}…` : said;
}

function fromJson(body: string): string | undefined {
  try {
    const parts = sayings(JSON.parse(body));
    return parts.length === 0 ? undefined : [...new Set(parts)].join(' ');
  } catch {
    return undefined;
  }
}

const telling = ['message', 'title', 'detail', 'invalid_reason', 'details', 'errors', 'error'] as const;

function sayings(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (Array.isArray(value)) return value.flatMap(sayings);
  if (typeof value !== 'object' || value === null) return [];
  const known = telling.flatMap((key) => (key in value ? sayings((value as Record<string, unknown>)[key]) : []));
  // `errors` of V3 is a map from field to text.
  return known.length > 0
    ? known
    : Object.values(value)
        .filter((it) => typeof it === 'string')
        .flatMap(sayings);
}
