import { z } from 'zod';
import type { OrderWithCommands } from '../../../domain/order-state.ts';
import type { CommandKind } from '../../../domain/commands.ts';
import { commandBodies } from '../../../commands/body.ts';
import { checkUpload } from '../../../commands/label-upload.ts';
import { AppError } from '../../../errors.ts';
import { createLabelChecker, type LabelChecker } from '../../../labels/checker.ts';
import { digestOf } from '../../../planning/shipment-plan.ts';
import { loadOrderState } from '../../../orders/state.sql.ts';
import { ProblemError } from '../../problems.ts';
import { awaitOutcomes, keepCommands } from './send.ts';
import { viewCommands, type CommandView } from './idempotency-keys.sql.ts';
import { idempotencyKey, instant, instantOrNull, integer, namedOrNull, orderPath } from '../frame/fields.ts';
import { commandKind, orderState } from '../orders/schemas.ts';
import { unknownOrder } from '../../../orders/view.ts';
import { reply, route, type Asked, type Route, type Wire } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';

interface CommandRoute {
  readonly kind: CommandKind;
  readonly summary: string;
  /** Whether it may name a shipment of the order. */
  readonly ofShipment: boolean;
  readonly bodyLimit?: number;
}

/** What can be asked of an order or a shipment; the bodies are those of src/commands/body.ts. */
export const commandRouteList: readonly CommandRoute[] = [
  { kind: 'cancel', ofShipment: true, summary: 'Cancels a shipment, or the whole order' },
  { kind: 'hold', ofShipment: false, summary: 'Books nothing more of an order until it is unheld' },
  { kind: 'unhold', ofShipment: false, summary: 'Takes the hold off' },
  { kind: 'retry', ofShipment: true, summary: 'Asks Posti or the shop again, as it is' },
  { kind: 'change', ofShipment: true, summary: 'Changes a shipment against what the shop says' },
  {
    kind: 'resolve',
    ofShipment: true,
    summary: 'Closes what needs attention; with numbers and label, the booking that was found at Posti is ours',
    // A label file of 5 MB in base64.
    bodyLimit: 8 * 1024 * 1024,
  },
  {
    kind: 'book',
    ofShipment: true,
    summary: 'Ships it whatever the status of the order; also what was cancelled here',
  },
  { kind: 'reprocess', ofShipment: false, summary: 'Reads an order again and does what is missing' },
  { kind: 'mark_printed', ofShipment: true, summary: 'Says that the label was printed' },
];

export const commandView = z
  .object({
    id: z.string(),
    storeHash: z.string(),
    orderId: integer,
    n: integer.nullable(),
    kind: commandKind,
    who: z.string(),
    source: z.string(),
    at: instant,
    outcome: z.enum(['done', 'refused']).nullable().meta({ description: 'Null while it is under way.' }),
    reason: z.string().nullable(),
    closedAt: instantOrNull,
  })
  .meta({ id: 'Command' }) satisfies z.ZodType<Wire<CommandView>>;

const commandAnswer = z.object({
  command: commandView,
  words: z.string().meta({ description: 'Where it stands, for people.' }),
  state: namedOrNull(orderState).meta({ description: 'The order after it, as the database has it.' }),
});

export const shipmentNumber = integer
  .positive()
  .max(1_000)
  .meta({ description: 'The shipment; left out: the whole order.' });

export const commandRoutes = (deps: ApiDeps, checker = createLabelChecker()): Route[] => [
  ...commandRouteList.map((command) => commandRoute(deps, checker, command)),
  route({
    method: 'get',
    path: '/commands/{id}',
    id: 'getCommand',
    tag: 'Commands',
    role: 'viewer',
    summary: 'A command and what it came to',
    params: z.object({ id: z.uuid() }),
    answers: { 200: { description: 'The command', schema: commandAnswer } },
    problems: { 404: '`unknown_command`' },
    async handle({ params: { id } }) {
      const command = (await viewCommands(deps.pool, [id])).get(id.toLowerCase());
      if (!command) throw new AppError('There is no such command.', { kind: 'not_found', code: 'unknown_command' });
      return reply(200, await answerFor(deps, command));
    },
  }),
];

