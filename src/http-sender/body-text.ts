/** How JSON spells what no database of ours can keep: NUL, and surrogates (most of them in pairs, which are characters). */
const unkeepable = /\\u(0000|d[89a-f])/i;

/**
 * The JSON in a text, or undefined where it is none. NULs in it are left out, and half a surrogate pair becomes a question
 * mark of Unicode's: an order or a scan with one would otherwise fail whenever it was written down, for ever.
 */
export function parseJson(text: string): unknown {
  try {
    return unkeepable.test(text) ? JSON.parse(text, keepable) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const keepable = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\ufffd') : value;

/** What a person would read of a text or a page, in one line. */
export function readableText(body: string): string {
  return body
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
