/** Readers for answers of which neither the property names nor the shapes are known for sure. None of them throws. */

export type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value under the first of these names that has one. */
export function first(owner: Json, ...names: readonly string[]): unknown {
  return names.map((name) => owner[name]).find((value) => value !== undefined && value !== null && value !== '');
}

/** The objects in a list; none where it is no list. */
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Texts by language: from `{fi: …}`, from `[{language, value}]`, or one text in no known language as `fi`, Posti's default. */
export function localised(value: unknown): Record<string, string> {
  if (typeof value === 'string') return value.trim() === '' ? {} : { fi: value.trim() };
  const pairs = Array.isArray(value)
    ? listOf(value).map(
        (it) => [textOf(first(it, 'language', 'lang', 'locale')), first(it, 'value', 'text', 'name')] as const,
      )
    : isRecord(value)
      ? Object.entries(value)
      : [];
  return Object.fromEntries(
    pairs.flatMap(([language, text]) => {
      const said = textOf(text);
      return language === null || said === null ? [] : [[language.slice(0, 2).toLowerCase(), said]];
    }),
  );
}
