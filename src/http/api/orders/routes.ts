import { z } from 'zod';
import { next, nextPage, orderPath, page } from '../frame/fields.ts';
import { exchangeView, orderHead, orderView, timelineEntry, unreadOrder, orderSearch } from './schemas.ts';
import { requireOrder, viewOrder, unreadOf } from '../../../orders/view.ts';
import { exchangesOf, searchOrders, timelineOf } from '../../../orders/search.sql.ts';
import { reply, route, type Route } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';

const problems = { 404: '`unknown_order`' };

export const orderRoutes = ({ pool, engine }: Pick<ApiDeps, 'pool' | 'engine'>): Route[] => [
  route({
    method: 'get',
    path: '/orders',
    id: 'searchOrders',
    tag: 'Orders',
    role: 'viewer',
    summary: 'Orders, the one that we heard of last first',
    description:
      'All that is given has to fit. `after` goes on where a page ended, whatever came or changed meanwhile: none is left out or comes twice. The first page also has `unread`: orders that we heard of and have not read since, those that need a person first.',
    query: orderSearch,
    answers: {
      200: {
        description: 'A page of them',
        schema: z.object({ orders: z.array(orderHead), unread: z.array(unreadOrder), next }),
      },
    },
    async handle({ query }) {
      const [orders, unread] = await Promise.all([searchOrders(pool, query), unreadOf(pool, query)]);
      return reply(200, { orders, unread, next: nextPage(orders, query) });
    },
  }),
  route({
    method: 'get',
    path: '/orders/{storeHash}/{orderId}',
    id: 'getOrder',
    tag: 'Orders',
    role: 'viewer',
    summary: 'One order: where it is, since when, and what comes next',
    description: 'From its workflow while it runs, and from the database when it does not: the same object.',
    params: orderPath,
    answers: { 200: { description: 'The order', schema: orderView } },
    problems,
    handle: async ({ params }) => reply(200, await viewOrder(pool, engine, params)),
  }),
  route({
    method: 'get',
    path: '/orders/{storeHash}/{orderId}/timeline',
    id: 'getTimeline',
    tag: 'Orders',
    role: 'viewer',
    summary: 'What happened to an order, and by whom, oldest first',
    params: orderPath,
    query: page,
    answers: { 200: { description: 'A page of it', schema: z.object({ timeline: z.array(timelineEntry), next }) } },
    problems,
    async handle({ params, query }) {
      await requireOrder(pool, params);
      const timeline = await timelineOf(pool, params, query);
      return reply(200, { timeline, next: nextPage(timeline, query) });
    },
  }),
  route({
    method: 'get',
    path: '/orders/{storeHash}/{orderId}/exchanges',
    id: 'getExchanges',
    tag: 'Orders',
    role: 'viewer',
    summary: 'Calls of other systems about an order, oldest first',
    description: 'Also for an order that we could not read: those calls are what one wants to see then.',
    params: orderPath,
    query: page,
    answers: { 200: { description: 'A page of them', schema: z.object({ exchanges: z.array(exchangeView), next }) } },
    problems,
    async handle({ params, query }) {
      const exchanges = await exchangesOf(pool, params, query);
      if (exchanges.length === 0 && query.after === undefined) await requireOrder(pool, params);
      return reply(200, { exchanges, next: nextPage(exchanges, query) });
    },
  }),
];
