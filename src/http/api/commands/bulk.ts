import { z } from 'zod';
import type { CommandKind } from '../../../domain/commands.ts';
import { commandBodies } from '../../../commands/body.ts';
import { digestOf } from '../../../planning/shipment-plan.ts';
import { awaitOutcomes, keepCommands, type Target } from './send.ts';
import { commandRouteList, commandView, replayed, shipmentNumber, closedWords, openWords } from './routes.ts';
import { idempotencyKey, integer, namedOrNull, storeHash } from '../frame/fields.ts';
import { unknownOrder } from '../../../orders/view.ts';
import { reply, route, type Asked, type Route } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';

const mostTargets = 200;

const order = z.strictObject({ storeHash, orderId: integer.positive() });
const shipment = order.extend({ n: shipmentNumber.optional() });

const targetsOf = (ofShipment: boolean) =>
  z
    .array(ofShipment ? shipment : order)
    .min(1)
    .max(mostTargets)
    .refine((targets) => new Set(targets.map(digestOf)).size === targets.length, 'names one of them twice');

/** The body of each kind, for many. A booking that was found is one shipment's alone. */
const bodies = commandRouteList.map(({ kind, ofShipment }) => {
  const single: z.ZodObject =
    kind === 'resolve' ? z.strictObject({ note: z.string().max(500).optional() }) : commandBodies[kind];
  return single.safeExtend({ kind: z.literal(kind), targets: targetsOf(ofShipment) });
});

interface BulkBody extends Record<string, unknown> {
  readonly kind: CommandKind;
  readonly targets: readonly { readonly storeHash: string; readonly orderId: number; readonly n?: number }[];
}

const result = z
  .object({
    storeHash: z.string(),
    orderId: integer,
    n: integer.nullable(),
    status: z
      .union([z.literal(200), z.literal(202), z.literal(404), z.literal(409)])
      .meta({ description: 'What the command alone would be answered with.' }),
    words: z.string(),
    command: namedOrNull(commandView).meta({ description: 'Null where there is no such order: nothing was asked.' }),
  })
  .meta({ id: 'BulkResult' });

export const bulkCommandRoutes = (deps: ApiDeps): Route[] => [
  route({
    method: 'post',
    path: '/commands',
    id: 'commandMany',
    tag: 'Commands',
    role: 'operator',
    summary: `The same command for up to ${mostTargets} orders or shipments, with a result for each`,
    description:
      'Each stands for itself: one that is refused holds up no other. With its Idempotency-Key the whole of it is asked once.',
    headers: z.object({ 'idempotency-key': idempotencyKey }),
    body: z.discriminatedUnion('kind', bodies as unknown as [z.ZodObject, ...z.ZodObject[]]),
    answers: { 200: { description: 'In the order of `targets`', schema: z.object({ results: z.array(result) }) } },
    problems: { 422: '`idempotency_key_reused`: the key came with another request before' },
    handle: (asked) => askMany(deps, asked),
  }),
];

async function askMany(
  deps: ApiDeps,
  { headers, token, who, gone, req }: Asked<unknown, unknown, { 'idempotency-key': string }>,
) {
  const { kind, targets: given, ...body } = req.body as BulkBody;
  const targets: Target[] = given.map((target) => ({ ...target, n: target.n ?? null }));
  const once = { tokenId: token.id, key: headers['idempotency-key'], requestHash: digestOf([kind, targets, body]) };
  const kept = await keepCommands(deps.pool, { once, kind, body, who, targets }, { wholly: false });
  const ids = kept.ids.filter((id) => id !== null);
  // Many take longer than one; who asks for many expects it.
  const patienceMs = 2 * (deps.commandPatienceMs ?? 5_000);
  const commands = await awaitOutcomes(deps.pool, ids, { patienceMs, gone });

  const waits = [...commands.values()].some(({ outcome }) => outcome === null) ? await openWords(deps.engine) : '';
  const results = targets.map((target, i) => {
    const command = commands.get(kept.ids[i] ?? '') ?? null;
    if (!command) return { ...target, status: 404 as const, words: unknownOrder(target).message, command };
    const status = statusOf[command.outcome ?? 'open'];
    const words = command.outcome === null ? waits : closedWords(command.outcome, command.reason);
    return { ...target, status, words, command };
  });
  return reply(200, { results }, kept.repeated ? replayed : {});
}

const statusOf = { done: 200, refused: 409, open: 202 } as const;
