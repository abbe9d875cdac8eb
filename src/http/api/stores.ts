import { z } from 'zod';
import type { Store } from '../../stores/store.ts';
import { integer } from './fields.ts';
import { reply, route, type Route, type Wire } from './route.ts';
import type { ApiDeps } from './routes.ts';

/** Without its secrets: they are not in a {@link Store} either. */
export const storeView = z
  .object({
    id: integer,
    storeHash: z.string(),
    name: z.string(),
    state: z.enum(['connected', 'paused', 'disconnected']),
    weightUnits: z.string(),
    dimensionUnits: z.string().nullable(),
    clientId: z.string(),
    carrierAccountId: integer.nullable(),
  })
  .meta({ id: 'Store' }) satisfies z.ZodType<Wire<Store>>;

export const storeRoutes = ({ stores }: Pick<ApiDeps, 'stores'>): Route[] => [
  route({
    method: 'get',
    path: '/stores',
    id: 'listStores',
    tag: 'Stores',
    role: 'viewer',
    summary: 'The connected stores',
    answers: { 200: { description: 'All of them', schema: z.object({ stores: z.array(storeView) }) } },
    handle: async () => reply(200, { stores: await stores.list() }),
  }),
];
