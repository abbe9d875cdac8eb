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

test('of names that contain each other nothing is left over', () => {
  const people = { first_name: 'Anna', last_name: 'Annala', company: 'Annala ja Annalat' };
  const { response } = redactExchange(people, { message: 'No: Annala ja Annalat, Annala, Anna' });
  expect(response).toEqual({ message: 'No: •, •, •' });
});

test('a cookie is left out, in either direction', () => {
  expect(redact({ cookie: canary, 'Set-Cookie': [canary], id: 1 })).toEqual({ id: 1 });
});

test('what explains a failure stays', () => {
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
  test('in an answer', () => expect(redact(value)).toEqual(expected));
});

test('a huge body is cut', () => {
  const entry = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`id${n}`, 'x'.repeat(100)]));
  expect(JSON.stringify(redact(Array.from({ length: 30 }, () => entry))).length).toBeLessThan(40_000);
});

test('what is left of a body that is cut does not end with half of a name', () => {
  for (let length = 0; length < canary.length; length++) {
    const lines = Array.from({ length: 40 }, () => `${'x'.repeat(450)} of ${canary}`);
    const exchange = redactExchange({ name: canary }, ['y'.repeat(length), lines]);
    expect(JSON.stringify(exchange.response)).not.toMatch(new RegExp(canary.slice(0, 3)));
  }
});

test('nor does what is left of one that was hardly anything else than names', () => {
  const name = canary + 'q'.repeat(470);
  for (let length = 0; length < name.length; length += 7) {
    const exchange = redactExchange({ name }, ['y'.repeat(length), Array.from({ length: 40 }, () => name)]);
    expect(JSON.stringify(exchange.response)).not.toMatch(new RegExp(canary.slice(0, 3)));
  }
});

test('a list of orders with many people in it holds nothing up', () => {
  const address = (n: number) => ({ first_name: `Aino${n}`, last_name: `Esimerkki${n}`, street_1: `Katu ${n}`, id: n });
  const order = (n: number) => ({ id: n, addresses: Array.from({ length: 10 }, (_, i) => address(10 * n + i)) });
  const text = JSON.stringify(Array.from({ length: 40 }, (_, n) => order(n)));
  const fastest = (work: () => unknown) =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const began = performance.now();
        work();
        return performance.now() - began;
      }),
    );
  const reading = fastest(() => JSON.stringify(JSON.parse(text)));
  expect(fastest(() => redact(JSON.parse(text)))).toBeLessThan(60 * reading);
});

test.each([
  ['/v2/orders?email=aino%40esimerkki.example&page=2', '/v2/orders?email=•&page=2'],
  ['/v2/orders?min_date_modified=2026-11-22T10:00:00Z', '/v2/orders?min_date_modified=2026-11-22T10:00:00Z'],
  ['/shipments/phonenumber/+358401234567', '/shipments/phonenumber/•'],
  ['/shipments/senderreference/1-10482-1', '/shipments/senderreference/1-10482-1'],
])('the path %s is written down as %s', (path, written) => expect(redactPath(path)).toBe(written));

test.each([
  ['', null],
  ['{"a":1}', { a: 1 }],
  ['{"receiver":{"name":"Aino Esim', { unreadable: '‹30 characters›' }],
  ['<html><title>403 ERROR</title>…', { html: '403 ERROR' }],
  ['Unauthorized', 'Unauthorized'],
])('the body %s is written down as %j', (text, written) => expect(readableBody(text)).toEqual(written));
