import { MockActivityEnvironment } from '@temporalio/testing';
import type { AppliedCommand } from '../../src/commands/apply.ts';
import type { Pool } from '../../src/db/pool.ts';
import { closeCommand, leaseCommands } from '../../src/inbox/commands.sql.ts';
import { eventually } from '../support/wait.ts';
import type { OrderDesk } from '../db/order-desk.ts';

/** Carries out the commands of these orders as a relay and a worker would; gives back how to stop. */
export function aWorkerFor(pool: Pool, ...desks: OrderDesk[]): () => Promise<void> {
  let running = true;
  const work = async () => {
    for (const { id, kind, n, storeHash, orderId } of await leaseCommands(pool, { limit: 10, leaseMs: 10_000 })) {
      const desk = desks.find(({ ref }) => ref.storeHash === storeHash && ref.orderId === orderId);
      if (!desk) continue;
      const step = (): Promise<AppliedCommand> => desk.steps.applyCommand(desk.ref, { commandId: id, kind, n });
      const { outcome }: AppliedCommand = await new MockActivityEnvironment().run(step);
      await closeCommand(pool, id, outcome);
    }
    return !running;
  };
  const ended = eventually(work, { within: 60_000, every: 10 });
  return async () => {
    running = false;
    await ended;
  };
}
