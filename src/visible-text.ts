/**
 * Text as a reader sees it. People paste addresses out of chats and web pages, and with them come characters that nobody
 * sees: a phone number with a direction mark is no number to a program, a postcode with a zero-width space no postcode.
 * They are taken out once, where text comes in, so that everything behind may compare what it reads.
 */

/** Printable ASCII: nothing to do, and that is said fast also of a file in base64. */
const plain = /^[\t\n\r\x20-\x7e]*$/;

/* eslint-disable no-control-regex -- control characters are what it is about */
/**
 * What Unicode tells programs to show nothing for (zero-width spaces and joiners, direction marks, soft hyphens, variation
 * selectors, byte order marks, tags), marks of annotation, and control characters that break no line.
 */
const unseen =
  /[\p{Default_Ignorable_Code_Point}\u{FFF9}-\u{FFFB}\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F]/gu;

/** Old line ends of printers and mainframes: they separate words. */
const oldBreaks = /[\u000B\u000C\u0085]/g;

/* eslint-enable no-control-regex */

/**
 * The text without characters that nobody sees, composed (Unicode NFC), so that two texts that look alike are alike. Half
 * of a surrogate pair, which is no character, becomes Unicode's question mark.
 */
export function visibleText(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(unseen, '')
    .replace(oldBreaks, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .normalize('NFC');
}

/** The same for every text in what came as JSON, names of members included. */
export function visibleTexts(given: unknown): unknown {
  if (typeof given === 'string') return visibleText(given);
  if (Array.isArray(given)) return given.map(visibleTexts);
  if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [visibleText(key), visibleTexts(value)]));
}
