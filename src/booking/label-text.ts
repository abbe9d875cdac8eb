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
  /** False where a letter or digit is of a script that the label has no glyphs for. */
  readonly printable: boolean;
}

/** Makes a text fit for a label without changing a letter of it. */
export function labelText(raw: string | null): LabelText {
  const composed = (raw ?? '').normalize('NFC');
  const plain = composed.replace(emoji, '');
  const tidy = plain
    .replace(invisible, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return { text: tidy === '' ? null : tidy, emojiRemoved: plain !== composed, printable: !otherScript.test(tidy) };
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
