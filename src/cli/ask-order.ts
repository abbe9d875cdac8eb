import { randomUUID } from 'node:crypto';
import type { OrderRef } from '../domain/order-ref.ts';
import type { CommandKind } from '../domain/commands.ts';
import { AppError } from '../errors.ts';
import { viewOrder } from '../orders/view.ts';
import { findCommand, insertCommand, type Command } from '../inbox/commands.sql.ts';
import { digestOf } from '../planning/shipment-plan.ts';
import { loadOrderState } from '../orders/state.sql.ts';
import { usageError, type CliContext, type Said } from './command.ts';
import { commandLine, orderInLines, takesLabelsBack, wordOf } from './order-words.ts';
import { problemsOf, relaysListening } from './staff.sql.ts';
import { waitUntil } from './wait-until.ts';

export interface Asking {
  readonly ref: OrderRef;
  readonly n: number | null;
  readonly kind: CommandKind;
  readonly body: Readonly<Record<string, unknown>>;
  /** Given again, the same command is waited for and not asked for twice. */
  readonly commandId: string | undefined;
}

/**
 * Keeps a command, which is its audit entry, and waits a while for what a running API or worker makes of it.
 *
 * @throws AppError `unknown_store`; `command_id_taken` where the id is another command's
 */
export async function askOrder(context: CliContext, asking: Asking): Promise<Said> {
  const { pool, stores, who, patienceMs } = context;
  const { ref, n, kind, body } = asking;
  const id = (asking.commandId ?? randomUUID()).toLowerCase();
  if (!uuid.test(id)) throw usageError('--command-id takes a UUID.');
  const store = await stores.get(ref.storeHash);
  const row = { id, storeId: store.id, orderId: ref.orderId, n, kind, body, who, source: 'cli' };
  if (!(await insertCommand(pool, row))) refuseAnother(await findCommand(pool, id), row);

  const closed = await waitUntil(async () => {
    const command = await findCommand(pool, id);
    return command?.closedAt ? command : undefined;
  }, patienceMs);
  return closed ? answered(context, asking, closed) : unanswered(context, asking, id);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Row = Pick<Command, 'storeId' | 'orderId' | 'n' | 'kind' | 'body'>;

function refuseAnother(known: Row | undefined, asked: Row): void {
  const facts = (row: Row) => digestOf([row.storeId, row.orderId, row.n, row.kind, row.body]);
  if (!known || facts(known) === facts(asked)) return;
  throw new AppError('This command id belongs to another command.', {
    kind: 'conflict',
    code: 'command_id_taken',
    advice: 'Leave --command-id out: a new one is made then.',
  });
}

async function answered({ pool, engine }: CliContext, asking: Asking, command: Command): Promise<Said> {
  const { ref, kind, n, body } = asking;
  const state = (await loadOrderState(pool, ref)) ?? null;
  const what = `${wordOf(kind)}${n === null ? '' : ` shipment ${n}`} of order ${ref.storeHash}/${ref.orderId}`;
  const json = { commandId: command.id, outcome: command.outcome, reason: command.reason, state };
  if (command.outcome === 'done') {
    return { lines: [`Done: ${what}.`, ...(command.reason ? [command.reason] : [])], json };
  }
  const view = state && (await viewOrder(pool, engine, ref));
  const labelOut =
    state?.shipments.some((s) => s.phase === 'booked' && s.labelHandedOut && (n === null || s.n === n)) ?? false;
  const tellDestroyed = takesLabelsBack(kind) && labelOut && body['labelDestroyed'] !== true;
  return {
    lines: [
      `Refused: ${what}. ${command.reason ?? ''}`.trimEnd(),
      ...(tellDestroyed ? [`To say so: npm run lahetti -- ${commandLine(kind, ref, n)} --label-destroyed`] : []),
      ...(view ? orderInLines(view, ref, await problemsOf(pool, ref)) : []),
    ],
    json,
    exitCode: 1,
  };
}

async function unanswered({ pool }: CliContext, { ref, kind }: Asking, id: string): Promise<Said> {
  const running = await relaysListening(pool);
  return {
    lines: [
      `Asked for as command ${id}, and nobody has carried it out yet. It is kept, and will be.`,
      ...(running === 0 ? ['No API or worker seems to run: start one (npm start).'] : []),
      `Look: npm run lahetti -- orders show ${ref.storeHash} ${ref.orderId}. To wait on, give the same "${wordOf(kind)}" again with --command-id ${id}.`,
    ],
    json: { commandId: id, outcome: null, reason: null, relaysRunning: running },
    exitCode: 75,
  };
}
