import { describe, expect, test } from 'vitest';
import type { WireMetafield } from '../../../src/bigcommerce/api.ts';
import { fromMetafields, saysSomethingElse } from '../../../src/orders/order-metafields.ts';
import { keysToRead, namespacesToRead } from '../../../src/settings/metafields.ts';
import { liveSettings } from '../../support/order-builder.ts';

const point = { namespace: 'checkout', key: 'pickup_point' };
const warehouse = { namespace: 'stock', key: 'warehouse' };
const both = liveSettings({ pickupPoint: { metafield: point }, warehouseChoice: { metafield: warehouse } });
const onlyPoint = liveSettings({ pickupPoint: { metafield: point } });
const onlyWarehouse = liveSettings({ warehouseChoice: { metafield: warehouse } });
const neither = liveSettings();

const field = (named: { namespace: string; key: string }, value: string) => ({ ...named, value }) as WireMetafield;

describe("an order's metafields", () => {
  test('the metafields of an order are read where the settings name them, each namespace and key once', () => {
    expect([namespacesToRead(both), keysToRead(both)]).toEqual([
      ['checkout', 'stock'],
      ['pickup_point', 'warehouse'],
    ]);
    expect([namespacesToRead(neither), keysToRead(neither)]).toEqual([[], []]);
    const ofOne = liveSettings({
      pickupPoint: { metafield: point },
      warehouseChoice: { metafield: { ...warehouse, namespace: 'checkout' } },
    });
    expect(namespacesToRead(ofOne)).toEqual(['checkout']);
    expect(keysToRead(ofOne)).toEqual(['pickup_point', 'warehouse']);
  });

  test('the metafields of an order give the pickup point and the warehouse that they name', () => {
    const fields = [field(point, ' 001003230 '), field(warehouse, 'turku')];
    expect(fromMetafields(fields, both)).toEqual({
      pickupPointInMetafield: '001003230',
      warehouseInMetafield: 'turku',
    });
    expect(fromMetafields(fields, onlyWarehouse)).toEqual({ warehouseInMetafield: 'turku' });
    expect(fromMetafields(fields, neither)).toEqual({});
  });

  test('the metafields of another key or another namespace name no pickup point and no warehouse', () => {
    const others = [field({ ...point, key: 'note' }, '1'), field({ ...warehouse, namespace: 'checkout' }, '2')];
    expect(fromMetafields(others, both)).toEqual({});
  });

  test('the metafields that are empty are left out, and long ones are cut', () => {
    expect(fromMetafields([field(point, '  '), field(warehouse, '')], both)).toEqual({});
    const long = fromMetafields([field(point, '1'.repeat(30)), field(warehouse, 'w'.repeat(60))], both);
    expect(long).toEqual({ pickupPointInMetafield: '1'.repeat(20), warehouseInMetafield: 'w'.repeat(40) });
  });

  test.each([
    ['the same point', field(point, '1'), { pickupPointInMetafield: '1' }, both, false],
    ['another point', field(point, '2'), { pickupPointInMetafield: '1' }, both, true],
    ['a point where there was none', field(point, '2'), {}, both, true],
    ['an empty point where there was one', field(point, ''), { pickupPointInMetafield: '1' }, both, true],
    ['the same warehouse', field(warehouse, 'a'), { warehouseInMetafield: 'a' }, both, false],
    ['another warehouse', field(warehouse, 'b'), { warehouseInMetafield: 'a' }, both, true],
    [
      'a warehouse, of an order that has a point too',
      field(warehouse, 'a'),
      { pickupPointInMetafield: '1', warehouseInMetafield: 'a' },
      both,
      false,
    ],
    [
      'a point, of an order that has a warehouse too',
      field(point, '1'),
      { pickupPointInMetafield: '1', warehouseInMetafield: 'a' },
      both,
      false,
    ],
    ['a point that the settings do not name', field(point, '2'), { warehouseInMetafield: 'a' }, onlyWarehouse, false],
    [
      'a warehouse that the settings do not name',
      field(warehouse, 'b'),
      { pickupPointInMetafield: '1' },
      onlyPoint,
      false,
    ],
  ])(
    'the metafields of an order are compared with those that were read before: %s',
    (_name, now, read, settings, isNews) => expect(saysSomethingElse(now, read, settings)).toBe(isNews),
  );
});
