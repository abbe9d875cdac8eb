import type { Person } from '../people.ts';
import type { OrderToPlace } from '../shop.ts';
import { addressOf, helsinki, toTheDoor } from './places.ts';

/** Status ids of BigCommerce (bigcommerce.md 2.7). */
export const status = { incomplete: 0, shipped: 2, cancelled: 5, awaitingPayment: 7, awaitingFulfillment: 11 } as const;

const mug = { name: 'Muki', sku: 'MUKI-1', quantity: 2, weight: 400 };

/** Two mugs, paid, to somebody's door. */
export const toHome = (person: Person, place = helsinki, method = toTheDoor): OrderToPlace => ({
  billing: addressOf(person, place),
  shippingAddresses: [addressOf(person, place, method)],
  lines: [mug],
});

/** The same before it is paid: nothing is planned yet. */
export const unpaid = (person: Person): OrderToPlace => ({ ...toHome(person), statusId: status.awaitingPayment });

/** How {@link toHome} is shipped. */
export const home = { service: 'PO2104', parcels: 1 };
