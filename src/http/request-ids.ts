import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { LogScope } from '../log-scope.ts';

/** What proxies use; anything else could be somebody's text, and goes into our log. */
const plain = /^[\w-]{8,64}$/;

/** Gives each request an id, the proxy's where it has one, in our log and in the answer: by it support finds the lines. */
export function requestIds(scope: Pick<LogScope, 'run'>): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    const request = given !== undefined && plain.test(given) ? given : randomUUID();
    res.set('x-request-id', request);
    scope.run({ request }, next);
  };
}
