import { z } from 'zod';
import { accountsInHealth, type AccountHealth } from '../../../health/accounts.sql.ts';
import { bookingOutlooks, type BookingOutlook } from '../../../health/booking-outlook.ts';
import { readBacklog, type InboxBacklog } from '../../../inbox/inbox.sql.ts';
import { countUnread, type UnreadCounts } from '../../../orders/unread-orders.sql.ts';
import { instant, instantOrNull, integer } from '../frame/fields.ts';
import { reply, route, type Route, type Wire } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';

const state = z.enum(['open', 'paused', 'closed']);

const trouble = z
  .object({
    system: z.string().meta({
      description:
        '`bigcommerce`, `posti`, `posti_tracking`; or a scope that a shop’s access token lacks: `bigcommerce_orders_read`, `bigcommerce_orders_modify`, `bigcommerce_information`',
    }),
    account: z.string().meta({ description: "A store's hash, or a Posti client id." }),
    state,
    since: instant,
    pausedUntil: instantOrNull.meta({ description: 'When it is tried again by itself.' }),
    reason: z.string().nullable(),
    failures: integer,
  })
  .meta({ id: 'AccountInTrouble' }) satisfies z.ZodType<Wire<AccountHealth>>;

const booking = z
  .object({
    account: z.string().meta({ description: 'The Posti client id.' }),
    state,
    reason: z.string().nullable(),
    since: instantOrNull.meta({ description: 'Since when it is paused or closed.' }),
    pausedUntil: instantOrNull,
    waiting: integer.meta({ description: 'Shipments that wait for nothing and nobody but Posti.' }),
    measured: z
      .object({ seconds: integer, bookedPerMinute: z.number(), plannedPerMinute: z.number() })
      .nullable()
      .meta({ description: 'Of the last five minutes, since the last pause at most. Null while it is not open.' }),
    drainedAt: instantOrNull.meta({
      description:
        'When nothing will wait any more, at the measured rate. Null where nothing waits, where too little was measured to say, or where as much comes as is booked.',
    }),
  })
  .meta({ id: 'BookingBacklog' }) satisfies z.ZodType<Wire<BookingOutlook>>;

const inbox = z
  .object({
    hints: integer,
    orders: integer.meta({ description: 'That those hints are about.' }),
    oldestHintMs: z.number(),
    commands: integer,
    oldestCommandMs: z.number(),
  })
  .meta({ id: 'InboxBacklog' }) satisfies z.ZodType<Wire<InboxBacklog>>;

const unread = z
  .object({
    waiting: integer.meta({ description: 'Were not looked at yet.' }),
    failing: integer.meta({ description: 'Looks at them failed, and are tried again.' }),
    needAttention: integer.meta({ description: 'Of those, a person has to look.' }),
    oldestFailureMs: z.number(),
  })
  .meta({ id: 'UnreadOrders', description: 'Orders that we heard of and have not read since.' }) satisfies z.ZodType<
  Wire<UnreadCounts>
>;

export const healthRoutes = ({ pool, engine }: Pick<ApiDeps, 'pool' | 'engine'>): Route[] => [
  route({
    ...{ method: 'get', path: '/health', id: 'getHealth', tag: 'Health', role: 'viewer' },
    summary: 'What is paused or closed and why, what waits for Posti and until when, and what waits in the inbox',
    description: 'One entry for each account at another system that is in trouble, however many orders wait for it.',
    answers: {
      200: {
        description: 'How things stand',
        schema: z.object({
          engine: z.object({ ok: z.boolean(), tookMs: z.number() }),
          inbox,
          unread,
          trouble: z.array(trouble),
          booking: z.array(booking),
        }),
      },
    },
    async handle() {
      const [{ ok, tookMs }, inboxBacklog, unreadOrders, accounts, outlooks] = await Promise.all([
        engine.health(),
        readBacklog(pool),
        countUnread(pool),
        accountsInHealth(pool),
        bookingOutlooks(pool),
      ]);
      return reply(200, {
        engine: { ok, tookMs },
        inbox: inboxBacklog,
        unread: unreadOrders,
        trouble: accounts.filter((account) => account.state !== 'open'),
        booking: outlooks,
      });
    },
  }),
];
