import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { instant, integer, orderPath, rowId } from './fields.ts';
import { handOutLabel, labelsOf, type LabelView } from './labels.sql.ts';
import { requireOrder } from './order-view.ts';
import { reply, route, type Route, type Wire } from './route.ts';
import type { ApiDeps } from './routes.ts';

const labelView = z
  .object({
    id: integer,
    n: integer,
    attempt: integer,
    attemptState: z.string(),
    kind: z.string(),
    media: z.string(),
    kept: z.boolean(),
    handedOutAt: instant.nullable(),
    printedAt: instant.nullable(),
  })
  .meta({ id: 'Label' }) satisfies z.ZodType<Wire<LabelView>>;

export const labelRoutes = ({ pool }: Pick<ApiDeps, 'pool'>): Route[] => [
  route({
    method: 'get',
    path: '/orders/{storeHash}/{orderId}/labels',
    id: 'listLabels',
    tag: 'Labels',
    role: 'viewer',
    summary: "An order's labels, also those that were superseded",
    params: orderPath,
    answers: { 200: { description: 'All of them', schema: z.object({ labels: z.array(labelView) }) } },
    problems: { 404: '`unknown_order`' },
    async handle({ params }) {
      await requireOrder(pool, params);
      return reply(200, { labels: await labelsOf(pool, params) });
    },
  }),
  route({
    method: 'get',
    path: '/labels/{id}.pdf',
    id: 'getLabel',
    tag: 'Labels',
    role: 'operator',
    summary: 'A label to print; from now on it counts as handed out',
    params: z.object({ id: rowId }),
    // A label that is asked for with HEAD would be out, and nobody would have it.
    head: false,
    answers: { 200: { description: 'The PDF', media: 'application/pdf' } },
    problems: { 404: '`unknown_label`, `label_not_kept`', 409: '`label_withdrawn`' },
    async handle({ params: { id }, who }) {
      const label = await handOutLabel(pool, id, who);
      if (label.outcome !== 'handed_out') throw labelProblem(id, label.outcome);
      const headers = { 'content-disposition': `inline; filename="label-${id}.pdf"` };
      return reply(200, label.pdf, headers);
    },
  }),
];

function labelProblem(id: number, outcome: 'unknown' | 'not_kept' | 'withdrawn'): AppError {
  switch (outcome) {
    case 'unknown':
      return new AppError(`There is no label ${id}.`, { kind: 'not_found', code: 'unknown_label' });
    case 'not_kept':
      return new AppError(`Label ${id} is not here yet, or its file was erased.`, {
        kind: 'not_found',
        code: 'label_not_kept',
      });
    case 'withdrawn':
      return new AppError(`Label ${id} must not be used any more: its booking was replaced or cancelled.`, {
        kind: 'conflict',
        code: 'label_withdrawn',
        advice: "Take the shipment's newest label. One that was printed before has to be destroyed.",
      });
    default:
      return outcome satisfies never;
  }
}
