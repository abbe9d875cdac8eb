/** Deeper than anything that the API takes, and far from where recursion over it would end. */
const deepest = 32;

/**
 * What no table of ours can keep, wherever it is in a request: a NUL, which PostgreSQL has in no text and no JSON; half of a
 * surrogate pair, which is no character; a nesting that nobody means. Null where there is none of it.
 *
 * Its place is named, and not its value.
 */
export function whatCannotBeKept(given: unknown): string | null {
  // Without recursion: what is too deep is what it looks for.
  const open: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value: given, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && !isKeepable(value)) return `${nameOf(path)}: ${noText}`;
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= deepest) return `${nameOf(path.slice(0, 3))}: is nested deeper than ${deepest} levels`;
    for (const [key, inner] of Object.entries(value)) {
      if (!isKeepable(key)) return `${nameOf(path)}: has a name in it that ${noText}`;
      open.push({ value: inner, path: [...path, key] });
    }
  }
  return null;
}

const noText = 'has a character that cannot be kept (NUL, or half of a surrogate pair)';

const isKeepable = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

const nameOf = (path: readonly string[]): string => path.join('.') || 'the request';
