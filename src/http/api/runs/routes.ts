import { z } from 'zod';
import { instant, instantOrNull, integer, moment, next, nextPage, page, storeHash } from '../frame/fields.ts';
import { exchangeView } from '../orders/schemas.ts';
import { reply, route, type Route, type Wire } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';
import { pageOfExchanges, pageOfRuns, type RunView } from './queries.sql.ts';

const run = z
  .object({
    id: integer,
    storeHash: z.string().nullable().meta({ description: 'Null for work that is about no single store.' }),
    kind: z.string().meta({ description: '`sweep`, `watchman`, `watch`, `hooks`, `erasure`' }),
    startedAt: instant,
    endedAt: instantOrNull.meta({ description: 'Null while it runs.' }),
    counts: z.record(z.string(), integer),
    watermark: instantOrNull,
    failure: z.string().nullable(),
  })
  .meta({ id: 'Run' }) satisfies z.ZodType<Wire<RunView>>;

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

export const runsQuery = page.extend({
  store: storeHash.optional(),
  kind: z.string().min(1).max(40).optional(),
  failed: flag,
});

export const exchangesQuery = page.extend({
  store: storeHash.optional(),
  system: z.enum(['bigcommerce', 'posti']).optional(),
  failed: flag,
  from: moment.optional(),
  until: moment.optional(),
});

export const runRoutes = ({ pool }: Pick<ApiDeps, 'pool'>): Route[] => [
  route({
    ...{ method: 'get', path: '/runs', id: 'listRuns', tag: 'Runs', role: 'viewer' },
    summary: 'Runs of scheduled work, youngest first: sweeps, watchman, watch, hooks',
    query: runsQuery,
    answers: { 200: { description: 'A page of them', schema: z.object({ runs: z.array(run), next }) } },
    async handle({ query }) {
      const runs = await pageOfRuns(pool, query);
      return reply(200, { runs, next: nextPage(runs, query) });
    },
  }),
  route({
    ...{ method: 'get', path: '/exchanges', id: 'listExchanges', tag: 'Runs', role: 'viewer' },
    summary: 'Calls of shops and of Posti, youngest first',
    description: 'Bodies were redacted before they were kept.',
    query: exchangesQuery,
    answers: {
      200: {
        description: 'A page of them',
        schema: z.object({
          exchanges: z.array(
            exchangeView.extend({
              account: z.string(),
              storeHash: z.string().nullable(),
              orderId: integer.nullable(),
            }),
          ),
          next,
        }),
      },
    },
    async handle({ query }) {
      const exchanges = await pageOfExchanges(pool, query);
      return reply(200, { exchanges, next: nextPage(exchanges, query) });
    },
  }),
];
