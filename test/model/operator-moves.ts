import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { OrderWithCommands, ShipmentWithCommands } from '../../src/domain/order-state.ts';
import type { CommandKind, CommandOutcome } from '../../src/domain/commands.ts';
import { aFoundBooking } from './found-booking.ts';
import type { OrderInPlay } from './order-in-play.ts';
import { move, type Move } from './move.ts';
import type { Story } from './story.ts';

/** What people ask of the order, whether or not it is offered to them, and what has to come of it. */

interface Asked {
  readonly kind: CommandKind;
  readonly n: number | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends a command, and says where it came to something else than what was offered. */
export async function ask(order: OrderInPlay, story: Story, asked: Asked): Promise<CommandOutcome> {
  const { kind, n, body } = asked;
  const before = story.isAtRest ? story.seen : undefined;
  await noteWord(order, story, asked);
  const outcome = await order.command(kind, n, body);
  await noteHold(order, story, kind, outcome);
  if (!before || (story.hasNewScans && (kind === 'cancel' || kind === 'change'))) return outcome;

  const said = `"${kind}" ${n === null ? 'of the order' : `of shipment ${n}`}`;
  if (isOffered(before, kind, n)) {
    if (outcome.outcome === 'refused' && !isExcused(before, story, asked, outcome))
      throw new Error(`${said} was offered, and refused: ${outcome.reason}`);
    return outcome;
  }
  if (outcome.outcome !== 'refused') throw new Error(`${said} was not offered, and was carried out.`);
  if (!outcome.reason?.endsWith('.')) throw new Error(`${said} was refused without a reason.`);
  const after = await story.settle(order);
  // What the shop says of its status is read again meanwhile: our own record made it Shipped.
  if (!isDeepStrictEqual({ ...after, shopStatus: null }, { ...before, shopStatus: null }))
    throw new Error(`${said} was refused, and changed ${JSON.stringify(before)} to ${JSON.stringify(after)}.`);
  return outcome;
}

export function isOffered(state: OrderWithCommands, kind: CommandKind, n: number | null): boolean {
  if (n === null) return state.commands.includes(kind);
  return state.shipments.find((s) => s.n === n)?.commands.includes(kind) ?? false;
}

/** What only carrying it out can tell: a label that somebody has, and a plan that could not be booked. */
function isExcused(
  { shipments }: OrderWithCommands,
  { isAddressBroken }: Story,
  { kind, n, body }: Asked,
  { reason = '' }: CommandOutcome,
): boolean {
  const meant = shipments.filter((s) => (n === null || s.n === n) && s.phase === 'booked');
  const isOut = meant.some((s) => s.labelHandedOut) && body['labelDestroyed'] !== true;
  if ((kind === 'cancel' || kind === 'change') && isOut) return /destroy/.test(reason);
  return kind === 'change' && isAddressBroken && /could not be booked so/.test(reason);
}

/** Whose label a person says to be destroyed: what counts while it is said. */
async function noteWord(order: OrderInPlay, { facts }: Story, { n, body }: Asked): Promise<void> {
  if (body['labelDestroyed'] !== true) return;
  for (const { state, reference } of await order.hand.attempts()) {
    if (state === 'live' && (n === null || reference.startsWith(`${order.mark}${n}-`)))
      facts.saidDestroyed.add(reference);
  }
}

async function noteHold(order: OrderInPlay, { facts }: Story, kind: CommandKind, { outcome }: CommandOutcome) {
  if (outcome !== 'done') return;
  if (kind === 'unhold') facts.bookedBeforeHold = null;
  if (kind === 'hold')
    facts.bookedBeforeHold = new Set((await order.hand.bookings()).map(({ reference }) => reference));
}

const number = fc.constantFrom<number | null>(null, null, 1, 1, 1, 1, 2, 2, 3);
const hurried = fc.constantFrom(false, false, false, true);

const named = ({ kind, n, body }: Asked): string => {
  const what = Object.keys(body).length === 0 ? '' : ` with ${JSON.stringify(body)}`;
  return `the operator says "${kind.replace('_', ' ')}" ${n === null ? 'of the order' : `of shipment ${n}`}${what}`;
};

const command = (kind: CommandKind, target: fc.Arbitrary<number | null>, bodies: readonly Asked['body'][] = [{}]) =>
  fc.tuple(target, fc.constantFrom(...bodies), hurried).map(([n, body, h]): Move => {
    const asked = { kind, n, body };
    return move({
      name: named(asked),
      hurried: h,
      play: async (order, story) => void (await ask(order, story, asked)),
    });
  });

export const goodAddress = { street1: 'Toinen tie 3', postcode: '00100', city: 'Helsinki', country: 'FI' };
const ofTheOrder = fc.constant(null);

/** Whatever helps, as it is said: a person who reads what is offered does one of those. */
const offered: fc.Arbitrary<Move> = fc.tuple(fc.nat(), fc.boolean()).map(([which, destroyed]) =>
  move({
    name: `the operator does what is said to help (${which})${destroyed ? ', labels destroyed' : ''}`,
    fits: ({ isAtRest, shipments }) => isAtRest && shipments.some(helps),
    async play(order, story) {
      const all = story.shipments.filter(helps).flatMap((s) => s.attention!.commands.map((kind) => ({ kind, n: s.n })));
      const { kind, n } = all[which % all.length]!;
      await ask(order, story, { kind, n, body: bodyFor(kind, destroyed) });
    },
  }),
);

const helps = (s: ShipmentWithCommands): boolean => (s.attention?.commands.length ?? 0) > 0;

export function bodyFor(kind: CommandKind, labelDestroyed: boolean): Asked['body'] {
  if (kind === 'change') return { address: goodAddress, pickupPointId: null, labelDestroyed };
  return kind === 'cancel' ? { labelDestroyed } : {};
}

const resolveAsFound: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'the operator finds an unknown booking at Posti, and resolves with it',
    fits: ({ isAtRest, shipments }) =>
      isAtRest && shipments.some(({ attention }) => attention?.code === 'booking_outcome_unknown'),
    async play(order, story) {
      const s = story.shipments.find(({ attention }) => attention?.code === 'booking_outcome_unknown');
      const found = s && (await aFoundBooking(order, s.n));
      if (found) await ask(order, story, { kind: 'resolve', n: s.n, body: found });
    },
  }),
);

