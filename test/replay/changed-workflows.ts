import { proxyActivities } from '@temporalio/workflow';
import type { ShipmentRef } from '../../src/domain/order-ref.ts';

const { bookShipment } = proxyActivities<{ bookShipment(ref: ShipmentRef): Promise<unknown> }>({
  startToCloseTimeout: 1_000,
});

/** An order that books before it looks: the change that the replay gate has to catch. */
export async function order(input: { storeHash: string; orderId: number }): Promise<void> {
  await bookShipment({ ...input, n: 1 });
}
