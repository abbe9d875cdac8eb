import { describe, expect, test } from 'vitest';
import { toBigCommerceError, type Asked } from '../../src/bigcommerce/errors.ts';
import { wordsOf } from '../../src/bigcommerce/error-words.ts';
import { SendFailure, type SendFailureKind } from '../../src/http-client/send-failure.ts';
import type { ErrorKind } from '../../src/errors.ts';

const read: Asked = { method: 'GET', purpose: 'read order' };
const create: Asked = { method: 'POST', purpose: 'create shipment' };
const change: Asked = { method: 'PUT', purpose: 'set order status' };
const remove: Asked = { method: 'DELETE', purpose: 'delete shipment' };

const statuses: [status: number, asked: Asked, kind: ErrorKind][] = [
  [400, create, 'refused'],
  [401, read, 'credentials'],
  [401, create, 'credentials'],
  [403, read, 'forbidden'],
  [404, read, 'not_found'],
  [409, create, 'conflict'],
  [413, read, 'refused'],
  [415, create, 'refused'],
  [422, create, 'refused'],
  [423, create, 'conflict'],
  [425, create, 'retryable'],
  [429, create, 'throttled'],
  [509, read, 'throttled'],
  [500, read, 'retryable'],
  [502, read, 'retryable'],
  [504, read, 'retryable'],
  [500, create, 'outcome_unknown'],
  [502, create, 'outcome_unknown'],
  [504, change, 'outcome_unknown'],
  [408, create, 'outcome_unknown'],
  [500, remove, 'retryable'],
  [503, read, 'retryable'],
  [503, create, 'retryable'],
  [507, create, 'refused'],
  [301, read, 'refused'],
  [200, read, 'retryable'],
  [201, create, 'outcome_unknown'],
];

test.each(statuses)('an answer of HTTP %i to %o is read as the error kind %s', (status, asked, kind) => {
  const error = toBigCommerceError(asked, { status, headers: {}, text: '' });
  expect(error.kind).toBe(kind);
  expect(error.status).toBe(status);
  expect(error.message).toContain(asked.purpose);
});

const failures: [kind: SendFailureKind, asked: Asked, means: ErrorKind][] = [
  ['not_sent', read, 'retryable'],
  ['not_sent', create, 'retryable'],
  ['no_answer', read, 'retryable'],
  ['no_answer', create, 'outcome_unknown'],
  ['no_answer', change, 'outcome_unknown'],
  ['no_answer', remove, 'retryable'],
];

test.each(failures)('a call that fails with %s (%o) is of the error kind %s', (kind, asked, means) => {
  const failure = new SendFailure(kind, 'reset', { status: null, durationMs: 1 });
  expect(toBigCommerceError(asked, { failure }).kind).toBe(means);
});

describe('a throttled answer', () => {
  test.each([
    ['the reset, where it is longer', { 'x-rate-limit-time-reset-ms': '12000', 'x-retry-after': '3' }, 12_000],
    ['the retry delay, where it is longer', { 'x-rate-limit-time-reset-ms': '1000', 'x-retry-after': '7' }, 7_000],
    ['the retry delay alone', { 'x-retry-after': '4' }, 4_000],
    ['ten seconds without headers, since it is the platform that is loaded', {}, 10_000],
    ['ten seconds with headers that make no sense', { 'x-retry-after': 'soon' }, 10_000],
  ])('a throttled call waits for %s', (_name, headers, retryAfterMs) => {
    expect(toBigCommerceError(read, { status: 429, headers, text: '' }).retryAfterMs).toBe(retryAfterMs);
  });
});

test('more units than are left to ship has a code of its own', () => {
  const text = JSON.stringify([
    {
      status: 400,
      message: "The field 'quantity' is invalid.",
      details: {
        invalid_reason: 'The quantity specified is greater than the quantity of the product that is available to ship.',
      },
    },
  ]);
  expect(toBigCommerceError(create, { status: 400, headers: {}, text }).code).toBe(
    'bigcommerce_more_than_left_to_ship',
  );
});

test('the shop’s own text goes into the explanation of an error and never into its message', () => {
  const text = JSON.stringify([{ status: 400, message: 'Aino Esimerkki is not allowed' }]);
  const error = toBigCommerceError(create, { status: 400, headers: {}, text });
  expect(error.words).toBe('Aino Esimerkki is not allowed');
  expect(error.message).not.toContain('Aino');
});

describe('the words of an error', () => {
  test.each([
    [
      'an array of V2',
      '[{"status":404,"message":"The requested resource was not found."}]',
      'The requested resource was not found.',
    ],
    [
      'several entries',
      '[{"message":"One."},{"message":"Two.","details":{"invalid_reason":"Why."}}]',
      'One. Two. Why.',
    ],
    [
      'an object of V3',
      '{"status":422,"title":"Missing Required Fields","errors":{"name":"Please provide a name."}}',
      'Missing Required Fields Please provide a name.',
    ],
    [
      'a missing scope',
      `{"status":403,"title":"You don't have a required scope to access the endpoint","errors":{}}`,
      "You don't have a required scope to access the endpoint",
    ],
    ['plain text', 'Unauthorized', 'Unauthorized'],
    ['a page', '<html><body><h1>502 Bad Gateway</h1></body></html>', '502 Bad Gateway'],
    ['nothing', '', ''],
  ])('the explanation of an error is read from %s', (_name, body, words) => expect(wordsOf(body)).toBe(words));
});
