import fc from 'fast-check';

/** What has broken others, as JSON has it. Nothing in it is large: size is a matter of its own. */
const harmfulValues: readonly unknown[] = [
  // Text that PostgreSQL keeps nowhere, and text that is no text.
  ...['\0', 'a\0b', '\ud800', 'x\udfffy', '\u202eevil', '\ufeff', '\u2028', 'e\u0301'.repeat(60)],
  // What is something in another language.
  ...[
    "' or 1=1 --",
    "'; drop table x; --",
    '$1',
    '%00',
    '%s%n',
    '../../etc/passwd',
    '<script>alert(1)</script>',
    '${7*7}',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'true',
    ' ',
    '',
    '\n',
    '\t5\t',
    "\\'",
    '\\',
    ':*&|!()',
  ],
  // Numbers at the edge of somebody's range, in digits or otherwise.
  ...[0, -0, -1, 0.5, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 1e21, 1e308, -1e308, 5e-324],
  ...['0', '-1', '2147483648', '9223372036854775808', '1e400', '0x1f', '1e3', '٣', '１２', 'NaN', 'Infinity', '1_000'],
  // Moments that not everybody has.
  ...['-271821-04-20T00:00:00.000Z', '+275760-09-13', '0000-01-01', '2024-02-30', '2026-11-22T24:00:00+23:59', '1'],
  // Other shapes.
  ...[null, true, false, [], {}, [[]], [null], [{}], { 0: 'a', length: 1 }, { toString: 1 }, { toJSON: 1 }],
  JSON.parse('{"__proto__": {"polluted": true}}'),
  JSON.parse('{"constructor": {"prototype": {"polluted": true}}}'),
];

const nested = (levels: number, open: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = open(value);
  return value;
};

const largeValues: readonly unknown[] = [
  'x'.repeat(30_000),
  'ä'.repeat(255),
  Array.from({ length: 3_000 }, () => null),
  Array.from({ length: 300 }, (_, n) => ({ storeHash: 'kauppa1', orderId: n + 1 })),
  Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`key${n}`, n])),
  nested(3_000, (inner) => [inner]),
  nested(3_000, (inner) => ({ a: inner })),
  nested(500, (inner) => ({ services: { a: inner }, sender: [] })),
];

export const harmful: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...harmfulValues) },
  { weight: 2, arbitrary: fc.constantFrom(...largeValues) },
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

/** The same as text, for where nothing but text can be. */
export const harmfulText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...harmfulValues).map((value) => (typeof value === 'string' ? value : String(JSON.stringify(value)))),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constant('x'.repeat(3_000)),
);

/** A value with something at some place in it changed, left out or added. */
export const harmed = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(value, fc.nat(), fc.constantFrom('replace', 'replace', 'leave out', 'add'), harmful, harmful)
    .map(([given, where, how, other, name]) => {
      const places = placesIn(given);
      const place = places[where % places.length]!;
      return changedAt(given, place, (inner) => {
        if (how === 'replace' || place.length === 0 || typeof inner !== 'object' || inner === null) return other;
        if (Array.isArray(inner))
          return how === 'add' ? [...(inner as unknown[]), other] : (inner as unknown[]).slice(1);
        const key = how === 'add' ? String(JSON.stringify(name)).slice(1, 60) : Object.keys(inner)[0];
        const { [key ?? '']: _gone, ...rest } = inner as Record<string, unknown>;
        return how === 'add' ? { ...rest, [key ?? '']: other } : rest;
      });
    });

type Place = readonly string[];

/** Where values are in a value, itself first. */
function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null || at.length > 6) return [at];
  return [
    at,
    ...Object.entries(value)
      .slice(0, 20)
      .flatMap(([key, inner]) => placesIn(inner, [...at, key])),
  ];
}

function changedAt(value: unknown, [key, ...deeper]: Place, change: (inner: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const inner = changedAt((value as Record<string, unknown>)[key], deeper, change);
  if (Array.isArray(value)) return value.map((old: unknown, i) => (String(i) === key ? inner : old));
  return { ...(value as object), [key]: inner };
}
