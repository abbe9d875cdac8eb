import { cancellationSignal } from '@temporalio/activity';
import type { CommandRef } from '../workflows/contract.ts';
import type { OrderState } from '../src/domain/order-state.ts';
import type { OrderRef } from '../src/domain/order-ref.ts';
import { applyCommand, cancelForEngine, type AppliedCommand } from '../src/commands/apply.ts';
import type { ChangeFacts } from '../src/commands/change.ts';
import { pickupPointAskedFor } from '../src/commands/commands.sql.ts';
import type { StepDeps } from './deps.ts';
import { createPostiDoor } from './posti-door.ts';

export type CommandActivities = ReturnType<typeof createCommandActivities>;

export function createCommandActivities(
  deps: Pick<StepDeps, 'pool' | 'stores' | 'now' | 'carriers' | 'health' | 'log'>,
) {
  const { pool, stores, now } = deps;
  return {
    /**
     * Carries a command out in one transaction, and once: a second time it gives the outcome of the first.
     *
     * @returns the outcome; a refusal says why in a sentence. `state` is null where there is no such order
     */
    async applyCommand(ref: OrderRef, command: CommandRef): Promise<AppliedCommand> {
      if (command.kind !== 'change') return applyCommand(pool, ref, command, now());
      const { settings } = await stores.settings(ref.storeHash);
      const pickupPoint = await aboutPickupPoint(ref, command);
      return applyCommand(pool, ref, command, now(), { settings, pickupPoint });
    },

    /** The engine's own "cancel": the command *cancel* for the whole order. Never refused as a whole. */
    async cancelForEngine(ref: OrderRef): Promise<OrderState> {
      const { id } = await stores.get(ref.storeHash);
      return cancelForEngine(pool, id, ref, now());
    },
  };
  /** What Posti says of the pickup point that a change asks for. Nobody's command waits for Posti's word. */
  async function aboutPickupPoint(ref: OrderRef, { commandId }: CommandRef): Promise<ChangeFacts['pickupPoint']> {
    const wanted = await pickupPointAskedFor(pool, ref, commandId);
    if (!wanted) return null;
    const call = { about: ref, signal: cancellationSignal() };
    const found = await createPostiDoor(deps).ask(ref.storeHash, 'pickup points', async (carrier) => ({
      point: await carrier.pickupPoint(wanted.country, wanted.id, call),
    }));
    if (typeof found === 'string') return null;
    return { id: wanted.id, is: found.point ? (found.point.locker ? 'locker' : 'other') : 'unknown' };
  }
}
