import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { remembersRoute } from '../../metrics.ts';
import { ProblemError, tooLarge } from '../../problems.ts';
import { requireRole, tokenOf } from './authenticate.ts';
import { parseRequest } from './request.ts';
import type { AnyReply, Route } from './route.ts';

const usualBodyLimit = 100 * 1024;

/** Hangs declared routes into a router. What has a path of ours and another method is answered 405. */
export function serveRoutes(router: Router, routes: readonly Route[]): void {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  for (const [path, declared] of byPath) {
    const at = router.route(expressPath(path));
    for (const route of declared) {
      const refuseHead = route.method === 'get' && route.head === false ? [notForHead] : [];
      at[route.method](remembersRoute, ...refuseHead, requireRole(route.role), ...readsBody(route), handlerOf(route));
    }
  }
  // After all of them: one path may fit the pattern of another.
  for (const [path, declared] of byPath) {
    const allow = declared.map(({ method }) => method.toUpperCase()).join(', ');
    router.all(expressPath(path), (req, res) => {
      res.set('allow', allow);
      const detail = `${req.method} is not for this path; it takes ${allow}.`;
      throw new ProblemError({ status: 405, code: 'method_not_allowed', detail });
    });
  }
}

const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Express answers HEAD with the handler for GET. */
const notForHead: RequestHandler = (req, res, next) => {
  if (req.method === 'HEAD') res.status(405).set('allow', 'GET').end();
  else next();
};

function readsBody({ body, bodyLimit = usualBodyLimit }: Route): RequestHandler[] {
  return body ? [onlyJson, onlyUpTo(bodyLimit), express.json({ limit: bodyLimit })] : [];
}

/** body-parser reads a body that it refuses to its end first: one that says its length is refused before it has come. */
const onlyUpTo =
  (limit: number): RequestHandler =>
  (req, res, next) => {
    if (Number(req.get('content-length') ?? 0) <= limit) return next();
    res.set('connection', 'close');
    throw new ProblemError({ status: 413, ...tooLarge });
  };

const onlyJson: RequestHandler = (req, _res, next) => {
  // `is` says null where there is no body; a length of 0 is one for it.
  if (req.is('json') === false && req.get('content-length') !== '0') {
    const detail = 'The body has to be JSON, with content-type: application/json.';
    throw new ProblemError({ status: 415, code: 'body_not_json', detail });
  }
  next();
};

function handlerOf(route: Route): RequestHandler {
  return async (req, res) => {
    const token = tokenOf(res);
    const reply = await route.handle({
      params: route.params && parseRequest(route.params, req.params),
      query: route.query && parseRequest(route.query, req.query),
      headers: route.headers && parseRequest(route.headers, req.headers),
      body: route.body && parseRequest(route.body, (req.body as unknown) ?? {}),
      token,
      who: `token:${token.name}`,
      gone: whenGone(res),
      req,
    });
    await send(route, reply, req, res);
  };
}

function whenGone(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  return gone.signal;
}

async function send(route: Route, reply: AnyReply, req: Request, res: Response): Promise<void> {
  const answer = route.answers[reply.status];
  if (!answer) throw new Error(`${route.id} answered ${reply.status}, which it does not declare.`);
  res.status(reply.status).set(reply.headers ?? {});
  if ('schema' in answer) {
    const parsed = answer.schema.safeParse(reply.body);
    // The paths alone: the values may be about a person.
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(({ path, code }) => `${path.join('.')} (${code})`).join(', ');
      throw new Error(`${route.id} gave an answer that is not as declared: ${wrong}`);
    }
    res.json(parsed.data);
    return;
  }
  res.type(answer.media);
  if (reply.write) return reply.write(res);
  if (!(reply.body instanceof Readable)) return void res.send(Buffer.from(reply.body as Uint8Array));
  if (req.method === 'HEAD') return void res.end();
  await pipeline(reply.body, res);
}
