/** The least that an order's workflow has to be for the relay: it looks while there are hints, and carries out commands. */
import { allHandlersFinished, condition, proxyActivities, setHandler } from '@temporalio/workflow';
import { command, getState, hint, type CommandRef, type OrderInput } from '../../workflows/contract.ts';
import type { CommandOutcome } from '../../src/domain/commands.ts';

export interface OrderSteps {
  look(orderId: number): Promise<void>;
  carryOut(commandId: string): Promise<CommandOutcome>;
}

const { look, carryOut } = proxyActivities<OrderSteps>({ startToCloseTimeout: '20 seconds' });

export async function order({ orderId, timings }: OrderInput): Promise<void> {
  let hints = 0;
  let seen: number;
  let commands = 0;
  setHandler(hint, () => void (hints += 1));
  setHandler(getState, () => null);
  setHandler(
    command,
    async ({ commandId }: CommandRef) => {
      commands += 1;
      return carryOut(commandId);
    },
    {
      validator: ({ kind }) => {
        if (kind === 'unhold') throw new Error('The order is not on hold.');
      },
    },
  );
  do {
    await condition(() => false, timings.gatherHints);
    const answered = { hints, commands };
    await look(orderId);
    seen = answered.hints;
    await condition(allHandlersFinished);
  } while (seen !== hints);
}
