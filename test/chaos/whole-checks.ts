import { inParallel } from '../../harness/in-parallel.ts';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import type { Topology } from '../../harness/topology.ts';
import { readBacklog } from '../../src/inbox/inbox.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';

/** What has to hold of the system as a whole once everything is settled, whatever its orders' scenarios say. In sentences. */
export async function complaintsAboutTheWhole(topology: Topology, orders: readonly PlacedOrder[]): Promise<string[]> {
  return (
    await Promise.all([
      inboxIsEmpty(topology),
      noWorkflowFailed(topology),
      noAttemptIsOut(topology),
      noBookingIsUnlisted(topology),
      everySystemIsOpen(topology),
      bothSayTheSame(topology, orders),
    ])
  ).flat();
}

async function inboxIsEmpty({ parts }: Topology): Promise<string[]> {
  const { hints, commands } = await readBacklog(parts.pool);
  return hints + commands > 0 ? [`${hints} hints and ${commands} commands wait in the inbox.`] : [];
}

/** A run that failed or timed out needs somebody who mends it; needing attention is the way that has a way out. */
async function noWorkflowFailed({ parts }: Topology): Promise<string[]> {
  const { executions } = await parts.temporal.connection.workflowService.listWorkflowExecutions({
    namespace: parts.temporal.namespace,
    query: `ExecutionStatus = 'Failed' or ExecutionStatus = 'TimedOut'`,
    pageSize: 20,
  });
  return executions.map(({ execution }) => `The workflow ${execution?.workflowId ?? '?'} failed.`);
}

async function noAttemptIsOut({ parts }: Topology): Promise<string[]> {
  const { rows } = await parts.pool.query<{ reference: string }>(
    `select reference from lahetti.booking_attempts where state = 'sent'`,
  );
  return rows.map(({ reference }) => `The attempt ${reference} is still out.`);
}

/** Of any order: also of one that nobody remembers. */
async function noBookingIsUnlisted({ parts, posti }: Topology): Promise<string[]> {
  const { rows } = await parts.pool.query<{ reference: string }>(`select reference from lahetti.booking_attempts`);
  const listed = new Set(rows.map(({ reference }) => reference));
  return (await posti.bookings())
    .filter(({ reference }) => !listed.has(reference ?? ''))
    .map(({ reference }) => `Posti has a booking ${reference ?? 'without a reference'} that we do not list.`);
}

async function everySystemIsOpen({ parts }: Topology): Promise<string[]> {
  const { rows } = await parts.pool.query<{ system: string; account: string; state: string; reason: string | null }>(
    `select system, account, state, reason from lahetti.system_health where state <> 'open'`,
  );
  return rows.map(({ system, account, state, reason }) => `${system} ${account} is ${state}: ${reason ?? ''}`);
}

/** The stored projection is what the workflow itself answers, where one still runs. */
async function bothSayTheSame({ parts }: Topology, orders: readonly PlacedOrder[]): Promise<string[]> {
  const running = await parts.engine.runningOrders();
  const complaints: string[] = [];
  const open = orders.filter((order) => running.has(orderWorkflowId(order)));
  await inParallel(open, 8, async (order) => {
    const live = await parts.engine.liveState(order);
    if (live.kind !== 'running' || live.state === null) return;
    const stored = await loadOrderState(parts.pool, order);
    if (live.state.phase !== stored?.phase || inShort(live.state.shipments) !== inShort(stored.shipments)) {
      complaints.push(`The workflow of ${order.storeHash}/${order.orderId} and the database say different things.`);
    }
  });
  return complaints;
}

const inShort = (shipments: readonly { readonly n: number; readonly phase: string; readonly told: string }[]): string =>
  shipments.map(({ n, phase, told }) => `${n} ${phase} ${told}`).join();
