import type { ShipmentState } from '../domain/order-state.ts';
import type { CommandOutcome } from '../domain/commands.ts';
import { whyNotShipment } from '../domain/offered-commands.ts';
import { accountsOfStore } from '../health/accounts.sql.ts';
import { retryOrderNow } from '../health/retry-now.sql.ts';
import { setProblems } from '../shipments/problems.sql.ts';
import { tellAgain } from '../shipments/transitions.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { done, refused, together, type CommandWork } from './outcome.ts';
import { type ShipmentToCommand } from './shipments.sql.ts';
import { whyItWaits } from './why-it-waits.ts';

/**
 * Asks again, as it is: Posti for a booking, or the shop for a record that it refused to take or to give back. A step that
 * waits for its next try is tried at once, unless its account says that it has to wait: then the outcome says for what.
 */
export async function retry(work: CommandWork): Promise<CommandOutcome> {
  const meant = work.shipments.filter(
    (s) => (work.n === null || s.n === work.n) && whyNotShipment('retry', s) === null,
  );
  const outcomes: CommandOutcome[] = [];
  for (const s of meant) outcomes.push(await (isStopped(s) ? askAgain(work, s) : tryNow(work, s)));
  return together(outcomes);
}

/** Nothing goes on before a person says so. */
const isStopped = (s: ShipmentToCommand): boolean => s.attention !== null || s.told === 'refused';

async function askAgain({ tx, order, who, now }: CommandWork, s: ShipmentToCommand): Promise<CommandOutcome> {
  if (s.phase === 'booked' && !s.cancelling) await tellAgain(tx, s.id);
  await setProblems(tx, order.id, s.n, [], now);
  await addToTimeline(tx, order.id, { n: s.n, what: 'retried', words: wordsOf(s), who });
  return done;
}

async function tryNow(work: CommandWork, s: ShipmentToCommand): Promise<CommandOutcome> {
  const { tx, order, storeId, orderId, who } = work;
  const system = s.phase === 'booked' && s.labelKept ? 'bigcommerce' : 'posti';
  const why = whyItWaits(s.n, system, await accountsOfStore(tx, storeId));
  if (why !== null) return refused(why);
  await retryOrderNow(tx, storeId, orderId);
  await addToTimeline(tx, order.id, { n: s.n, what: 'retried', words: 'Its next try is to be made at once.', who });
  return done;
}

function wordsOf({ cancelling, phase }: Pick<ShipmentState, 'cancelling' | 'phase'>): string {
  if (cancelling) return 'The shop is to be asked again to take its record back.';
  return phase === 'planned' ? 'To be booked again as it is.' : 'The shop is to be told again.';
}
