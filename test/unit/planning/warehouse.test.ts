import { describe, expect, test } from 'vitest';
import type { UnitsOfLine } from '../../../src/planning/shipment-plan.ts';
import { draftShipment } from '../../../src/planning/draft.ts';
import { type OrderBuilder, anOrder, liveSettings } from '../../support/order-builder.ts';

const sender = (city: string) => ({ name: 'Kauppa Kuusi', address1: 'Varastokatu 2', postcode: '00200', city });
const warehouses = [
  { code: 'Helsinki', sender: sender('Helsinki'), contractNumber: '600001' },
  { code: 'turku', sender: sender('Turku'), contractNumber: '600002', labelSize: '107x225' },
  { code: 'oulu', sender: sender('Oulu'), contractNumber: '600003' },
];
const settings = liveSettings({
  warehouses,
  warehouseChoice: { formFields: ['Warehouse', 'Varasto'], metafield: { namespace: 'erp', key: 'warehouse' } },
  storefronts: { '3': { warehouse: 'oulu' } },
});
const units: UnitsOfLine[] = [{ lineId: 1, quantity: 1 }];
const draft = ({ order }: OrderBuilder, chosen = settings, override = {}) =>
  draftShipment(order, order.addresses[0]!, units, chosen, { override });
const says = (value: string, name = 'Varasto') => anOrder().to({ formFields: { [name]: value } });

describe('the warehouse of an order', () => {
  test.each([
    ['that names none is the first', anOrder(), 'Helsinki', '600001'],
    ['is the one that its form field names', says('turku'), 'turku', '600002'],
    ['is found whatever the case and the spaces around', says(' TURKU ', 'varasto'), 'turku', '600002'],
    [
      'is the one of its metafield where no form field is filled',
      anOrder().is({ warehouseInMetafield: 'oulu' }),
      'oulu',
      '600003',
    ],
    [
      'follows the form field before the metafield',
      says('turku').is({ warehouseInMetafield: 'oulu' }),
      'turku',
      '600002',
    ],
    ["is the storefront's where it names none itself", anOrder().is({ channelId: 3 }), 'oulu', '600003'],
    ["follows its own word before the storefront's", says('turku').is({ channelId: 3 }), 'turku', '600002'],
    ['of a storefront without one is the first', anOrder().is({ channelId: 2 }), 'Helsinki', '600001'],
    ['does not depend on a field that the settings do not name', says('turku', 'Lager'), 'Helsinki', '600001'],
  ])('the warehouse of an order %s', (_name, order, code, contractNumber) => {
    const { plan, problems } = draft(order);
    expect(problems).toEqual([]);
    expect(plan).toMatchObject({ warehouse: code, booking: { contractNumber } });
  });

  test('the warehouse of an order gives the sender, the contract and the label size', () => {
    const { booking } = draft(says('turku')).plan;
    expect(booking).toMatchObject({ contractNumber: '600002', labelSize: '107x225', sender: { city: 'Turku' } });
    expect(draft(says('oulu')).plan.booking).toMatchObject({ labelSize: 'A5', sender: { city: 'Oulu' } });
  });

  test('the warehouse of an order is never guessed: an unknown one needs attention, which names the known ones', () => {
    const { plan, problems } = draft(says('Tampere'));
    expect(plan).toMatchObject({ warehouse: null, booking: null });
    expect(problems).toMatchObject([{ code: 'warehouse_unknown', field: 'warehouse' }]);
    expect(problems[0]!.problem).toContain('"Tampere"');
    expect(problems[0]!.problem).toContain('Helsinki, turku, oulu');
  });

  test('a warehouse that is mistyped in another way is reported anew', () => {
    expect(draft(says('Tampere')).digest).not.toBe(draft(says('Tanpere')).digest);
  });

  test('the warehouse of an order is the one that a person chose, whatever the order says', () => {
    expect(draft(says('Tampere'), settings, { warehouse: 'oulu' }).plan.warehouse).toBe('oulu');
  });

  test('the warehouse of an order is missing where the store has none', () => {
    expect(draft(anOrder(), liveSettings({ warehouses: [] })).problems).toMatchObject([{ code: 'warehouse_missing' }]);
  });

  test('the warehouse is chosen for each address of an order', () => {
    const { order } = says('turku').andTo(2, { formFields: {} });
    const ofEach = order.addresses.map((address) => draftShipment(order, address, units, settings).plan.warehouse);
    expect(ofEach).toEqual(['turku', 'Helsinki']);
  });

  test('a warehouse that changes in the shop after booking makes the label one that no longer matches', () => {
    expect(draft(says('turku')).sourceDigest).not.toBe(draft(says('oulu')).sourceDigest);
    const inMetafield = (code: string) => draft(anOrder().is({ warehouseInMetafield: code })).sourceDigest;
    expect(inMetafield('turku')).not.toBe(inMetafield('oulu'));
  });

  test('a change of warehouse changes the plan even where another warehouse sends by the same sender and contract', () => {
    const alike = liveSettings({
      ...{ warehouseChoice: { formFields: ['Varasto'] } },
      warehouses: ['a', 'b'].map((code) => ({ code, sender: sender('Turku'), contractNumber: '600002' })),
    });
    expect(draft(says('a'), alike).digest).not.toBe(draft(says('b'), alike).digest);
  });
});
