/** What differs between two versions of a store's settings. Pure. */

export interface ChangedSetting {
  /** `writeBack.moment` */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The differing values, by their paths in alphabetical order. A list counts as one value. */
export function changedSettings(before: unknown, after: unknown): ChangedSetting[] {
  const found: ChangedSetting[] = [];
  compare(before, after, '', found);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function compare(before: unknown, after: unknown, path: string, found: ChangedSetting[]): void {
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], path === '' ? key : `${path}.${key}`, found);
    }
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    found.push({ path, before: before ?? null, after: after ?? null });
  }
}

/**
 * For the audit: `{ path: value }` of before and of after. Who the sender is (it may be a person) and where is left to the
 * settings' own versions.
 */
export function auditOf(changes: readonly ChangedSetting[]): {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
} {
  const side = (which: 'before' | 'after') =>
    Object.fromEntries(changes.map((change) => [change.path, isPlain(change[which]) ? change[which] : '…']));
  const senderless = (values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).map(([path, value]) => [path, /\bsender\b/.test(path) ? '…' : value]));
  return { before: senderless(side('before')), after: senderless(side('after')) };
}

/** JSON Merge Patch (RFC 7396): members replace, null takes away – a setting that is taken away has its default again. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else define(result, key, mergePatch(result[key], value));
  }
  return result;
}

/**
 * Paths in what was given that the settings do not have: the schema drops them silently, and a person who mistyped a name
 * wants to hear of it.
 */
export function unknownSettings(given: unknown, kept: unknown, path = ''): string[] {
  if (typeof given !== 'object' || given === null || typeof kept !== 'object' || kept === null) return [];
  return Object.entries(given).flatMap(([key, value]) =>
    Object.hasOwn(kept, key)
      ? unknownSettings(value, (kept as Record<string, unknown>)[key], `${path}${key}.`)
      : [`${path}${key}`],
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects and lists are looked up in the versions: only what fits into a line of the audit is repeated there. */
const isPlain = (value: unknown): boolean =>
  value === null ||
  typeof value !== 'object' ||
  (Array.isArray(value) && value.every((entry) => typeof entry !== 'object') && value.length <= 20);

/** Not by assignment: a member called `__proto__` is a member like any other. */
const define = (target: Record<string, unknown>, key: string, value: unknown): void =>
  void Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
