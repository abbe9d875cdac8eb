import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError, type ErrorKind } from '../../../src/errors.ts';
import { moment, nextPage, page, storeHash } from '../../../src/http/api/frame/fields.ts';
import { whatCannotBeKept } from '../../../src/http/api/frame/keepable.ts';
import { parseRequest } from '../../../src/http/api/frame/request.ts';
import { isDatabaseAway, problemOf } from '../../../src/http/problems.ts';

const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: nested(depth - 1) });
const unkept = 'has a character that cannot be kept';

test.each<[string, unknown, string | null]>([
  ['words', { note: 'Hei 😀', list: [1, null, true] }, null],
  ['a NUL', { note: 'a\u0000' }, `note: ${unkept}`],
  ['half of a pair', { lines: [{ note: '\ud83d' }] }, `lines.0.note: ${unkept}`],
  ['a NUL in a name', { change: { 'a\u0000': 1 } }, 'change: has a name in it that has a character'],
  ['a NUL as a whole', '\u0000', `the request: ${unkept}`],
  ['32 levels', nested(32), null],
  ['33 levels', nested(33), 'a.a.a: is nested deeper than 32 levels'],
])('a request is checked for text that cannot be kept: %s', (_name, given, found) => {
  if (found === null) expect(whatCannotBeKept(given)).toBeNull();
  else expect(whatCannotBeKept(given)).toContain(found);
});

describe('a request that is not valid', () => {
  const problem = (schema: z.ZodType, given: unknown) => {
    try {
      parseRequest(schema, given);
    } catch (error) {
      return (error as AppError).message;
    }
    return undefined;
  };

  test('a request that is not valid has its fields named, and not their values', () => {
    const words = problem(z.object({ orderId: z.number(), n: z.number() }), { orderId: 'Aino', n: 'Kuusela' });
    expect(words).toMatch(/^The request is not valid: orderId: .*; n: .*\.$/);
    expect(words).not.toMatch(/Aino|Kuusela|more/);
  });
  test('a request that is not valid as a whole is said to be so', () =>
    expect(problem(z.object({}), 7)).toContain('the request: '));
  test('a request with twenty wrong fields has all of them named, and one with more the first twenty', () => {
    const numbers = z.array(z.number());
    expect(problem(numbers, Array(20).fill('x'))).not.toContain('more');
    expect(problem(numbers, Array(22).fill('x'))).toMatch(/19: [^;]*; and 2 more\.$/);
  });
  test('a request that is not valid is answered with a message of limited length', () => {
    const said = (length: number) =>
      problem(
        z.any().refine(() => false, 'x'.repeat(length)),
        7,
      );
    const room = 300 - 'the request: '.length;
    expect(said(room)).toContain(`${'x'.repeat(room)}.`);
    expect(said(room + 1)).toMatch(/x…\.$/);
  });
  test('a request with unknown fields is refused', () =>
    expect(problem(z.any(), { note: '\u0000' })).toContain(`note: ${unkept}`));
});

test.each([
  [{}, 50],
  [{ limit: '1' }, 1],
  [{ limit: '200' }, 200],
  [{ limit: '201' }, undefined],
  [{ limit: '0' }, undefined],
])('a page of %j has %s rows', (given, limit) => expect(page.safeParse(given).data?.limit).toBe(limit));

test('a page that is full has a next page, and one that is not is the last', () => {
  const rows = [{ id: 4 }, { id: 9 }];
  expect([nextPage(rows, { limit: 2 }), nextPage(rows, { limit: 3 }), nextPage([], { limit: 1 })]).toEqual([
    9,
    null,
    null,
  ]);
});

test.each([
  ['0000-01-01T00:00:00Z', true],
  ['9999-12-31T23:59:59Z', true],
  ['-000001-12-31T23:59:59Z', false],
  ['+010000-01-01T00:00:00Z', false],
])('the value %s is a moment: %s', (text, known) => expect(moment.safeParse(text).success).toBe(known));

test.each([
  ['abc1', true],
  ['ABC', false],
  ['a b', false],
  ['', false],
  ['a'.repeat(40), true],
  ['a'.repeat(41), false],
])('the value "%s" is a store hash: %s', (text, known) => expect(storeHash.safeParse(text).success).toBe(known));

describe('an error is answered', () => {
  test.each<[ErrorKind, number]>([
    ['invalid', 400],
    ['not_found', 404],
    ['conflict', 409],
    ['refused', 422],
    ['credentials', 502],
    ['forbidden', 502],
    ['outcome_unknown', 502],
    ['retryable', 503],
    ['throttled', 503],
    ['paused', 503],
  ])('an error of kind %s is answered with %i', (kind, status) => {
    const problem = problemOf(new AppError('No.', { kind, code: 'no', advice: 'Do.', retryAfterMs: 7 }));
    expect(problem).toEqual({ status, code: 'no', detail: 'No.', advice: 'Do.', retryAfterMs: 7 });
  });

  test.each([
    [{ status: 400, type: 'entity.parse.failed' }, 400, 'invalid_json'],
    [{ status: 413, type: 'entity.too.large' }, 413, 'body_too_large'],
    [{ status: 415, type: 'encoding.unsupported' }, 415, 'encoding_unsupported'],
    [{ status: 415, type: 'charset.unsupported' }, 415, 'charset_unsupported'],
    [{ status: 499 }, 499, 'unreadable_request'],
    [{ status: 500 }, 500, 'internal_error'],
    [{ status: 399 }, 500, 'internal_error'],
    [{ status: '400' }, 500, 'internal_error'],
    [null, 500, 'internal_error'],
    [new Error('a secret'), 500, 'internal_error'],
  ])('an error %j is answered with %i %s', (error, status, code) => {
    expect(problemOf(error)).toMatchObject({ status, code });
    expect(JSON.stringify(problemOf(error))).not.toContain('a secret');
  });

  test.each([
    ['08006', true],
    ['53300', true],
    ['57P01', true],
    ['ECONNREFUSED', true],
    ['ENOTFOUND', true],
    ['EPIPE', true],
    ['ETIMEDOUT', true],
    ['57014', false],
    ['23505', false],
    ['X08006', false],
  ])('a database that fails with %s is unavailable: %s', (code, away) =>
    expect(isDatabaseAway(Object.assign(new Error('x'), { code }))).toBe(away),
  );

  test.each([
    ['timeout exceeded when trying to connect', true],
    ['Connection terminated unexpectedly', true],
    ['Cannot use a pool after calling end on the pool', true],
    ['syntax error', false],
  ])('an error "%s" says that the database is unavailable: %s', (words, away) => {
    expect(isDatabaseAway(new Error(words))).toBe(away);
    expect(isDatabaseAway(words)).toBe(false);
    if (away)
      expect(problemOf(new Error(words))).toMatchObject({ status: 503, code: 'database_away', retryAfterMs: 5_000 });
  });
});
