import { z } from 'zod';
import type { Db } from '../../../db/pool.ts';
import { listUnread, type UnreadOrder } from '../../../orders/unread-orders.sql.ts';
import {
  countsOfAttention,
  pageOfAttention,
  type AttentionCount,
  type AttentionRow,
} from '../../../orders/attention.sql.ts';
import { instant, integer, next, nextPage, page, storeHash } from '../frame/fields.ts';
import { commandKind, unreadOrder } from '../orders/schemas.ts';
import { reply, route, type Route, type Wire } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';

const row = z
  .object({
    id: integer,
    storeHash: z.string(),
    orderId: integer,
    n: integer,
    phase: z.string(),
    attention: z.object({
      code: z.string().meta({ description: 'Has its entry in docs/operations.md.' }),
      since: instant,
      commands: z.array(commandKind).readonly().meta({ description: 'Those that help and apply now.' }),
    }),
    problems: z.array(z.object({ code: z.string(), field: z.string(), problem: z.string(), remedy: z.string() })),
  })
  .meta({ id: 'WaitsForAPerson' }) satisfies z.ZodType<Wire<AttentionRow>>;

const count = z
  .object({ storeHash: z.string(), reason: z.string(), count: integer, oldest: instant })
  .meta({ id: 'AttentionCount' }) satisfies z.ZodType<Wire<AttentionCount>>;

/** The reason that is of an order as a whole. */
const unreadable = 'order_unreadable';

export const attentionFilter = z.object({ store: storeHash.optional(), reason: z.string().min(1).max(100).optional() });

export const attentionPage = page.extend(attentionFilter.shape);

/** Orders that could not be read, and that a person has to look at; they come with the first page. */
export async function unreadForPeople(db: Db, query: z.infer<typeof attentionPage>): Promise<UnreadOrder[]> {
  const { store, limit, after, reason } = query;
  if (after !== undefined || (reason ?? unreadable) !== unreadable) return [];
  return listUnread(db, { store, limit, needsPerson: true });
}

export const attentionRoutes = ({ pool }: Pick<ApiDeps, 'pool'>): Route[] => [
  route({
    ...{ method: 'get', path: '/attention', id: 'listAttention', tag: 'Attention', role: 'viewer' },
    summary: 'Shipments that wait for a person, the oldest first: for what, in words, and which commands help now',
    description: 'The first page also has `unread`: orders that could not be read, and that a person has to look at.',
    query: attentionPage,
    answers: {
      200: {
        description: 'A page of them',
        schema: z.object({ attention: z.array(row), unread: z.array(unreadOrder), next }),
      },
    },
    async handle({ query }) {
      const attention = await pageOfAttention(pool, query);
      const unread = await unreadForPeople(pool, query);
      return reply(200, { attention, unread, next: nextPage(attention, query) });
    },
  }),
  route({
    ...{ method: 'get', path: '/attention/counts', id: 'countAttention', tag: 'Attention', role: 'viewer' },
    summary: 'How many wait, by store and reason; the most frequent first',
    query: attentionFilter,
    answers: {
      200: { description: 'All of them', schema: z.object({ total: integer, counts: z.array(count) }) },
    },
    async handle({ query }) {
      const counts = await countsOfAttention(pool, query);
      return reply(200, { total: counts.reduce((sum, one) => sum + one.count, 0), counts });
    },
  }),
];
