import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readableBody, redactExchange, redactPath } from '../../src/exchanges/redact.ts';

const redact = (value: unknown): unknown => redactExchange(null, value).response;

const personKeys = [
  ...['name', 'first_name', 'lastName', 'company', 'contact', 'street_1', 'address1', 'address2', 'address', 'phone'],
  ...['mobile', 'email', 'admin_email', 'ip_address', 'customer_message', 'staff_notes', 'comments', 'doorCode'],
  ...['recipientSignature', 'form_fields', 'access_token', 'client_secret', 'Authorization', 'X-Auth-Token'],
];
const canary = 'Kanarialintunen-Q7';

test('a person or secret never survives, whatever the nesting', () => {
  const planted = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('id', 'data', 'errors', 'message', 'billing_address', 'zip', 'value'), tie('node')),
      fc
        .tuple(fc.constantFrom(...personKeys), fc.constantFrom(canary, [canary], { fi: canary, zip: { x: canary } }))
        .map(([key, value]) => ({ [key]: value })),
      tie('node').map((inner) => ({ value: JSON.stringify(inner) })),
    ),
  })).node;
  fc.assert(
    fc.property(planted, planted, (request, response) => {
      expect(JSON.stringify(redactExchange(request, response))).not.toContain(canary);
    }),
    { numRuns: 500 },
  );
});

test('a name that the other side quotes in its message goes too', () => {
  const exchange = redactExchange(
    { shipment: { receiver: { name: 'Aino Esimerkki', city: 'Testilä' } } },
    { error: { message: 'E17: Receiver Aino Esimerkki of Testilä is not valid' } },
  );
  expect(exchange.response).toEqual({ error: { message: 'E17: Receiver • of • is not valid' } });
});

test('names that contain each other are redacted whole', () => {
  const people = { first_name: 'Anna', last_name: 'Annala', company: 'Annala ja Annalat' };
  const { response } = redactExchange(people, { message: 'No: Annala ja Annalat, Annala, Anna' });
  expect(response).toEqual({ message: 'No: •, •, •' });
});

test('a cookie is left out, in either direction', () => {
  expect(redact({ cookie: canary, 'Set-Cookie': [canary], id: 1 })).toEqual({ id: 1 });
});

test.each([
  ...['access_token', 'clientSecret', 'X-Auth-Token', 'Authorization', 'password', 'apiKey', 'credentials', 'headers'],
])('the field %s is redacted as a secret', (key) => expect(redact({ [key]: canary, id: 1 })).toEqual({ id: 1 }));

test.each([
  ...['name', 'name1', 'nameOfReceiver', 'last_name', 'phone', 'phoneNumber', 'mobile', 'email', 'address', 'address2'],
  ...['addressLine1', 'street', 'street_1', 'streetName', 'ip_address', 'doorCode', 'signature', 'company', 'contact'],
  ...['city', 'fax', 'careOf', 'state', 'orgNo', 'vatNo', 'account', 'iban', 'customer_message', 'staff_notes'],
  ...['comment', 'comments', 'note', 'notes', 'form_fields', 'deliveryInstruction', 'freeText1', 'freeText4'],
  ...['wrapping_message', 'keywords', 'keyword', 'to', 'cc', 'bcc'],
])('the field %s is redacted as personal data', (key) => {
  expect(redact({ [key]: canary })).toEqual({ [key]: '•' });
  expect(redact({ [key]: [canary, { id: canary, token: canary }] })).toEqual({ [key]: ['•', { id: '•' }] });
  // Nothing is said where there is nothing.
  expect(redact({ [key]: '' })).toEqual({ [key]: '' });
  expect(redact({ [key]: null })).toEqual({ [key]: null });
});

test.each(['zip', 'zipCode', 'postcode', 'postalCode', 'destination_postcode', 'senderZip', 'receiver_postal_code'])(
  'the postcode %s keeps its first two digits',
  (key) => expect(redact({ [key]: '00100' })).toEqual({ [key]: '00•' }),
);

test.each(['id', 'status_id', 'quantity', 'sku', 'code', 'total', 'country', 'tokyo', 'files'])(
  'the field %s is kept',
  (key) => expect(redact({ [key]: 'x1' })).toEqual({ [key]: 'x1' }),
);

test('the explanation of a failure is kept', () => {
  expect(
    redact([{ status: 400, message: "The field 'quantity' is invalid.", details: { available_quantity: 0 } }]),
  ).toEqual([{ status: 400, message: "The field 'quantity' is invalid.", details: { available_quantity: 0 } }]);
});

describe.each([
  ['a postcode keeps its first two digits', { zip: '00100', zipcode: 'FI-33100' }, { zip: '00•', zipcode: '33•' }],
  ['a country stays', { country: 'FI', country_iso2: 'AX' }, { country: 'FI', country_iso2: 'AX' }],
  ['secrets are left out', { token: 'x', client_secret: 'y', headers: { a: 'b' }, id: 1 }, { id: 1 }],
  ['a file is its length', { prints: [{ data: 'JVBERi0=' }] }, { prints: [{ data: '‹8 characters›' }] }],
  ['a long text is its length', { note1: 'x'.repeat(501) }, { note1: '‹501 characters›' }],
  ['contact data in a message goes', { message: 'aino@esimerkki.example or +358 40 123 4567' }, { message: '• or •' }],
])('%s', (_name, value, expected) => {
  test('an answer is redacted before it is kept', () => expect(redact(value)).toEqual(expected));
});

