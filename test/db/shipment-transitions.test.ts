import { expect, test } from 'vitest';
import type { ShipmentPhase } from '../../src/domain/order-state.ts';
import { inTransaction, type Db } from '../../src/db/pool.ts';
import { lockShipment } from '../../src/shipments/shipments.sql.ts';
import {
  askToCancel,
  endAsCancelled,
  endAsWithdrawn,
  planAfterLostLabel,
  planAfterReplacement,
  saveDeliveryStatus,
} from '../../src/shipments/transitions.sql.ts';
import { nextPhases } from '../../src/shipments/transitions.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, type OrderDesk } from './order-desk.ts';

// A step comes late, and after others have been there: its statement leaves a shipment alone that may not go there.

const { pool } = await testDatabase();

type Statement = (tx: Db, s: { id: number; orderPk: number }) => Promise<void>;
/** Those that choose by themselves; `markBooked` goes by the attempt that became live in the same transaction. */
const statements: Readonly<Record<string, Statement>> = {
  'planning after a replacement': (tx, { id }) => planAfterReplacement(tx, id),
  'planning after a lost label': (tx, { id }) => planAfterLostLabel(tx, id),
  'ending as cancelled': (tx, { orderPk }) => endAsCancelled(tx, orderPk, 1),
  'ending as withdrawn': (tx, { id }) => endAsWithdrawn(tx, id, true),
  'asking to cancel': (tx, { orderPk }) => askToCancel(tx, orderPk, 1),
  'saving a delivery': (tx, { id }) => saveDeliveryStatus(tx, id, 'delivered', new Date(), 'delivered'),
  'saving a return': (tx, { id }) => saveDeliveryStatus(tx, id, 'returned', new Date(), 'returned'),
};

const isLegal = (from: ShipmentPhase, to: ShipmentPhase): boolean => from === to || nextPhases[from].includes(to);

async function shipmentIn(desk: OrderDesk, phase: ShipmentPhase) {
  const locked = await inTransaction(pool, (tx) => lockShipment(tx, desk.shipment(1)));
  await pool.query(`update lahetti.shipments set phase = $2 where id = $1`, [locked.id, phase]);
  return locked;
}

test.each(Object.entries(statements))('%s takes a shipment only where it may go from where it is', async (_, run) => {
  for (const phase of Object.keys(nextPhases) as ShipmentPhase[]) {
    const desk = await anOrderDesk(pool);
    await desk.look();
    const s = await shipmentIn(desk, phase);
    await inTransaction(pool, (tx) => run(tx, s));
    const after = await inTransaction(pool, (tx) => lockShipment(tx, desk.shipment(1)));
    expect([phase, after.phase]).toSatisfy(([from, to]: ShipmentPhase[]) => isLegal(from!, to!));
    if (nextPhases[phase].length === 0) expect(after).toEqual({ ...s, phase });
  }
});
