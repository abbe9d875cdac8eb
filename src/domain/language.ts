/** Languages of Posti's public tracking page, and of the words of ours that shoppers read. */
export type Language = 'fi' | 'sv' | 'en';

/**
 * The page's language for a shopper's locale, like `sv-FI`. Posti's page has three (posti.md 6.6): whoever reads none of them
 * is more likely to read English. Where nothing is known at all it is Finnish, which is what Posti's own address leads to.
 */
export function languageOf(locale: string | null): Language {
  const language = locale?.trim().toLowerCase().split(/[-_]/)[0];
  if (language === 'sv' || language === 'en') return language;
  return language === 'fi' || !language ? 'fi' : 'en';
}
