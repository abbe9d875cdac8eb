import type { CommandRef, OrderRef, OrderState } from '../workflows/contract.ts';
import { applyCommand, cancelForEngine, type AppliedCommand } from '../src/commands/apply.ts';
import type { StepDeps } from './deps.ts';

export type CommandActivities = ReturnType<typeof createCommandActivities>;

export function createCommandActivities({ pool, stores, now }: Pick<StepDeps, 'pool' | 'stores' | 'now'>) {
  return {
    /**
     * Carries a command out in one transaction, and once: a second time it gives the outcome of the first.
     *
     * @returns the outcome; a refusal says why in a sentence. `state` is null where there is no such order
     */
    async applyCommand(ref: OrderRef, command: CommandRef): Promise<AppliedCommand> {
      return applyCommand(pool, ref, command, now());
    },

    /** The engine's own "cancel": the command *cancel* for the whole order. Never refused as a whole. */
    async cancelForEngine(ref: OrderRef): Promise<OrderState> {
      const { id } = await stores.get(ref.storeHash);
      return cancelForEngine(pool, id, ref, now());
    },
  };
}
