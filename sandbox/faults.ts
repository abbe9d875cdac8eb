import { setTimeout as delay } from 'node:timers/promises';
import { Router, type RequestHandler, type Response } from 'express';
import { bodyJson, bodyText } from './body.ts';

/**
 * Harm on request. `ms` (real milliseconds) delays any kind first.
 *
 * nothing carried out:  refuse, hangup-before (the connection ends), status, throttle (429), slow (only the delay, then goes on)
 * carried out first:    hangup-after, half-answer, garbage, html, and status with `after: true`; answer-twice (the whole
 *                       answer comes once more, `ms` later, on the same connection); without (the properties `names` are
 *                       missing in the JSON, wherever they would be)
 * no harm by itself:    tell, which asks `url` at a point of the work and goes on when that has answered
 */
export interface Fault {
  id?: string;
  /** HTTP method, any when left out. */
  method?: string;
  /** Regular expression on the path, any when left out. */
  path?: string;
  /** Substring of the request's body. */
  match?: string;
  /** How often, 1 when left out; -1 = until it is removed. */
  times?: number;
  kind:
    | 'slow'
    | 'refuse'
    | 'status'
    | 'throttle'
    | 'hangup-before'
    | 'hangup-after'
    | 'half-answer'
    | 'garbage'
    | 'html'
    | 'answer-twice'
    | 'without'
    | 'tell';
  ms?: number;
  /** Of `without`: the properties that are left out. */
  names?: string[];
  /** Of `tell`: whom to ask, on this machine. Whoever listens there may kill the caller meanwhile. */
  url?: string;
  /** Of `tell`: nothing is carried out yet; all is, and no byte of the answer is out; half of the answer is. */
  at?: 'before' | 'after' | 'half';
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  after?: boolean;
}

const kinds = new Set<string>([
  ...['slow', 'refuse', 'status', 'throttle', 'hangup-before', 'hangup-after', 'half-answer', 'garbage', 'html'],
  ...['answer-twice', 'without', 'tell'],
]);

/** The faults that wait for a request, in the order in which they were asked for. */
export interface Faults {
  add(fault: Fault): Required<Pick<Fault, 'id' | 'times'>> & Fault;
  list(): Fault[];
  /** Removes one, or all. */
  remove(id?: string): void;
  /** The first that fits this request, one that is meant for its text before one that is meant for any; counted down. */
  take(method: string, path: string, body: string): Fault | undefined;
}

export function createFaults(): Faults {
  const waiting: (Required<Pick<Fault, 'id' | 'times'>> & Fault)[] = [];
  let lastId = 0;
  return {
    add: (fault) => {
      if (!kinds.has(fault.kind)) throw new RangeError(`There is no fault of the kind "${fault.kind}".`);
      const added = { ...fault, id: fault.id ?? String(++lastId), times: fault.times ?? 1 };
      waiting.push(added);
      return added;
    },
    list: () => waiting.map((fault) => ({ ...fault })),
    remove: (id) => {
      for (let i = waiting.length - 1; i >= 0; i--) if (id === undefined || waiting[i]?.id === id) waiting.splice(i, 1);
    },
    take: (method, path, body) => {
      const fitting = waiting.filter(
        (fault) =>
          (fault.method === undefined || fault.method.toUpperCase() === method) &&
          (fault.path === undefined || new RegExp(fault.path).test(path)) &&
          (fault.match === undefined || body.includes(fault.match)),
      );
      const fault = fitting.find(({ match }) => match !== undefined) ?? fitting[0];
      if (fault === undefined) return undefined;
      if (fault.times > 0 && --fault.times === 0) waiting.splice(waiting.indexOf(fault), 1);
      return fault;
    },
  };
}

/** POST (one or an array), GET, DELETE on /_control/faults, DELETE /_control/faults/:id. */
export function faultRoutes(faults: Faults): Router {
  const router = Router();
  router.post('/_control/faults', (req, res) => {
    const asked = bodyJson(req) as Fault | Fault[];
    if (Array.isArray(asked)) res.status(201).json(asked.map((fault) => faults.add(fault)));
    else res.status(201).json(faults.add(asked));
  });
  router.get('/_control/faults', (_req, res) => void res.json(faults.list()));
  router.delete('/_control/faults', (_req, res) => {
    faults.remove();
    res.status(204).end();
  });
  router.delete('/_control/faults/:id', (req, res) => {
    faults.remove(req.params.id);
    res.status(204).end();
  });
  return router;
}

