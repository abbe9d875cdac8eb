import { describe, expect, test } from 'vitest';
import { readBookingAnswer } from '../../src/carriers/posti/outcome.ts';
import { SendFailure, type SendFailureKind, type SendFailureReason } from '../../src/http-client/send-failure.ts';

const now = new Date('2026-11-22T10:00:00Z');
const pdf = Buffer.from('%PDF-1.7 simulated').toString('base64');
const link = 'https://gateway.posti.example/shipments/654321/pdfs/1';
const print = { href: link, id: '1', media: 'laser-a5', pdf_type: 'ADDRESSLABEL', data: pdf };
const shipment = (fields: object = {}) => [
  { id: 'S1', status: 'PRINTED', parcels: [{ parcelNo: 'JJFI1' }, { parcelNo: 'JJFI2' }], prints: [print], ...fields },
];

const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readBookingAnswer({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, 2, now);

describe('row 1: created', () => {
  test('a booking that was created has a number for every parcel and a label', () => {
    expect(read(200, shipment())).toEqual({
      outcome: 'created',
      carrierShipmentId: 'S1',
      trackingNumbers: ['JJFI1', 'JJFI2'],
      labels: [{ kind: 'ADDRESSLABEL', media: 'laser-a5', pdf: Buffer.from(pdf, 'base64'), link }],
    });
  });

  test.each([
    ['no bytes', undefined],
    ['bytes that are no PDF', Buffer.from('<html>').toString('base64')],
    ['bytes that are no base64', '%%%'],
  ])('a booking that was created with %s keeps the link to its label', (_name, data) => {
    const answer = read(200, shipment({ prints: [{ ...print, data }] }));
    expect(answer).toMatchObject({ outcome: 'created', labels: [{ pdf: null, link }] });
  });

  test('a booking that was created with bytes and no link keeps the bytes of its label', () => {
    const answer = read(200, shipment({ prints: [{ ...print, href: null }] }));
    expect(answer).toMatchObject({ outcome: 'created', labels: [{ link: null }] });
  });
});

describe('row 2: refused', () => {
  const inactive = { error: { message: 'E41: Inactive pickup point, please choose an alternative pickup point' } };
  test.each([
    ['E41 in a 500', 500, inactive, 'pickup_point_inactive'],
    ['E41 in a 200', 200, inactive, 'pickup_point_inactive'],
    ['E41 in a 503', 503, inactive, 'pickup_point_inactive'],
    ['another E## in a 500', 500, { error: { message: 'E17: No' } }, 'posti_e17'],
    ['E## as plain text', 500, 'E17: No', 'posti_e17'],
    ['errors in a 200', 200, { errors: [{ message: 'Not valid postal code' }] }, 'posti_refused'],
    ['errors in a 500', 500, { errors: ['x'] }, 'posti_refused'],
    ['errors in a list', 200, [{ errors: [{ message: 'x' }] }], 'posti_refused'],
    ['400', 400, { code: 'MISSING', message: 'sender' }, 'posti_refused'],
    ['422', 422, [{ type: 'error', messageCode: 'ZipCode' }], 'posti_refused'],
  ])('a booking is refused by %s', (_name, status, body, code) =>
    expect(read(status, body)).toMatchObject({ outcome: 'refused', code }),
  );

  test('a refused booking keeps Posti’s own explanation', () => {
    expect(read(500, inactive)).toMatchObject({ words: inactive.error.message });
    expect(read(422, '')).toMatchObject({ words: 'HTTP 422 without a word' });
  });

  test('an empty list of errors refuses no booking', () => {
    expect(read(500, { errors: [] })).toMatchObject({ outcome: 'unknown' });
  });
});

test.each([
  ['401', 401, '', 'posti_token_refused'],
  [
    '401 with a gateway error',
    401,
    { errorCode: 'EXPIRED', message: 'Token has expired', details: null },
    'posti_token_refused',
  ],
  ['403 of the API', 403, { errorCode: 'FORBIDDEN', message: 'no', details: null }, 'posti_role_missing'],
  ['403 of the page before it', 403, '<!DOCTYPE HTML><HTML><TITLE>ERROR</TITLE></HTML>', 'posti_gateway_refused'],
])('row 3, a booking is stopped at authentication: %s', (_name, status, body, code) => {
  expect(read(status, body)).toMatchObject({ outcome: 'not_let_in', status, code });
});

describe('row 4: not created', () => {
  test.each<[SendFailureReason]>([
    ['connection_refused'],
    ['name_not_found'],
    ['connect_timeout'],
    ['tls'],
    ['aborted'],
  ])('a booking is not created where the connection was never opened: %s', (reason) =>
    expect(failed('not_sent', reason)).toMatchObject({ outcome: 'not_created' }),
  );
  test.each([
    ['429', 429, {}, 2_000],
    ['429 with a delay', 429, { 'retry-after': '3' }, 3_000],
    ['503 with a delay', 503, { 'retry-after': '30' }, 30_000],
    ['503 with a date', 503, { 'retry-after': 'Sun, 22 Nov 2026 10:01:00 GMT' }, 60_000],
  ])('a booking is not created where the answer is %s', (_name, status, headers, retryAfterMs) => {
    expect(read(status, '', headers)).toMatchObject({ outcome: 'not_created', retryAfterMs });
  });
});

test.each([
  ['404', 404, ''],
  ['404 with a page', 404, '<html>Not Found</html>'],
  ['404 of a gateway without such a route', 404, { message: 'no Route matched with those values' }],
  ['405', 405, ''],
  ['a move for good', 301, ''],
  ['a move that keeps the method', 308, ''],
])(
  'row 4, an address without the booking API (%s) is a fault of the system and never refuses the order',
  (_name, status, body) => {
    expect(read(status, body)).toEqual({ outcome: 'not_created', code: 'posti_address_unknown', retryAfterMs: null });
  },
);

test('a 404 with a business error refuses the booking', () => {
  expect(read(404, { error: { message: 'E17: No' } })).toMatchObject({ outcome: 'refused', code: 'posti_e17' });
});

describe('row 5: unknown', () => {
  test.each<[SendFailureReason]>([
    ['reset'],
    ['answer_timeout'],
    ['total_timeout'],
    ['answer_cut'],
    ['too_large'],
    ['aborted'],
  ])('a booking has an unknown outcome where it was sent and the answer failed with %s', (reason) =>
    expect(failed('no_answer', reason)).toMatchObject({ outcome: 'unknown', code: `posti_${reason}` }),
  );
  test.each([
    ['408', 408, ''],
    ['500 without a business error', 500, { error: { message: 'Internal' } }],
    ['502', 502, '<html>Bad gateway</html>'],
    ['503 without Retry-After', 503, ''],
    ['504', 504, ''],
    ['a redirect', 302, ''],
    ['half a JSON', 200, '[{"id":"S1","parcels":[{"parc'],
    ['a page with 200', 200, '<html>Maintenance</html>'],
    ['an empty body', 200, ''],
    ['an empty list', 200, []],
    ['an object that says nothing', 200, {}],
    ['no parcels', 200, shipment({ parcels: undefined })],
  ])('a booking has an unknown outcome where the answer is %s', (_name, status, body) =>
    expect(read(status, body)).toMatchObject({ outcome: 'unknown', trackingNumbers: [] }),
  );

  test.each([
    ['fewer numbers than parcels', { parcels: [{ parcelNo: 'JJFI1' }, {}] }, ['JJFI1'], 'posti_parcel_number_missing'],
    [
      'the same number twice',
      { parcels: [{ parcelNo: 'JJFI1' }, { parcelNo: 'JJFI1' }] },
      ['JJFI1'],
      'posti_parcel_number_missing',
    ],
    ['no print', { prints: [] }, ['JJFI1', 'JJFI2'], 'posti_label_missing'],
    [
      'a print with neither bytes nor link',
      { prints: [{ media: 'laser-a5' }] },
      ['JJFI1', 'JJFI2'],
      'posti_label_missing',
    ],
    ['numbers next to complaints', { prints: [], errors: ['x'] }, ['JJFI1', 'JJFI2'], 'posti_label_missing'],
  ])('a booking has an unknown outcome but keeps the numbers that came: %s', (_name, fields, trackingNumbers, code) => {
    expect(read(200, shipment(fields))).toEqual({ outcome: 'unknown', code, trackingNumbers });
  });
});

function failed(kind: SendFailureKind, reason: SendFailureReason) {
  return readBookingAnswer({ failure: new SendFailure(kind, reason, { status: null, durationMs: 1 }) }, 2, now);
}
