import { z } from 'zod';
import { createLabelDesk, stackLimits, type LabelChoice, type LabelDesk } from '../../../labels/desk.ts';
import { createLabelMerger } from '../../../labels/merger.ts';
import { LabelsNotUsable, wordsOf, type UnusableLabel } from '../../../labels/not-usable.ts';
import { ProblemError } from '../../problems.ts';
import { shipmentNumber } from '../commands/routes.ts';
import { instantOrNull, integer, orderId, orderPath, rowId, storeHash } from '../frame/fields.ts';
import { labelsOf, type LabelView } from './queries.sql.ts';
import { requireOrder } from '../../../orders/view.ts';
import { reply, route, type Route, type Wire } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';

const labelView = z
  .object({
    id: integer,
    n: integer,
    attempt: integer,
    attemptState: z.string(),
    kind: z.string(),
    media: z.string(),
    kept: z.boolean(),
    doubts: z.array(z.string()).meta({ description: 'What is odd about its file; empty as a rule' }),
    handedOutAt: instantOrNull,
    printedAt: instantOrNull,
  })
  .meta({ id: 'Label' }) satisfies z.ZodType<Wire<LabelView>>;

const chosenLabels = {
  labels: z.array(z.number().int().positive()).min(1).max(stackLimits.labels).optional(),
  orders: z
    .array(z.strictObject({ storeHash, orderId, n: shipmentNumber.optional() }))
    .min(1)
    .max(stackLimits.labels)
    .optional(),
  size: z.enum(['A5', '107x225']).optional().meta({
    description: 'Refuse labels that were made in another size. Left out, each has a page of its own size.',
  }),
  markPrinted: z.boolean().default(false).meta({
    description: 'Also asks to mark the shipments as printed, as the command does.',
  }),
};

const eitherOr = ({ labels, orders }: { labels?: unknown; orders?: unknown }): boolean =>
  (labels === undefined) !== (orders === undefined);
const labelsOrOrders = 'give either labels or orders';

const stack = z.strictObject(chosenLabels).refine(eitherOr, labelsOrOrders).meta({
  id: 'LabelStack',
  description: 'Which labels, in this order: by their ids, or those that count now of orders and shipments.',
});

const stackToMerge = z
  .strictObject({
    ...chosenLabels,
    leaveOutUnmergeable: z.boolean().default(false).meta({
      description:
        'Merge the others where some can not be merged: the header `labels-left-out` names those, with the trouble of each. Otherwise nothing is handed out then.',
    }),
  })
  .refine(eitherOr, labelsOrOrders)
  .meta({ id: 'LabelStackToMerge', description: 'As LabelStack, for one PDF.' });

const stackProblems = {
  400: '`invalid_request`, `too_many_labels`',
  409: '`labels_not_usable`: `labels` names each of them, with its `problem`; nothing was handed out',
  503: '`labels_busy`, `labels_not_merged`',
};

type LabelDeps = Pick<ApiDeps, 'pool'> & { readonly desk?: LabelDesk };

export const labelRoutes = ({
  pool,
  desk = createLabelDesk({ pool, merger: createLabelMerger() }),
}: LabelDeps): Route[] => [
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
    problems: { 404: '`unknown_label`, `label_not_kept`', 409: '`label_withdrawn`', 410: '`label_erased`' },
    async handle({ params: { id }, who }) {
      const pdf = await alone(() => desk.one(id, { who, source: 'api' }));
      return reply(200, pdf, asDownload(`label-${id}.pdf`));
    },
  }),
  route({
    method: 'post',
    path: '/labels/pdf',
    id: 'printLabels',
    tag: 'Labels',
    role: 'operator',
    summary: 'Many labels as one PDF; from now on they count as handed out',
    body: stackToMerge,
    answers: { 200: { description: 'The PDF', media: 'application/pdf' } },
    problems: stackProblems,
    async handle({ body, who }) {
      const { pdf, leftOut } = await namingLabels(() => desk.pdf(choiceOf(body), { ...body, who, source: 'api' }));
      const named = leftOut.map(({ label, trouble }) => `${label};trouble=${trouble}`).join(', ');
      return reply(200, pdf, {
        ...asDownload('labels.pdf'),
        ...(named === '' ? {} : { 'labels-left-out': named }),
      });
    },
  }),
  route({
    method: 'post',
    path: '/labels/zip',
    id: 'zipLabels',
    tag: 'Labels',
    role: 'operator',
    summary: 'Many labels as a zip with a PDF for each; from now on they count as handed out',
    body: stack,
    answers: { 200: { description: 'The zip', media: 'application/zip' } },
    problems: stackProblems,
    async handle({ body, who }) {
      const zip = await namingLabels(() => desk.zip(choiceOf(body), { ...body, who, source: 'api' }));
      return reply(200, zip, asDownload('labels.zip'));
    },
  }),
];

/**
 * A file that somebody else made is saved and opened by the reader's own program; a browser that shows it here all the same
 * runs nothing of it. The name says nothing of people.
 */
const asDownload = (filename: string): Record<string, string> => ({
  'content-disposition': `attachment; filename="${filename}"`,
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
});

const choiceOf = ({ labels, orders }: z.output<typeof stack>): LabelChoice =>
  labels === undefined ? { orders: orders ?? [] } : { labels };

/** The same problem, with the labels for programs too. */
async function namingLabels<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LabelsNotUsable)) throw error;
    const { code, message: detail, advice, labels } = error;
    throw new ProblemError({ status: 409, code, detail, advice, more: { labels } });
  }
}

/** The problem of the one label that was asked for. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [label] = error instanceof LabelsNotUsable ? error.labels : [];
    throw label ? problemOfOne(label) : error;
  }
}

function problemOfOne(label: UnusableLabel): ProblemError {
  const said = { code: label.problem, detail: wordsOf(label) };
  switch (label.problem) {
    case 'label_erased':
      return new ProblemError({ status: 410, ...said });
    case 'label_withdrawn':
      return new ProblemError({
        ...{ status: 409, ...said },
        advice: "Take the shipment's newest label. One that was printed before has to be destroyed.",
      });
    // What a stack can meet, and a label that is asked for by its id can't.
    case 'no_label':
    case 'unknown_order':
    case 'other_size':
    case 'label_broken':
    case 'unknown_label':
    case 'label_not_kept':
      return new ProblemError({ status: 404, ...said });
    default:
      return label.problem satisfies never;
  }
}
