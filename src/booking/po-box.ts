/**
 * Post office boxes and poste restante, where no courier finds a door. What a box is called differs: a short word counts
 * only in the countries that use it, since `PL` is a square (plac) in Poland and `Box` a house name in Britain [R].
 */
const everywhere =
  /(?<![\p{L}\d])(?:p\.?\s?o\.?\s?-?box|post\s?office\s+box|post-?box|postilokero|postlåda|postfack|poste\s?-?restante)(?![\p{L}])/iu;

const numbered = (words: string): RegExp => new RegExp(`(?<![\\p{L}\\d])(?:${words})\\.?\\s?\\d+`, 'iu');

const finland = numbered('PL|PB|P\\.\\s?L|P\\.\\s?B');
const inCountry: Readonly<Record<string, RegExp>> = {
  FI: finland,
  AX: finland,
  SE: numbered('box'),
  NO: numbered('postboks|pb'),
  DK: numbered('postboks|pb'),
  DE: numbered('postfach'),
  AT: numbered('postfach'),
  CH: numbered('postfach|case postale|cp'),
  NL: numbered('postbus'),
  BE: numbered('postbus|bp'),
  FR: numbered('bp|b\\.p|boîte postale'),
  LU: numbered('bp|b\\.p|boîte postale'),
  MC: numbered('bp|b\\.p|boîte postale'),
  EE: numbered('pk|postkast'),
  ES: numbered('apartado(?: de correos)?|apdo'),
  PT: numbered('apartado'),
  IT: numbered('casella postale|cas\\. postale'),
  PL: numbered('skr\\.? ?poczt|skrytka pocztowa'),
};

/** The line of an address that names a box at a post office, or undefined. */
export const postBoxIn = (lines: readonly (string | null)[], country: string): string | undefined =>
  lines.find((line) => line !== null && (everywhere.test(line) || inCountry[country]?.test(line) === true)) ??
  undefined;
