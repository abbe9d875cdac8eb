import type { PlacedOrder } from '../../harness/placed-orders.ts';
import { bookingsOfOrder, type PostiBooking } from '../../harness/posti.ts';
import type { System } from './system.ts';

/** What the stand-ins really did, in numbers. */

/** How often each shipment was booked, and recorded in the shop, by the stand-ins' books. */
export async function countsOf(system: System, orders: readonly PlacedOrder[]) {
  const books = await system.posti.bookings();
  return Promise.all(
    orders.map(async ({ storeHash, orderId, scenario }) => {
      const storeNumber = system.stores.find((store) => store.storeHash === storeHash)!.id;
      const booked = bookingsOfOrder(books, storeNumber, orderId);
      return {
        order: `${storeHash}/${orderId} (${scenario.name})`,
        booked: [...booked.values()].map((bookings) => bookings.length),
        recorded: (await system.shop.orderBooks(storeHash, orderId)).shipments.length,
      };
    }),
  );
}

/** The same, as it should be: one each. */
export const onceEach = (orders: readonly PlacedOrder[]) =>
  orders.map(({ storeHash, orderId, scenario }) => ({
    order: `${storeHash}/${orderId} (${scenario.name})`,
    booked: scenario.end.shipments.map(() => 1),
    recorded: scenario.end.shipments.length,
  }));

/** All that Posti booked of an order, whatever we were told. */
export async function bookingsOf(system: System, { storeHash, orderId }: PlacedOrder): Promise<PostiBooking[]> {
  const storeNumber = system.stores.find((store) => store.storeHash === storeHash)!.id;
  return [...bookingsOfOrder(await system.posti.bookings(), storeNumber, orderId).values()].flat();
}
