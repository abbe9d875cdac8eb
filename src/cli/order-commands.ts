import type { CommandKind } from '../domain/commands.ts';
import { parseCommandBody } from '../commands/body.ts';
import { checkUpload } from '../commands/label-upload.ts';
import { createLabelChecker } from '../labels/checker.ts';
import { askOrder } from './ask-order.ts';
import {
  orderArguments,
  orderNamed,
  usageError,
  wholeNumber,
  type CliContext,
  type Command,
  type CommandOption,
  type Given,
} from './command.ts';
import { wordOf } from './order-words.ts';

interface OrderCommand {
  readonly kind: CommandKind;
  readonly summary: string;
  /** Whether it may name a shipment of the order. */
  readonly ofShipment: boolean;
  readonly details?: string;
  readonly options?: readonly CommandOption[];
  readonly body?: (context: CliContext, given: Given) => Promise<Record<string, unknown>>;
}

const shipmentArgument = ['[shipment]', 'its number within the order; may be left out where only one fits'] as const;

const commandId: CommandOption = {
  flags: '--command-id <uuid>',
  description: 'given again, the same command is waited for and not asked for twice',
};

const destroyed = {
  option: {
    flags: '--label-destroyed',
    description: 'every printed copy of its label is gone; needed once it was printed or downloaded',
  },
  said: (given: Given) => (given.switches['label-destroyed'] ? { labelDestroyed: true } : {}),
};

const list: readonly OrderCommand[] = [
  {
    kind: 'cancel',
    ofShipment: true,
    summary: 'cancels a shipment, or the whole order',
    options: [destroyed.option],
    body: (_context, given) => Promise.resolve(destroyed.said(given)),
  },
  { kind: 'hold', ofShipment: false, summary: 'books nothing more of the order until "unhold"' },
  { kind: 'unhold', ofShipment: false, summary: 'takes the hold off' },
  { kind: 'retry', ofShipment: true, summary: 'asks Posti or the shop again, as it is; what waits is tried at once' },
  {
    kind: 'change',
    ofShipment: true,
    summary: 'changes a shipment against what the shop says; booked, it gets a new label',
    details:
      'An address comes from a file or from standard input, never from the command line: others could read it there (ps).',
    options: [
      { flags: '--pickup-point <id>', description: 'nine digits, or "none"' },
      { flags: '--service <id>', description: "Posti's, like PO2103" },
      { flags: '--addon <id>', description: 'goes with --service; may be given several times', repeated: true },
      { flags: '--warehouse <code>', description: 'it leaves from there' },
      { flags: '--parcel-weights <grams>', description: 'of each parcel, with commas: 1200,800' },
      { flags: '--address <file>', description: 'JSON of what differs, or "-": from standard input' },
      destroyed.option,
    ],
    body: changeBody,
  },
  {
    kind: 'resolve',
    ofShipment: true,
    summary: 'closes what needs attention: seen, and it stays as it is',
    details: 'With tracking number and label, the booking that was found at Posti is ours.',
    options: [
      { flags: '--tracking-number <number>', description: 'may be given several times', repeated: true },
      { flags: '--label <file>', description: 'the PDF of its label' },
      { flags: '--note <text>', description: 'what was found; without people' },
    ],
    body: resolveBody,
  },
  {
    kind: 'book',
    ofShipment: true,
    summary: 'ships it whatever the status of the order; also what was cancelled here',
  },
  { kind: 'reprocess', ofShipment: false, summary: 'reads the order again and does what is missing' },
  { kind: 'mark_printed', ofShipment: true, summary: 'says that the label was printed' },
];

/** What a person may ask of an order; each is a row first, which is also the audit entry. */
export const orderCommands: readonly Command[] = list.map(({ kind, summary, details, ofShipment, options, body }) => ({
  words: `orders ${wordOf(kind)}`,
  summary,
  ...(details === undefined ? {} : { details }),
  arguments: ofShipment ? [...orderArguments, shipmentArgument] : orderArguments,
  options: [...(options ?? []), commandId],
  async run(context, given) {
    const [, , shipment] = given.positionals;
    const said = (await body?.(context, given)) ?? {};
    const checker = createLabelChecker();
    await checkUpload(checker, parseCommandBody(kind, said)).finally(() => checker.close());
    return askOrder(context, {
      ref: orderNamed(given),
      n: shipment === undefined ? null : wholeNumber(shipment, 'The number of a shipment'),
      kind,
      body: said,
      commandId: given.flags['command-id'],
    });
  },
}));

async function changeBody(context: CliContext, given: Given): Promise<Record<string, unknown>> {
  const { flags, lists } = given;
  const point = flags['pickup-point'];
  const weights = flags['parcel-weights']?.split(',').map((text) => wholeNumber(text.trim(), 'A weight in grams'));
  if (lists['addon'] && flags['service'] === undefined) throw usageError('--addon goes with --service.');
  return {
    ...(point === undefined ? {} : { pickupPointId: point === 'none' ? null : point }),
    ...(flags['service'] === undefined
      ? {}
      : { service: { service: flags['service'], addons: [...(lists['addon'] ?? [])] } }),
    ...(flags['warehouse'] === undefined ? {} : { warehouse: flags['warehouse'] }),
    ...(weights === undefined ? {} : { parcels: weights.map((weightGrams) => ({ weightGrams })) }),
    ...(flags['address'] === undefined ? {} : { address: await addressFrom(context, flags['address']) }),
    ...destroyed.said(given),
  };
}

/** Without quoting what was read: it is somebody's address. */
async function addressFrom(context: CliContext, from: string): Promise<unknown> {
  if (/^\s*\{/.test(from)) {
    throw usageError('--address takes a file, or - for standard input: on the command line others could read it.');
  }
  const text = from === '-' ? await context.readStandardInput() : (await readOr(context, from)).toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw usageError('The address is not JSON.');
  }
}

async function resolveBody(context: CliContext, { flags, lists }: Given): Promise<Record<string, unknown>> {
  const label = flags['label'] === undefined ? undefined : await readOr(context, flags['label']);
  return {
    ...(lists['tracking-number'] === undefined ? {} : { trackingNumbers: [...lists['tracking-number']] }),
    ...(label === undefined ? {} : { labelPdfBase64: label.toString('base64') }),
    ...(flags['note'] === undefined ? {} : { note: flags['note'] }),
  };
}

async function readOr(context: CliContext, path: string): Promise<Buffer> {
  try {
    return await context.readFile(path);
  } catch (cause) {
    throw usageError(`${path} can't be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}.`);
  }
}
