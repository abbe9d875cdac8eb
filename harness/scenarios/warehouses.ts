import { observingStorefront, secondWarehouse } from '../demo-stores.ts';
import type { Person } from '../people.ts';
import { delivered, waitsForAPerson, type Scenario } from '../scenario.ts';
import type { OrderToPlace } from '../shop.ts';
import { home, toHome } from './orders.ts';
import { addressOf, helsinki, toTheDoor } from './places.ts';

const { field, contract } = secondWarehouse;
const shop = 'two warehouses';

const formFields = (warehouse: string) => [{ name: field, value: warehouse }];
const from =
  (warehouse: string) =>
  (person: Person): OrderToPlace => ({
    ...toHome(person),
    shippingAddresses: [{ ...addressOf(person, helsinki, toTheDoor), formFields: formFields(warehouse) }],
  });

/** What leaves from one place or the other, by the contract of that place; and a storefront that is not live yet. */
export const fromTwoWarehouses: readonly Scenario[] = [
  {
    name: 'from the second warehouse',
    shop,
    order: from('Turku'),
    end: delivered({ ...home, contract }),
  },
  {
    name: 'warehouse mistyped',
    shop,
    order: from('Turkuu'),
    later: [
      {
        what: 'gets the right warehouse',
        when: waitsForAPerson('warehouse_unknown'),
        act: ({ shop }) => shop.change({ shippingAddress: { formFields: formFields('turku') } }),
      },
    ],
    end: delivered({ ...home, contract }),
  },
  {
    name: 'storefront that observes',
    shop,
    order: (person) => ({ ...toHome(person), channelId: observingStorefront }),
    end: { phase: 'waiting', shipments: [{ phase: 'planned', service: 'PO2104', parcels: 1 }] },
  },
];
