/**
 * Masks people and secrets before a call is written down. Pure. What stays readable is what explains a failure: ids,
 * codes, quantities, countries, the first two digits of a postcode, and the other side's messages.
 */

const mask = '•';
const maxDepth = 12;
const maxEntries = 40;
const maxStringLength = 500;
const maxJsonLength = 16_000;

/** A request and its answer, masked together: a person's name that the answer quotes in a message goes too. */
export function redactExchange(request: unknown, response: unknown): { request: unknown; response: unknown } {
  kinds.clear();
  const people = new Set<string>();
  const redacted = { request: byKey(request, people, 0), response: byKey(response, people, 0) };
  // A longer word cannot be quoted: strings of more characters do not stay.
  const quoted = [...people]
    .filter(({ length }) => length >= 4 && length <= maxStringLength)
    .sort((a, b) => b.length - a.length);
  return { request: limited(redacted.request, quoted), response: limited(redacted.response, quoted) };
}

/** A body as it came: JSON is masked by its keys; of anything else only short plain text stays, or a page's title. */
export function readableBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const title = /<title>([^<]{1,120})<\/title>/i.exec(text)?.[1];
    if (title) return { html: title.trim() };
    // Half of a JSON answer, or a page: nothing tells which part of it is a person's.
    return /[<{["]/.test(text) || text.length > 200 ? { unreadable: lengthOf(text) } : text;
  }
}

/** A path with query: values of parameters that name people or secrets are masked, and so are addresses in segments. */
export function redactPath(path: string): string {
  const [plain = '', query] = path.split(/\?(.*)/s);
  const segments = plain
    .split('/')
    .map((segment) => (/%40|@|%2B|^\+/i.test(segment) ? mask : segment))
    .join('/');
  if (query === undefined || query === '') return segments;
  const parameters = query.split('&').map((parameter) => {
    const [name = '', value] = parameter.split(/=(.*)/s);
    if (value === undefined) return name;
    const kind = kindOf(name);
    const hidden = kind !== 'plain' || /%40|@/.test(value);
    return `${name}=${hidden ? mask : value}`;
  });
  return `${segments}?${parameters.join('&')}`;
}

type KeyKind = 'secret' | 'person' | 'postcode' | 'file' | 'plain';

/** Of the keys of one exchange, begun anew with the next: a page of orders has each of them hundreds of times. */
const kinds = new Map<string, KeyKind>();

function kindOf(key: string): KeyKind {
  const known = kinds.get(key);
  if (known !== undefined) return known;
  const kind = judgeKey(key);
  kinds.set(key, kind);
  return kind;
}

function judgeKey(key: string): KeyKind {
  const name = key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  // `headers` of a webhook carry the secret by which its deliveries are known.
  if (/token|secret|authorization|password|apikey|credential|cookie|^headers$/.test(name)) return 'secret';
  if (/^(zip|zipcode|postcode|postalcode)$|(zip|zipcode|postcode|postalcode)$/.test(name)) return 'postcode';
  if (/^data$|base64|^pdfs?$/.test(name)) return 'file';
  if (
    personKeys.has(name) ||
    /name\d?$|^name|phone|mobile|email|^address(line)?\d*$|^street|ipaddress|doorcode|signature/.test(name)
  ) {
    return 'person';
  }
  return 'plain';
}

const personKeys = new Set([
  ...['company', 'contact', 'city', 'fax', 'careof', 'state', 'orgno', 'vatno', 'account', 'iban'],
  ...['customermessage', 'staffnotes', 'comment', 'comments', 'note', 'notes', 'formfields', 'deliveryinstruction'],
  ...['freetext1', 'freetext2', 'freetext3', 'freetext4', 'wrappingmessage', 'keywords', 'keyword', 'to', 'cc', 'bcc'],
]);

/** Of a value whose keys decide. */
function byKey(value: unknown, people: Set<string>, depth: number): unknown {
  if (depth > maxDepth) return mask;
  if (typeof value === 'string') return plainString(value, people, depth);
  if (Array.isArray(value)) return entries(value, (item) => byKey(item, people, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return fields(value, (key, inner) => {
    const kind = kindOf(key);
    switch (kind) {
      case 'secret':
        return undefined;
      case 'person':
        return maskAll(inner, people, depth + 1);
      case 'postcode':
        return postcode(inner, people, depth + 1);
      case 'file':
        // An object or list under such a key is an envelope (`{"data": {…}}` of a V3 answer), not a file.
        return typeof inner === 'string' ? lengthOf(inner) : byKey(inner, people, depth + 1);
      case 'plain':
        return byKey(inner, people, depth + 1);
      default:
        return kind satisfies never;
    }
  });
}

/** Of a value that is a person's whatever its shape: only countries and the start of postcodes stay. */
function maskAll(value: unknown, people: Set<string>, depth: number): unknown {
  if (depth > maxDepth) return mask;
  if (value === null || value === undefined || value === '') return value;
  if (Array.isArray(value)) return entries(value, (item) => maskAll(item, people, depth + 1));
  if (typeof value === 'object') {
    return fields(value, (key, inner) => {
      if (kindOf(key) === 'secret') return undefined;
      if (kindOf(key) === 'postcode') return postcode(inner, people, depth + 1);
      return /^country/i.test(key) && typeof inner === 'string' && inner.length === 2
        ? inner
        : maskAll(inner, people, depth + 1);
    });
  }
  if (typeof value === 'string' || typeof value === 'number') people.add(String(value));
  return mask;
}

function postcode(value: unknown, people: Set<string>, depth: number): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return maskAll(value, people, depth);
  const digits = /^\s*[A-Z-]{0,3}(\d\d)/i.exec(String(value))?.[1];
  return digits === undefined ? mask : `${digits}${mask}`;
}

/** Values such as messages: e-mail addresses and phone numbers go, long ones shrink to their length. */
function plainString(value: string, people: Set<string>, depth: number): string {
  if (/^\s*[{[]/.test(value)) {
    // JSON inside a string, like the value of a metafield.
    try {
      return JSON.stringify(byKey(JSON.parse(value), people, depth + 1));
    } catch {
      return lengthOf(value);
    }
  }
  if (value.length > maxStringLength) return lengthOf(value);
  return value.replaceAll(/[^\s@<>"']+@[^\s@<>"']+/g, mask).replaceAll(/\+\d[\d\s()-]{6,}/g, mask);
}

/** Takes words of people out of the strings that stayed. */
function withoutQuotes(value: unknown, quoted: readonly string[]): unknown {
  if (quoted.length === 0) return value;
  if (typeof value === 'string') return quoted.reduce((text, word) => text.replaceAll(word, mask), value);
  if (Array.isArray(value)) return value.map((item) => withoutQuotes(item, quoted));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutQuotes(inner, quoted)]));
}

function entries(list: readonly unknown[], one: (item: unknown) => unknown): unknown[] {
  const kept = list.slice(0, maxEntries).map(one);
  return list.length > maxEntries ? [...kept, `… and ${list.length - maxEntries} more`] : kept;
}

function fields(value: object, one: (key: string, inner: unknown) => unknown): Record<string, unknown> {
  const kept: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const written = one(key, inner);
    if (written !== undefined) kept.push([key, written]);
  }
  return Object.fromEntries(kept);
}

/**
 * What is written down of a value, without the words of people. Its text decides what is looked for: a list of many orders
 * has hundreds of people in it, and each of them in each of its strings would hold up all else that the process does.
 */
function limited(value: unknown, quoted: readonly string[]): unknown {
  const json = JSON.stringify(value) ?? 'null';
  if (json.length <= maxJsonLength) {
    return withoutQuotes(
      value,
      quoted.filter((word) => json.includes(inJson(word))),
    );
  }
  const words = quoted.map(inJson);
  const longest = Math.max(0, ...words.map(({ length }) => length));
  const start = withoutQuotes(json.slice(0, maxJsonLength), words) as string;
  // Its end may be the beginning of a word.
  return { cutAt: maxJsonLength, of: json.length, start: start.slice(0, Math.max(0, start.length - longest)) };
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const lengthOf = (text: string): string => `‹${text.length} characters›`;
