import { cancellationSignal } from '@temporalio/activity';
import type { CommandRef, OrderRef, OrderState } from '../workflows/contract.ts';
import { applyCommand, cancelForEngine, type AppliedCommand } from '../src/commands/apply.ts';
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
      const unknownPickupPoint = await pickupPointNobodyHas(ref, command);
      return applyCommand(pool, ref, command, now(), { settings, unknownPickupPoint });
    },

    /** The engine's own "cancel": the command *cancel* for the whole order. Never refused as a whole. */
    async cancelForEngine(ref: OrderRef): Promise<OrderState> {
      const { id } = await stores.get(ref.storeHash);
      return cancelForEngine(pool, id, ref, now());
    },
  };
  /** The pickup point that a change asks for, if Posti says that it has none such. Nobody's command waits for Posti's word. */
  async function pickupPointNobodyHas(ref: OrderRef, { commandId }: CommandRef): Promise<string | null> {
    const wanted = await pickupPointAskedFor(pool, ref, commandId);
    if (!wanted) return null;
    const call = { about: ref, signal: cancellationSignal() };
    const found = await createPostiDoor(deps).ask(ref.storeHash, 'pickup points', async (carrier) => ({
      point: await carrier.pickupPoint(wanted.country, wanted.id, call),
    }));
    return typeof found === 'string' || found.point ? null : wanted.id;
  }
}
