import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import { findCommand, insertCommand } from '../../src/inbox/commands.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import type { CommandKind } from '../../src/domain/commands.ts';
import { eventually } from '../support/wait.ts';
import { countsOf, onceEach } from './books.ts';
import { letParcelsMove, placeInAllStages, startLosableSystem, type LosableSystem } from './engine-loss.ts';

let system: LosableSystem;
beforeAll(async () => {
  system = await startLosableSystem({ sweepEverySeconds: 3, watchmanEverySeconds: 2 });
  return system.end;
});

/** One whose label is kept, and whose parcel is not under way yet. */
async function labelled(orders: readonly PlacedOrder[]): Promise<PlacedOrder> {
  for (const order of orders) {
    const [shipment] = (await loadOrderState(system.parts.pool, order))?.shipments ?? [];
    // Posti may or may not have been asked for it yet.
    const isNotScanned = shipment?.deliveryStatus === 'unknown' || shipment?.deliveryStatus === 'registered';
    if (shipment?.phase === 'booked' && shipment.labelKept && isNotScanned) return order;
  }
  throw new Error('No shipment is labelled and not handed over.');
}

/** As the API takes one: a row first, whatever the engine is doing. Gives its id. */
async function command({ storeHash, orderId }: PlacedOrder, kind: CommandKind): Promise<string> {
  const id = randomUUID();
  const storeId = system.stores.find((store) => store.storeHash === storeHash)!.id;
  await insertCommand(system.parts.pool, { id, storeId, orderId, n: 1, kind, body: {}, who: 'test', source: 'api' });
  return id;
}

test("the engine's database is lost: the watchman alone brings every order to its end, booked and recorded once", async () => {
  const placed = await placeInAllStages(system);
  // Some are being booked at this moment, and some come while nobody is there to carry them.
  for (const name of ['home delivery', 'pickup point', 'two parcels']) placed.push(await system.place(name));
  await system.engine.lose();
  for (const name of ['home delivery', 'to Åland', 'digital only']) placed.push(await system.place(name));
  const printed = await labelled(placed);
  const commandId = await command(printed, 'mark_printed');

  await system.engine.startEmpty();
  await letParcelsMove(system);
  await system.ended(placed, 90_000);
  expect(await countsOf(system, placed)).toEqual(onceEach(placed));

  // What was asked for while nobody was there is done, once.
  await eventually(async () => (await findCommand(system.parts.pool, commandId))?.outcome === 'done', {
    within: 30_000,
  });
  const timeline = await system.api.timeline(printed.storeHash, printed.orderId);
  expect(timeline.filter(({ what }) => what === 'printed')).toHaveLength(1);
}, 180_000);