/** Two people, or one who clicks twice: each gets an answer, and what both come to is judged like anything else. */
const atOnce = fc
  .tuple(
    ...[0, 1].map(() =>
      fc.constantFrom<Asked>(
        { kind: 'cancel', n: null, body: {} },
        { kind: 'cancel', n: 1, body: { labelDestroyed: true } },
        { kind: 'change', n: 1, body: { parcels: [{ weightGrams: 900 }] } },
        { kind: 'retry', n: 1, body: {} },
        { kind: 'resolve', n: 1, body: {} },
        { kind: 'mark_printed', n: 1, body: {} },
      ),
    ),
  )
  .map((both): Move =>
    move({
      name: both.map(named).join(', and at the same moment '),
      async play(order, story) {
        for (const asked of both) await noteWord(order, story, asked);
        const outcomes = await Promise.all(both.map(({ kind, n, body }) => order.command(kind, n, body)));
        for (const { outcome, reason } of outcomes)
          if (outcome === 'refused' && !reason?.endsWith('.'))
            throw new Error('One of two at once was refused without a reason.');
      },
    }),
  );

const cancelInEngine: fc.Arbitrary<Move> = hurried.map((h) =>
  move({
    name: 'the workflow is cancelled in the Temporal UI',
    hurried: h,
    play: async (order) => void (await order.cancelInEngine()),
  }),
);

const terminate: fc.Arbitrary<Move> = hurried.map((h) =>
  move({ name: 'the workflow is terminated, and started again', hurried: h, play: (order) => order.terminate() }),
);

export const operatorMoves = {
  cancel: [command('cancel', number, [{}, { labelDestroyed: true }])],
  change: [
    command('change', number, [
      { parcels: [{ weightGrams: 900 }] },
      { address: goodAddress },
      { address: goodAddress, pickupPointId: null, labelDestroyed: true },
    ]),
  ],
  printed: [command('mark_printed', number)],
  hold: [command('hold', ofTheOrder), command('unhold', ofTheOrder)],
  others: [
    command('retry', number),
    command('resolve', number),
    command('book', number),
    command('reprocess', ofTheOrder),
  ],
  helps: [offered, resolveAsFound],
  atOnce: [atOnce],
  engine: [cancelInEngine, terminate],
} as const;