function commandRoute(
  deps: ApiDeps,
  checker: LabelChecker,
  { kind, summary, ofShipment, bodyLimit }: CommandRoute,
): Route {
  const schema: z.ZodObject = commandBodies[kind];
  return route({
    method: 'post',
    path: `/orders/{storeHash}/{orderId}/${kind.replace('_', '-')}`,
    id: camelCase(kind),
    tag: 'Commands',
    role: 'operator',
    summary,
    description:
      'Kept before it is carried out: sent again with its Idempotency-Key it is the same command, and has the same outcome.',
    params: orderPath,
    headers: z.object({ 'idempotency-key': idempotencyKey }),
    body: ofShipment ? schema.safeExtend({ n: shipmentNumber.optional() }) : schema,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    answers: {
      200: { description: 'It was carried out', schema: commandAnswer },
      202: {
        description: 'It is kept, and will be carried out: nobody has within a few seconds, or the engine is away',
        schema: commandAnswer,
        headers: { location: 'Where to look for its outcome' },
      },
    },
    problems: {
      404: '`unknown_order`',
      409: '`command_refused`: it does not apply; with `reason`, `command` and `state`',
      422: '`idempotency_key_reused`: the key came with another request before',
    },
    async handle(asked) {
      await checkUpload(checker, asked.body);
      return askOne(deps, kind, asked);
    },
  });
}

const camelCase = (kind: CommandKind): string =>
  kind.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()) +
  (kind === 'mark_printed' ? '' : 'Order');

type CommandAsked = Asked<{ storeHash: string; orderId: number }, unknown, { 'idempotency-key': string }>;

async function askOne(deps: ApiDeps, kind: CommandKind, asked: CommandAsked) {
  const { params: ref, token, who, gone, req } = asked;
  const { n = null, ...body } = (req.body ?? {}) as { n?: number | null };
  const requestHash = digestOf([kind, ref.storeHash, ref.orderId, n, body]);
  const once = { tokenId: token.id, key: asked.headers['idempotency-key'], requestHash };
  const kept = await keepCommands(deps.pool, { once, kind, body, who, targets: [{ ...ref, n }] }, { wholly: true });
  const id = kept.ids[0]!;
  const patienceMs = deps.commandPatienceMs ?? 5_000;
  const command = (await awaitOutcomes(deps.pool, [id], { patienceMs, gone })).get(id)!;
  const answer = await answerFor(deps, command);
  if (command.outcome === 'refused') throw refusal(command, answer.state);
  const headers = { location: `/api/v1/commands/${id}`, ...(kept.repeated && replayed) };
  return command.outcome === null ? reply(202, answer, headers) : reply(200, answer, headers);
}

/** Says that the request was here before, and that nothing was done a second time. */
export const replayed = { 'idempotent-replayed': 'true' };

function refusal(command: CommandView, state: OrderWithCommands | null): Error {
  const reason = command.reason ?? 'It does not apply.';
  if (state === null) return unknownOrder(command);
  const more = { reason, command: commandView.parse(command), state: orderState.parse(state) };
  return new ProblemError({ status: 409, code: 'command_refused', detail: reason, more });
}

async function answerFor({ pool, engine }: ApiDeps, command: CommandView) {
  const state = (await loadOrderState(pool, command)) ?? null;
  return { command, state, words: await standing(engine, command) };
}

/** Where a command stands, in a sentence. Without the engine it says so. */
async function standing(engine: ApiDeps['engine'], { outcome, reason }: CommandView): Promise<string> {
  return outcome === null ? openWords(engine) : closedWords(outcome, reason);
}

export const closedWords = (outcome: 'done' | 'refused', reason: string | null): string =>
  `${outcome === 'done' ? 'Done.' : 'Refused.'} ${reason ?? ''}`.trim();

export const openWords = async (engine: ApiDeps['engine']): Promise<string> =>
  (await engine.health()).ok
    ? 'Kept; nobody has carried it out yet.'
    : 'Kept. The engine (Temporal) is away: it is carried out when the engine is back.';