/** Carries out the faults. Mounted after `rawBody()` and the control routes, before the wire's own routes. */
export function faultMiddleware(faults: Faults): RequestHandler {
  return async (req, res, next) => {
    if (req.path.startsWith('/_control')) return next();
    const fault = faults.take(req.method, req.path, bodyText(req));
    if (fault === undefined) return next();
    if (fault.ms !== undefined && fault.kind !== 'answer-twice') await delay(fault.ms);

    switch (fault.kind) {
      case 'slow':
        return next();
      case 'refuse':
      case 'hangup-before':
        return void req.socket.destroy();
      case 'throttle':
      case 'status':
        if (fault.after === true) {
          spoilAnswer(res, (body) => {
            replaceAnswer(res, fault, fault.body ?? body.toString());
          });
          return next();
        }
        return replaceAnswer(res, fault, fault.body);
      case 'hangup-after':
        spoilAnswer(res, () => req.socket.destroy());
        return next();
      case 'half-answer':
        spoilAnswer(res, (body) => {
          res.write(body.subarray(0, Math.floor(body.length / 2)), () => req.socket.destroy());
        });
        return next();
      case 'garbage':
        spoilAnswer(res, () => replaceAnswer(res, {}, '\u0000{"half": [1, 2', 'application/json'));
        return next();
      case 'answer-twice':
        takeAnswer(res, async (body) => {
          const again = wholeAnswer(res, body);
          res.end(body);
          await delay(fault.ms ?? 0);
          if (!req.socket.destroyed) req.socket.write(again);
        });
        return next();
      case 'without':
        spoilAnswer(res, (body) => {
          const left = JSON.stringify(withoutProperties(JSON.parse(body.toString()), fault.names ?? []));
          replaceAnswer(res, {}, left, 'application/json');
        });
        return next();
      case 'tell':
        if (fault.at === undefined || fault.at === 'before') {
          await tell(fault);
          return next();
        }
        takeAnswer(res, async (body) => {
          const half = fault.at === 'half' ? Math.floor(body.length / 2) : 0;
          if (half > 0) res.write(body.subarray(0, half));
          await tell(fault);
          res.end(body.subarray(half));
        });
        return next();
      case 'html':
        spoilAnswer(res, () => replaceAnswer(res, {}, '<html><body><h1>Bad Gateway</h1></body></html>', 'text/html'));
        return next();
    }
  };
}

/**
 * Says, once the answer is over, whether the caller can have read it: 'whole', or 'cut' when the connection ended
 * before it was out (by a fault or by the caller) or a fault made it unreadable. Call it before answering.
 */
export function whenAnswered(res: Response, tell: (answered: 'whole' | 'cut') => void): void {
  const over = () => tell(res.writableFinished && res.locals.spoiled !== true ? 'whole' : 'cut');
  if (res.destroyed || res.req.socket.destroyed) over();
  else res.once('close', over);
}

/** Asks whoever wants to know, and waits for the answer, whatever it is. What became of the caller is seen before going on. */
async function tell({ url }: Fault): Promise<void> {
  if (url === undefined || !/^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url)) return;
  await fetch(url, { method: 'POST', signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await delay(20);
}

/** As {@link takeAnswer}, for an answer that nobody will be able to read. */
function spoilAnswer(res: Response, instead: (body: Buffer) => void): void {
  res.locals.spoiled = true;
  takeAnswer(res, instead);
}

/** Lets the route do its work, and hands its answer's body to `instead` in place of the caller. */
function takeAnswer(res: Response, instead: (body: Buffer) => void | Promise<void>): void {
  const write = res.write.bind(res);
  const end = res.end.bind(res);
  const parts: Buffer[] = [];
  const keep = (chunk: unknown, encoding: unknown) => {
    if (chunk === undefined || chunk === null || typeof chunk === 'function') return;
    parts.push(
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : Buffer.from(chunk as Uint8Array),
    );
  };
  res.write = ((chunk: unknown, encoding: unknown) => {
    keep(chunk, encoding);
    return true;
  }) as typeof res.write;
  res.end = ((chunk: unknown, encoding: unknown) => {
    keep(chunk, encoding);
    res.write = write;
    res.end = end;
    void instead(Buffer.concat(parts));
    return res;
  }) as typeof res.end;
}

function replaceAnswer(res: Response, fault: Partial<Fault>, body: unknown, type?: string): void {
  for (const name of res.getHeaderNames()) if (/^(content-|etag|x-rate-limit)/.test(name)) res.removeHeader(name);
  if (fault.kind !== undefined) res.statusCode = fault.status ?? (fault.kind === 'throttle' ? 429 : 500);
  for (const [name, value] of Object.entries(fault.headers ?? {})) res.setHeader(name, value);
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  if (!res.hasHeader('content-type') && text !== '') res.setHeader('content-type', type ?? 'application/json');
  res.end(text);
}

/** The bytes of an answer as they go over the wire. */
function wholeAnswer(res: Response, body: Buffer): Buffer {
  const headers = { ...res.getHeaders(), 'content-length': String(body.length) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${res.statusCode} ${res.statusMessage ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n`),
    body,
  ]);
}

function withoutProperties(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutProperties(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const left = Object.entries(value).filter(([name]) => !names.includes(name));
  return Object.fromEntries(left.map(([name, each]) => [name, withoutProperties(each, names)]));
}