test.each([
  ['a postcode that is a number', { zip: 33100 }, { zip: '33•' }],
  ['a postcode of letters', { zip: 'SW1A 1AA' }, { zip: '•' }],
  ['a postcode that is an object', { zip: { code: canary } }, { zip: { code: '•' } }],
  [
    'a country and a postcode of a person',
    { contact: { country: 'FI', zip: '00100', age: 40 } },
    { contact: { country: 'FI', zip: '00•', age: '•' } },
  ],
  ['JSON in a text', { value: ' {"email":"x","id":1}' }, { value: '{"email":"•","id":1}' }],
  ['half of JSON in a text', { value: '[{"email":"x"' }, { value: '‹13 characters›' }],
  ['a text that is just short enough', { value: 'x'.repeat(500) }, { value: 'x'.repeat(500) }],
  ['a list that is just short enough', { ids: Array(40).fill(1) }, { ids: Array(40).fill(1) }],
  [
    'a list that is too long',
    { ids: Array(42).fill(1) },
    { ids: [...(Array(40).fill(1) as number[]), '… and 2 more'] },
  ],
  ['nothing', { value: null, list: [], inner: {} }, { value: null, list: [], inner: {} }],
  ['a file in an envelope', { data: { id: 1, email: 'x' } }, { data: { id: 1, email: '•' } }],
])('a value is written down as far as it may be: %s', (_name, value, expected) =>
  expect(redact(value)).toEqual(expected),
);

test('a quoted name of four letters is redacted, and three letters may be part of any word', () => {
  const of = (name: string) => redactExchange({ name }, { message: `No ${name}` }).response;
  expect(of('Aino')).toEqual({ message: 'No •' });
  expect(of('Eve')).toEqual({ message: 'No Eve' });
});

test('a value that is nested without end is masked', () => {
  const nested = (depth: number): unknown => (depth === 0 ? canary : { a: nested(depth - 1) });
  expect(JSON.stringify(redact(nested(12)))).toContain(canary);
  expect(JSON.stringify(redact(nested(14)))).not.toContain(canary);
});

test('a huge body is cut', () => {
  const entry = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`id${n}`, 'x'.repeat(100)]));
  expect(JSON.stringify(redact(Array.from({ length: 30 }, () => entry))).length).toBeLessThan(40_000);
});

test('a body that is cut does not end with half of a name', () => {
  for (let length = 0; length < canary.length; length++) {
    const lines = Array.from({ length: 40 }, () => `${'x'.repeat(450)} of ${canary}`);
    const exchange = redactExchange({ name: canary }, ['y'.repeat(length), lines]);
    expect(JSON.stringify(exchange.response)).not.toMatch(new RegExp(canary.slice(0, 3)));
  }
});

test('a body that is cut down to hardly more than names holds none of them', () => {
  const name = canary + 'q'.repeat(470);
  for (let length = 0; length < name.length; length += 7) {
    const exchange = redactExchange({ name }, ['y'.repeat(length), Array.from({ length: 40 }, () => name)]);
    expect(JSON.stringify(exchange.response)).not.toMatch(new RegExp(canary.slice(0, 3)));
  }
});

test.each([
  ['/v2/orders?email=aino%40esimerkki.example&page=2', '/v2/orders?email=•&page=2'],
  ['/v2/orders?min_date_modified=2026-11-22T10:00:00Z', '/v2/orders?min_date_modified=2026-11-22T10:00:00Z'],
  ['/v2/orders', '/v2/orders'],
  ['/v2/orders?', '/v2/orders'],
  ['/v2/orders?page', '/v2/orders?page'],
  ['/v2/orders?to=x&page=1', '/v2/orders?to=•&page=1'],
  ['/v2/orders?token=a=b', '/v2/orders?token=•'],
  ['/v2/orders?q=aino@esimerkki.example', '/v2/orders?q=•'],
  ['/v2/orders?q=a?b', '/v2/orders?q=a?b'],
  ['/customers/aino@esimerkki.example/orders', '/customers/•/orders'],
  ['/shipments/phonenumber/+358401234567', '/shipments/phonenumber/•'],
  ['/shipments/senderreference/1-10482-1', '/shipments/senderreference/1-10482-1'],
])('the path %s is written down as %s', (path, written) => expect(redactPath(path)).toBe(written));

test.each([
  ['', null],
  ['{"a":1}', { a: 1 }],
  ['{"receiver":{"name":"Aino Esim', { unreadable: '‹30 characters›' }],
  ['<html><title>403 ERROR</title>…', { html: '403 ERROR' }],
  ['Unauthorized', 'Unauthorized'],
  ['<html><title> 502 </title><body>Aino</body>', { html: '502' }],
  ['<html><body>Aino Esimerkki</body></html>', { unreadable: '‹40 characters›' }],
  ['"half of a string', { unreadable: '‹17 characters›' }],
  ['x'.repeat(200), 'x'.repeat(200)],
  ['x'.repeat(201), { unreadable: '‹201 characters›' }],
])('the body %s is written down as %j', (text, written) => expect(readableBody(text)).toEqual(written));
