import type { OrderWithCommands } from '../../src/domain/order-state.ts';
import type { CommandKind } from '../../src/domain/commands.ts';
import { ask, bodyFor } from './operator-moves.ts';
import type { OrderInPlay } from './order-in-play.ts';
import type { Story } from './story.ts';

/** More than any order needs; one that is not over by then goes round in circles. */
const mostSteps = 40;

/**
 * Trouble is over, and an operator does what is offered – which of it, the choices say – while Posti delivers what is
 * booked: so every order comes to its end.
 *
 * @throws where it does not, or where something that is offered is not accepted
 */
export async function leadOut(order: OrderInPlay, story: Story, choices: readonly number[]): Promise<void> {
  await order.endTrouble();
  await order.hint();
  for (let step = 0; step < mostSteps; step++) {
    const state = await story.settle(order);
    if (!state || ['done', 'cancelled', 'ignored'].includes(state.phase)) return;
    const choice = choices[step % choices.length] ?? 0;
    const command = nextCommand(state, choice);
    if (command) await ask(order, story, { ...command, body: bodyFor(command.kind, true) });
    else await deliver(order, story, state);
  }
  throw new Error(`There is no way out of ${JSON.stringify(story.seen)}.`);
}

/** What is offered to somebody who wants to see the end of it; undefined where only the carrier has to do something. */
function nextCommand(state: OrderWithCommands, choice: number): { kind: CommandKind; n: number | null } | undefined {
  const helping = state.shipments
    .filter((s) => s.attention !== null)
    .flatMap((s) => s.attention!.commands.map((kind) => ({ kind, n: s.n })));
  if (helping.length > 0) return helping[choice % helping.length];
  const leading = (['unhold', 'book', 'cancel'] as const).filter((kind) => state.commands.includes(kind));
  const kind = state.commands.includes('unhold') ? 'unhold' : leading[choice % leading.length];
  return state.phase === 'waiting' && kind ? { kind, n: null } : undefined;
}

async function deliver(order: OrderInPlay, story: Story, { shipments }: OrderWithCommands): Promise<void> {
  for (const s of shipments)
    if (s.phase === 'booked') for (const number of s.trackingNumbers) await order.scan(number, 'LUO');
  story.stir();
  await order.askPosti();
}
