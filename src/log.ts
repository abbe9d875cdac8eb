import { pino, type DestinationStream, type Logger } from 'pino';
import type { ExchangeSubject } from './exchanges/exchange.ts';
import { isAppError } from './errors.ts';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Which process speaks: `api`, `worker`, `lahetti` (the command line). */
  readonly name?: string;
  /** Where lines go; standard output by default. */
  readonly destination?: DestinationStream;
  /** Ids of what is being done at the moment, for every line (src/log-scope.ts, src/tracing/traces.ts). */
  readonly ids?: () => Readonly<Record<string, string | number>>;
}

/**
 * A logger that cannot write a secret or a person down: values are masked by their keys at every depth, and of errors
 * only what is known to be free of them is kept. Messages are ours to keep clean: ids and codes, never bodies.
 */
export function createLog(options: LogOptions): Logger {
  const settings = {
    level: options.level,
    base: options.name === undefined ? null : { name: options.name },
    ...(options.ids ? { mixin: options.ids } : {}),
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => masked(fields, 0) as Record<string, unknown>,
    },
    serializers: { err: plainError, error: plainError },
  };
  return maskingChildren(options.destination ? pino(settings, options.destination) : pino(settings));
}

/** pino formats what a child is made with before our formatter hears of it. Children of children inherit the method. */
function maskingChildren(log: Logger): Logger {
  type MakeChild = (this: Logger, bindings: object, options?: object) => Logger;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the logger that it is asked of
  const makeChild = log.child as unknown as MakeChild;
  const child: MakeChild = function (bindings, options) {
    return makeChild.call(this, masked(bindings, 0) as object, options);
  };
  return Object.assign(log, { child });
}

/** A child that names the store, order and shipment it speaks of in every line. */
export function logAbout(log: Logger, about: ExchangeSubject): Logger {
  return log.child({
    ...(about.storeHash === undefined ? {} : { store: about.storeHash }),
    ...(about.orderId === undefined ? {} : { order: about.orderId }),
    ...(about.shipment === undefined ? {} : { shipment: about.shipment }),
  });
}

const mask = '•';
const maxDepth = 6;
const masks =
  /token|secret|password|passphrase|authorization|cookie|apikey|credential|signature|headers|body|^words$|e?mail|phone|street|address\d?$|firstname|lastname|fullname|company|recipient|postcode|^zip|^city$|people|customermessage|staffnotes/;

function masked(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value;
  if (depth > maxDepth) return mask;
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return mask;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      masks.test(key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')) && inner !== null ? mask : masked(inner, depth + 1),
    ]),
  );
}

/**
 * Of an error: type, message, stack and the fields that are ours. Not `words` (the other side's, may quote people), and
 * not what drivers hang on errors: PostgreSQL's `detail` quotes the values of the row that it refused.
 */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : mask;
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(isAppError(error) ? { kind: error.kind, status: error.status, requestId: error.requestId } : {}),
    stack: error.stack,
    ...(error.cause instanceof Error ? { cause: { type: error.cause.name, message: error.cause.message } } : {}),
  };
}
