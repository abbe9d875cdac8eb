import { describe, expect, test } from 'vitest';
import { plan } from '../../../src/planning/plan.ts';
import { doubtsAboutSettings } from '../../../src/planning/settings-doubts.ts';
import { settingsSchema } from '../../../src/settings/settings.ts';
import { parseSettings } from '../../../src/stores/connected-stores.ts';
import { settingsFor, takenSince } from '../../../src/settings/storefronts.ts';
import { anOrder, liveSettings, orderDate } from '../../support/order-builder.ts';

const sender = { name: 'Kauppa Kuusi', address1: 'Varastokatu 2', postcode: '00200', city: 'Helsinki' };
const turku = { code: 'turku', sender, contractNumber: '600002' };

describe('settings of the old form, with one warehouse', () => {
  const warehouse = { sender, contractNumber: '600001' };

  test('settings of the old form have their warehouse as the first of several', () => {
    const { warehouses } = settingsSchema.parse({ mode: 'live', warehouse });
    expect(warehouses).toMatchObject([{ code: 'main', contractNumber: '600001', labelSize: null, sender }]);
  });

  test('settings of the old form without a warehouse have none', () => {
    expect(settingsSchema.parse({ warehouse: null }).warehouses).toEqual([]);
  });

  test('settings of the old form change the first warehouse where there are several, which keeps its code', () => {
    const several = [
      { ...turku, labelSize: 'A5' },
      { ...turku, code: 'oulu' },
    ];
    const { warehouses } = settingsSchema.parse({ warehouses: several, warehouse });
    expect(warehouses).toMatchObject([{ code: 'turku', contractNumber: '600001', labelSize: 'A5' }, { code: 'oulu' }]);
  });

  test('settings of the old form that are wrong say where', () => {
    expect(() => parseSettings('kauppa1', { warehouse: { ...warehouse, contractNumber: '12' } })).toThrow(
      /warehouses\.0\.contractNumber \(warehouse "main"\): .*six digits/,
    );
    expect(() => parseSettings('kauppa1', { warehouse: 'Helsinki' })).toThrow(/warehouses\.0: /);
  });
});

describe('settings that cannot be', () => {
  test.each([
    [
      'two warehouses of one code',
      { warehouses: [turku, { ...turku, code: 'TURKU ' }] },
      /warehouses\.1\.code .*TURKU/,
    ],
    [
      'a contract of five digits',
      { warehouses: [turku, { ...turku, code: 'b', contractNumber: '61234' }] },
      /warehouses\.1\.contractNumber \(warehouse "b"\)/,
    ],
    [
      'a storefront of a warehouse that is not there',
      { warehouses: [turku], storefronts: { 2: { warehouse: 'oulu' } } },
      /storefronts\.2\.warehouse: there is no warehouse "oulu"; known: turku/,
    ],
    ['a storefront that is no channel id', { storefronts: { main: {} } }, /storefronts\.main/],
    ['a storefront with a mode that is none', { storefronts: { 2: { mode: 'sometimes' } } }, /storefronts\.2\.mode/],
  ])('settings that cannot work are refused by their path: %s', (_name, given, words) => {
    expect(() => parseSettings('kauppa1', given)).toThrow(words);
  });
});

test('settings that will need a person for every order give a warning', () => {
  expect(doubtsAboutSettings(liveSettings())).toEqual([]);
  const doubtful = settingsSchema.parse({
    ...{ storefronts: { 2: { mode: 'live', services: { Kotiin: { service: 'PO9' } } } } },
    defaultService: { service: 'PO21O3' },
  });
  expect(doubtsAboutSettings(doubtful).map((words) => words.split(':')[0])).toEqual([
    'warehouses',
    'defaultService',
    'storefronts.2.services.Kotiin',
  ]);
});

describe('a storefront', () => {
  const memory = {
    triggered: false,
    bookedByHand: false,
    onHold: false,
    keptBack: false,
    told: false,
    chosenStatusId: null,
  };
  const planned = (settings: Record<string, unknown>, channelId: number, statusId = 11) =>
    plan(anOrder().is({ channelId, statusId }).order, memory, [], liveSettings(settings), orderDate);
  const blocked = (settings: Record<string, unknown>, channelId: number) =>
    planned(settings, channelId).decisions.map((it) => (it.do === 'create' ? it.blocked : it.do));

  test('a storefront observes while its store is live: its orders are planned and not booked', () => {
    const settings = { storefronts: { 2: { mode: 'observe' } } };
    expect(blocked(settings, 2)).toEqual(['store_in_observe_mode']);
    expect(blocked(settings, 1)).toEqual([null]);
  });

  test('a storefront is live while its store observes', () => {
    const settings = { mode: 'observe', storefronts: { 2: { mode: 'live' } } };
    expect(blocked(settings, 2)).toEqual([null]);
    expect(blocked(settings, 1)).toEqual(['store_in_observe_mode']);
  });

  test('a storefront has statuses, a cut-off date and services of its own', () => {
    const storefronts = {
      2: { statuses: [8] },
      3: { cutOffDate: '2026-06-01T00:00:00Z' },
      4: { defaultService: { service: 'PO2461' } },
    };
    expect(planned({ storefronts }, 2).unshipped).toEqual({ status_not_chosen: 1 });
    expect(planned({ storefronts }, 2, 8).decisions).toMatchObject([{ do: 'create' }]);
    expect(planned({ storefronts }, 3).unshipped).toEqual({ before_the_cut_off_date: 1 });
    expect(planned({ storefronts }, 4).decisions).toMatchObject([
      { draft: { plan: { booking: { service: 'PO2461' } } } },
    ]);
  });

  test('a storefront without settings follows its store; asking twice changes nothing', () => {
    const settings = liveSettings({ storefronts: { 2: { mode: 'observe', lookBackDays: 3 } } });
    expect(settingsFor(settings, 1)).toBe(settings);
    const once = settingsFor(settings, 2);
    expect(once).toMatchObject({ mode: 'observe', lookBackDays: 3, statuses: [11, 9] });
    expect(settingsFor(once, 2)).toEqual(once);
  });

  test('a storefront that looks back furthest decides how far the first sweep reads', () => {
    const settings = liveSettings({
      lookBackDays: 5,
      storefronts: { 2: { lookBackDays: 30 }, 3: { lookBackDays: 1 } },
    });
    expect(takenSince(settings, new Date('2026-03-31T00:00:00Z'))).toEqual(new Date('2026-03-01T00:00:00Z'));
    const late = liveSettings({ cutOffDate: '2026-03-30T00:00:00Z' });
    expect(takenSince(late, new Date('2026-03-31T00:00:00Z'))).toEqual(new Date('2026-03-30T00:00:00Z'));
  });
});
