import { z } from 'zod';
import { listAudit, type AuditEntry } from '../../../audit/audit.sql.ts';
import { instant, integer, moment, next, nextPage, page } from '../frame/fields.ts';
import { reply, route, type Route, type Wire } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';

const entry = z
  .object({
    id: integer,
    at: instant,
    who: z.string().meta({ description: '`token:<name>`, `cli:<user>`, `shop`, `lahetti`' }),
    what: z.string(),
    subject: z.string().meta({ description: '`order/<store>/<order>`, `store/<store>`, `token/<name>`' }),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'AuditEntry' }) satisfies z.ZodType<Wire<AuditEntry>>;

export const auditQuery = page.extend({
  subject: z.string().min(1).max(200).optional().meta({
    description: 'With all beneath it: `order/<store>` for every order of that store.',
  }),
  who: z.string().min(1).max(200).optional(),
  what: z.string().min(1).max(100).optional(),
  from: moment.optional(),
  until: moment.optional(),
});

export const auditRoutes = ({ pool }: Pick<ApiDeps, 'pool'>): Route[] => [
  route({
    ...{ method: 'get', path: '/audit', id: 'listAudit', tag: 'Audit', role: 'operator' },
    summary: 'Who did what, when, to what; youngest first',
    description:
      'Commands, labels that were handed out (`label_handed_out`) and handed out again (`label_reprinted`, with the label), settings, stores and tokens. What a command asked for is with the command, and what settings were with their versions.',
    query: auditQuery,
    answers: { 200: { description: 'A page of it', schema: z.object({ audit: z.array(entry), next }) } },
    async handle({ query }) {
      const audit = await listAudit(pool, query);
      return reply(200, { audit, next: nextPage(audit, query) });
    },
  }),
];
