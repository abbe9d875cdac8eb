import type { Request, Response } from 'express';
import { expect, test } from 'vitest';
import { requestIds } from '../../../src/http/request-ids.ts';

function idFor(given: string | undefined) {
  const seen: { answered?: string; logged?: string; went?: boolean } = {};
  const handle = requestIds({
    run: (fields: Record<string, unknown>, work: () => unknown) => {
      seen.logged = String(fields['request']);
      return work();
    },
  } as Parameters<typeof requestIds>[0]);
  const req = { get: () => given } as unknown as Request;
  const res = { set: (_name: string, value: string) => (seen.answered = value) } as unknown as Response;
  void handle(req, res, () => (seen.went = true));
  expect(seen).toMatchObject({ went: true, logged: seen.answered });
  return seen.answered;
}

test.each(['abcd1234', 'a_b-c1234', 'x'.repeat(64)])('the id of a proxy, %s, is kept', (id) =>
  expect(idFor(id)).toBe(id),
);

test.each([undefined, '', 'short', 'x'.repeat(65), 'Aino Kuusela', 'abcd1234\n'])(
  'a request with the id %j gets its own instead',
  (id) => {
    expect(idFor(id)).toMatch(/^[0-9a-f-]{36}$/);
    expect(idFor(id)).not.toBe(idFor(id));
  },
);
