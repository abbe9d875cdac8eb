import { visibleText } from '../visible-text.ts';

/**
 * Whether a body may hold text that is not as a reader sees it: characters that nobody sees, letters that are not composed,
 * and what no database of ours can keep. Also as JSON spells them; escapes of the Latin and Cyrillic letters are none.
 * Most bodies hold none of it, and are read several times as fast.
 */
const suspicious =
  /[\p{Default_Ignorable_Code_Point}\p{M}\p{Surrogate}\u007F-\u009F\u1100-\u11FF\u2126\u212A\u212B\uF900-\uFAFF\uFFF9-\uFFFB]|\\u(?!00[c-fC-F][\da-fA-F]|01[0-7][\da-fA-F]|04[0-5][\da-fA-F])|\\[bf]/u;

/**
 * The JSON in a text, or undefined where it is none. Every text in it is read as a reader sees it (src/visible-text.ts):
 * this is where the answers of the shop and of Posti come in. NULs and halves of surrogate pairs would otherwise fail an
 * order whenever it was written down, for ever.
 */
export function parseJson(text: string): unknown {
  try {
    return suspicious.test(text) ? JSON.parse(text, asSeen) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const asSeen = (_key: string, value: unknown): unknown => (typeof value === 'string' ? visibleText(value) : value);

/** What a person would read of a text or a page, in one line. */
export function readableText(body: string): string {
  return body
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
