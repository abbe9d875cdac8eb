import { z } from 'zod';

/** What a BigCommerce webhook says (bigcommerce.md 4.2). Ids only: the order itself is always read anew. */
export interface WebhookPayload {
  readonly scope: string;
  /** When it happened, by the shop's clock. */
  readonly createdAt: Date | null;
  /** The order that it is about, or null where it is about none. */
  readonly orderId: number | null;
}

/** The last second that four digits of a year can name. */
const lastSecond = 253_402_300_799;

const wire = z.object({
  // It is kept, and Postgres keeps no NUL.
  scope: z.string().regex(/^[\x20-\x7e]{1,200}$/),
  created_at: z.number().int().positive().max(lastSecond).optional().catch(undefined),
  data: z.record(z.string(), z.unknown()).catch({}),
});

/** Null for what is not JSON, or not a webhook. */
export function parsePayload(body: Buffer): WebhookPayload | null {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  const parsed = wire.safeParse(json);
  if (!parsed.success) return null;
  const { scope, created_at, data } = parsed.data;
  return {
    scope,
    createdAt: created_at === undefined ? null : new Date(created_at * 1000),
    orderId: orderIdOf(scope, data),
  };
}

/** Where each kind of scope carries the order's id. The first that fits decides. */
const whereTheOrderIs: readonly (readonly [RegExp, string])[] = [
  [/^store\/order\/metafield\//, 'resource_id'],
  [/^store\/order\/transaction\//, 'order_id'],
  [/^store\/order\//, 'id'],
  // In camel case, unlike all others.
  [/^store\/shipment\//, 'orderId'],
  [/^store\/channel\/\d+\/order\//, 'order_id'],
  [/^store\/cart\/converted$/, 'orderId'],
];

function orderIdOf(scope: string, data: Readonly<Record<string, unknown>>): number | null {
  const key = whereTheOrderIs.find(([pattern]) => pattern.test(scope))?.[1];
  const given = key === undefined ? undefined : data[key];
  const id = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}
