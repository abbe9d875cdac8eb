import { beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { viewOrder } from '../../src/orders/view.ts';
import { withCommands } from '../../src/domain/offered-commands.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, created } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

test('while an attempt is out only what it allows is offered, though the workflow has not heard of it', async () => {
  const desk = await anOrderDesk(pool);
  const asTheWorkflowKnowsIt = withCommands(await desk.look());
  const engine = {
    liveState: () => Promise.resolve({ kind: 'running' as const, state: asTheWorkflowKnowsIt, activities: [] }),
  };
  expect((await viewOrder(pool, engine, desk.ref)).state?.shipments).toMatchObject([
    { commands: ['cancel', 'change', 'retry'] },
  ]);

  desk.carrier.answers.push(async (booking) => {
    expect((await viewOrder(pool, engine, desk.ref)).state?.shipments).toMatchObject([
      { attemptOut: true, attempts: 1, commands: ['cancel'] },
    ]);
    expect((await desk.command('change', { n: 1, body: { parcels: [{ weightGrams: 900 }] } })).outcome.outcome).toBe(
      'refused',
    );
    return created(booking);
  });
  expect((await desk.book()).shipments).toMatchObject([{ phase: 'booked' }]);
});
