import { decodeHTMLStrict } from 'entities';

/** What can be printed on a label: Posti's labels have Western and Cyrillic glyphs, and no Asian ones (posti.md 2). */

/** Pictographs with all that may hang on them. The signs © ® ™ count as pictographs, but are in every font. */
const emoji =
  /(?![©®™])\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u{FE00}-\u{FE0F}\u{20E3}\u{E0020}-\u{E007F}]/gu;

/** Joiners, direction marks, soft hyphens, halves of surrogate pairs: nothing that a reader sees. */
const invisible = /[\p{Cf}\p{Cs}]/gu;

/** Letters and digits of other scripts, and all that Unicode keeps above U+2E80: Asian and mathematical forms, private use. */
const otherScript =
  /(?![\p{Script=Latin}\p{Script=Cyrillic}])[\u{2E80}-\u{10FFFF}]|(?![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}])\p{L}|(?![0-9])\p{Nd}/u;

export interface LabelText {
  /** Composed, on one line, single spaces; null when nothing is left. */
  readonly text: string | null;
  /** Whether pictographs were taken out. */
  readonly emojiRemoved: boolean;
  /** What became of HTML entities (`&amp;`, `&#39;`) that some checkouts and import tools leave in an address. */
  readonly entities: 'none' | 'decoded' | 'unclear';
  /** False where a letter or digit is of a script that the label has no glyphs for. */
  readonly printable: boolean;
}

/** Makes a text fit for a label without changing a letter of it, but for HTML entities, which stand for one. */
export function labelText(raw: string | null): LabelText {
  const { text: decoded, entities } = decodeOnce(raw ?? '');
  const composed = decoded.normalize('NFC');
  const plain = composed.replace(emoji, '');
  const tidy = plain
    .replace(invisible, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return {
    text: tidy === '' ? null : tidy,
    emojiRemoved: plain !== composed,
    entities,
    printable: !otherScript.test(tidy),
  };
}

/**
 * Decodes HTML entities once, where what they stand for is certain: named as HTML names them, with their semicolon. A text
 * that was encoded twice (`&amp;amp;`), or that hides a control character, stays as it is: nobody knows what was meant.
 */
function decodeOnce(raw: string): Pick<LabelText, 'entities'> & { readonly text: string } {
  const text = decodeHTMLStrict(raw);
  if (text === raw) return { text, entities: 'none' };
  const certain = decodeHTMLStrict(text) === text && !/[\p{Cc}\ufffd]/u.test(text.replace(/\s/g, ''));
  return certain ? { text, entities: 'decoded' } : { text: raw, entities: 'unclear' };
}

/**
 * Breaks a text into as few lines as it needs, at spaces, and never loses a character but the space at a break. A word
 * that is longer than a line breaks after a hyphen, or where the line ends.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => breakWord(long, width))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return line === '' ? lines : [...lines, line];
}

function breakWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (rest.length > width) {
    const hyphen = rest.lastIndexOf('-', width - 1);
    const end = hyphen > 0 ? hyphen + 1 : width;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return rest === '' ? pieces : [...pieces, rest];
}
