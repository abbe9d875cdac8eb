import { expect, test } from 'vitest';
import { postiServices } from '../../../src/booking/catalogue.ts';
import { doubtsAboutSettings } from '../../../src/planning/settings-doubts.ts';
import { settingsSchema } from '../../../src/settings/settings.ts';
import { liveSettings } from '../../support/order-builder.ts';

const noWarehouse = 'warehouses: there is none, so that every order will need attention (warehouse_missing).';
const noService =
  'defaultService: there is none, and services names none, so that every order will need attention (service_not_chosen).';
const unknown = (path: string, service: string) =>
  `${path}: ${service} is not a Posti parcel service that we know (${postiServices.map(({ id }) => id).join(', ')}).`;

const doubts = (settings: Record<string, unknown>) => doubtsAboutSettings(settingsSchema.parse(settings));
const home = { service: 'PO2104' };

test('a live store without a warehouse and a service is told both, with what its orders will wait for', () =>
  expect(doubts({ mode: 'live' })).toEqual([noWarehouse, noService]));

test('a store that observes is not told what is missing yet, and is as soon as one of its storefronts is live', () => {
  expect(doubts({ mode: 'observe' })).toEqual([]);
  expect(doubts({ mode: 'observe', storefronts: { 2: { mode: 'observe' } } })).toEqual([]);
  expect(doubts({ mode: 'observe', storefronts: { 2: { mode: 'live' }, 3: { mode: 'observe' } } })).toEqual([
    noWarehouse,
    noService,
  ]);
});

test.each([
  ['of the store for a method', { services: { Kotiin: home } }],
  ['of a storefront', { storefronts: { 2: { defaultService: home } } }],
  ['of a storefront for a method', { storefronts: { 2: { services: { Kotiin: home } } } }],
])('one service is enough not to be told that there is none: %s', (_where, service) =>
  expect(doubts({ ...liveSettings(), defaultService: null, ...service })).toEqual([]),
);

test('each service that Posti does not have is told with its path and those that there are, also where the store observes', () =>
  expect(
    doubts({
      services: { Kotiin: { service: 'PO9' }, Noutopiste: { service: 'PO2103' } },
      defaultService: { service: 'PO21O3' },
      storefronts: {
        2: { services: { Pikana: { service: 'PO8' } } },
        3: { defaultService: { service: 'PO7' } },
        4: { defaultService: home },
      },
    }),
  ).toEqual([
    unknown('services.Kotiin', 'PO9'),
    unknown('defaultService', 'PO21O3'),
    unknown('storefronts.2.services.Pikana', 'PO8'),
    unknown('storefronts.3.defaultService', 'PO7'),
  ]));
