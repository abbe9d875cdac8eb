/**
 * The ISO 3166 alpha-2 code of an address: as the shop gives it, or, where it gives only a name, found by the country's
 * name in English, Finnish or Swedish. Null where neither is known.
 */
export function countryCode(code: string | null, name: string | null): string | null {
  const given = (code ?? '').trim().toUpperCase();
  if (/^[A-Z]{2}$/.test(given)) return given;
  const wanted = (name ?? '').trim().toLowerCase();
  if (wanted === '') return null;
  if (/^[a-z]{2}$/.test(wanted)) return wanted.toUpperCase();
  for (const language of ['en', 'fi', 'sv']) {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    const found = alphabetPairs().find((pair) => names.of(pair)?.toLowerCase() === wanted);
    // Codes of former countries carry today's names too: BU is Myanmar, whose code is MM.
    if (found) return new Intl.Locale(`und-${found}`).region ?? found;
  }
  return wanted === 'aland' || wanted === 'aland islands' ? 'AX' : null;
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

const alphabetPairs = (): string[] => letters.flatMap((first) => letters.map((second) => first + second));
