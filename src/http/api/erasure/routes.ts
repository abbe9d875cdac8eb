import { z } from 'zod';
import { eraseOnRequest, type AskedFor } from '../../../erasure/on-request.ts';
import type { Pool } from '../../../db/pool.ts';
import type { Stores } from '../../../stores/store.ts';
import { integer, storeHash } from '../frame/fields.ts';
import { reply, route, type Route, type Wire } from '../frame/route.ts';

const whoseData = z
  .strictObject({
    order: z.strictObject({ storeHash, orderId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER) }).optional(),
    email: z.string().trim().min(3).max(254).includes('@').optional(),
    storeHash: storeHash.optional().meta({ description: 'Only orders of this store; with `email`.' }),
  })
  .refine(({ order, email }) => (order === undefined) !== (email === undefined), 'give either order or email')
  .refine((given) => given.order === undefined || given.storeHash === undefined, 'storeHash goes with email')
  .meta({ id: 'WhoseData', description: 'Of one order, or of all orders of an e-mail address.' });

const askedFor = z
  .object({
    storeHash: z.string(),
    orderId: integer,
    outcome: z.enum(['erased', 'waits']),
    reason: z
      .enum(['shipment_open', 'needs_attention', 'command_open', 'booking_watched', 'many_orders'])
      .nullable()
      .meta({ description: 'Why it waits. The request is remembered and carried out once nothing stands in its way.' }),
  })
  .meta({ id: 'Erasure' }) satisfies z.ZodType<Wire<AskedFor>>;

export const erasureRoutes = ({ pool, stores }: { readonly pool: Pool; readonly stores: Stores }): Route[] => [
  route({
    ...{ method: 'post', path: '/erasures', id: 'erasePeople', tag: 'Erasure', role: 'admin' },
    summary: 'Erases what is known of the people of an order, or of all orders of an e-mail address',
    description:
      'Names, addresses, phones, e-mails, messages, labels and logged bodies go; ids, amounts, phases and tracking numbers stay. What is under way waits, is remembered, and is erased by the daily run once it is over. The audit names the orders and nobody. Safe to repeat.',
    body: whoseData,
    answers: {
      200: {
        description: 'What came of each order; none where the address has none',
        schema: z.object({ erased: integer, waiting: integer, orders: z.array(askedFor) }),
      },
    },
    problems: { 404: '`unknown_order`, `unknown_store`' },
    async handle({ body, who }) {
      const hash = body.order?.storeHash ?? body.storeHash;
      if (hash !== undefined) await stores.get(hash);
      const whose = body.order ? { order: body.order } : { email: body.email!, storeHash: body.storeHash };
      const orders = await eraseOnRequest(pool, whose, who);
      const waiting = orders.filter(({ outcome }) => outcome === 'waits').length;
      return reply(200, { erased: orders.length - waiting, waiting, orders });
    },
  }),
];
