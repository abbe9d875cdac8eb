import { parseJson, readableText } from '../../http-client/body-text.ts';

/** What a body of Posti says about a refusal. */
export interface AnswerWords {
  /** In one line, at most 500 characters. May quote personal data. */
  readonly words: string;
  /** Like `E41`, where a message begins with one. Business errors come so with any status (posti.md 4.6). */
  readonly businessCode: string | null;
  /** The body is, or begins with, an object that has `errors`. They come with HTTP 200, too (posti.md 4.6). */
  readonly hasErrors: boolean;
}

const longest = 500;
const telling = [
  'message',
  'error_description',
  'error',
  'errors',
  'errorCode',
  'messageCode',
  'details',
  'location',
] as const;

/** Reads all known shapes: `{error: {message}}`, `{errors: […]}`, `{errorCode, message, details}`, arrays, text, a page. */
export function readWords(body: string): AnswerWords {
  const json = parseJson(body);
  const messages = json === undefined ? [readableText(body)] : sayings(json);
  const businessCode = messages.map((message) => /^\s*(E\d+)\b/.exec(message)?.[1]).find((code) => code !== undefined);
  const words = [...new Set(messages)].join(' ');
  return {
    words: words.length > longest ? `${words.slice(0, longest - 1)}…` : words,
    businessCode: businessCode ?? null,
    hasErrors: (Array.isArray(json) ? json : [json]).some(hasErrors),
  };
}

function hasErrors(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('errors' in value)) return false;
  const { errors } = value;
  if (Array.isArray(errors)) return errors.length > 0;
  return errors !== null && errors !== undefined && errors !== false && errors !== '';
}

function sayings(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (Array.isArray(value)) return value.flatMap(sayings);
  if (typeof value !== 'object' || value === null) return [];
  return telling.flatMap((key) => (key in value ? sayings((value as Record<string, unknown>)[key]) : []));
}
