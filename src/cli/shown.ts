/**
 * Text for a terminal. What shops, shoppers and carriers wrote may hold what a terminal obeys or hides: control characters,
 * those that turn the direction of writing, line ends that would look like a line of ours. They are shown as \u001b.
 */
export const shown = (line: string): string => line.replaceAll(hidden, escaped);

/** The same for JSON, which has escaped the first 32 already: its own line ends stay. */
export const shownJson = (value: unknown): string => JSON.stringify(value, null, 2).split('\n').map(shown).join('\n');

/** Control characters (C0, DEL, C1), signs of direction and line ends of Unicode, halves of a pair. Zero-width joiners belong to writing. */
const hidden = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
