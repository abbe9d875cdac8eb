/**
 * How a route of `/api/v1` is declared: once, with its schemas. The same declaration checks the role, parses the request,
 * parses the answer and becomes the OpenAPI document.
 *
 * To add a route:
 * 1. In the file of its subject (`orders.ts`, `labels.ts`, …) add a `route({ … })` to the list that the file's function
 *    returns; a new subject is a new file, and one line in `routes.ts`. What it needs of the house goes into `ApiDeps`.
 * 2. Bodies are `z.strictObject`; an instant in an answer is `instant` of `fields.ts`; `.meta({ id })` names a schema.
 * 3. `handle` returns a `reply(status, body)` that is one of its declared `answers`, and throws AppError or ProblemError for all
 *    else; `problems` tells the reader of the document which. 400 to 429 that the frame itself gives are added to it.
 * 4. A file is an answer with `media`, its body bytes or a stream; what writes by itself (server-sent events) gives
 *    `{ status: 200 as const, write }`. A GET that does more than look says `head: false`.
 * 5. The tests that walk all declarations (test/http/api-document.test.ts) ask it for 401, 403 and its declared answers.
 */
import type { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { TokenInfo } from '../../../auth/tokens.sql.ts';
import type { Role } from '../../../auth/roles.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An answer in JSON by its schema, or a file of another media type. */
export type Answer =
  | { readonly description: string; readonly schema: z.ZodType; readonly headers?: AnswerHeaders }
  | { readonly description: string; readonly media: string; readonly headers?: AnswerHeaders };
/** Name → what it says. */
export type AnswerHeaders = Readonly<Record<string, string>>;
export type Answers = Readonly<Record<number, Answer>>;

interface Declared {
  readonly method: Method;
  /** Beneath /api/v1, with the parameters in braces: `/orders/{storeHash}/{orderId}`. */
  readonly path: string;
  /** The operation id. Never changes: programs generate function names from it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** The subject under which the document lists it. */
  readonly tag: string;
  /** The lowest role that may. */
  readonly role: Role;
  /** What else it answers, by status: 404, 409, … */
  readonly problems?: Readonly<Record<number, string>>;
  /** Bytes of the body that are read at most. Default 100 kB. */
  readonly bodyLimit?: number;
  /** False where GET does more than look, so that HEAD must not do it in passing. */
  readonly head?: boolean;
}

export interface RouteDeclaration<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
  A extends Answers,
> extends Declared {
  readonly params?: P;
  /** A parameter that is not declared is refused. */
  readonly query?: Q;
  /** By their names in small letters; others are let by. */
  readonly headers?: H;
  /** JSON. A body that is left out is read as `{}`. */
  readonly body?: B;
  readonly answers: A;
  readonly handle: (asked: Asked<z.output<P>, z.output<Q>, z.output<H>, z.output<B>>) => Promise<Reply<A>>;
}

/** A request that was let in and understood. */
export interface Asked<P = unknown, Q = unknown, H = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  readonly body: B;
  readonly token: TokenInfo;
  /** Who asks, as the audit names them: `token:<name>`. */
  readonly who: string;
  /** Aborted when the client has gone away before its answer. */
  readonly gone: AbortSignal;
  readonly req: Request;
}

export type Reply<A extends Answers> = {
  [S in keyof A & number]: { readonly status: S; readonly headers?: Readonly<Record<string, string>> } & (A[S] extends {
    readonly schema: infer Schema extends z.ZodType;
  }
    ? { readonly body: Given<z.input<Schema>> }
    : { readonly body: Uint8Array | Readable } | { readonly write: (res: Response) => void | Promise<void> });
}[keyof A & number];

/** What a schema takes, as our functions give it: nothing in it is written to. */
export type Given<T> = T extends Date
  ? T
  : T extends readonly (infer E)[]
    ? readonly Given<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Given<T[K]> }
      : T;

/** What one of our objects looks like to who reads the JSON: `schema satisfies z.ZodType<Wire<OrderHead>>` leaves nothing out. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer E)[]
    ? readonly Wire<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Wire<T[K]> | Left<T, K> }
      : T;

/** What a property that may be left out is then. */
type Left<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? undefined : never;

/** A declaration whose types have done their work. */
export interface Route extends Declared {
  readonly params: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly headers: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  readonly answers: Answers;
  readonly handle: (asked: Asked) => Promise<AnyReply>;
}

export interface AnyReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly write?: (res: Response) => void | Promise<void>;
}

/** An answer of a route: `reply(200, { orders })`. */
export const reply = <const S extends number, const B>(
  status: S,
  body: B,
  headers: Readonly<Record<string, string>> = {},
): { readonly status: S; readonly body: B; readonly headers: Readonly<Record<string, string>> } => ({
  status,
  body,
  headers,
});

export function route<
  const A extends Answers,
  P extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  H extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
>(declaration: RouteDeclaration<P, Q, H, B, A>): Route {
  const { params, query, headers, body } = declaration;
  return {
    ...declaration,
    params,
    query: query?.strict(),
    headers,
    body,
    // The frame parses by these very schemas before it calls.
    handle: declaration.handle as unknown as Route['handle'],
  };
}
