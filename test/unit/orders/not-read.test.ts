import { describe, expect, test } from 'vitest';
import { notReadFor } from '../../../src/orders/not-read.ts';
import { anOrder, liveSettings, orderDate } from '../../support/order-builder.ts';

const metafield = { namespace: 'app', key: 'point' };
/** A service that may go to a pickup point: of others none is asked for. */
const defaultService = { service: 'PO2103' };
const plain = liveSettings({ defaultService });
const byField = liveSettings({ defaultService, pickupPoint: { metafield } });
const byAnother = liveSettings({ defaultService, pickupPoint: { metafield: { namespace: 'app', key: 'other' } } });
const byRate = liveSettings({ defaultService, pickupPoint: { quote: {} } });
const byBoth = liveSettings({ defaultService, pickupPoint: { metafield, quote: {} } });
const home = liveSettings({ pickupPoint: { metafield, quote: {} } });
const warehouse = liveSettings({ warehouseChoice: { metafield, formFields: ['Varasto'] } });

const kept = (order = anOrder(), whole = true) => ({
  ...{ pk: 1, order: order.order, readAt: orderDate, whole },
  memory: { triggered: false, bookedByHand: false, onHold: false, keptBack: false, chosenStatusId: 11 },
});

const inForm = anOrder().to({ formFields: { 'Pickup point': '001001210', Varasto: 'turku' } });
const inMetafield = anOrder().is({ pickupPointInMetafield: '2' });
const inRate = anOrder().to({ pickupPointInQuote: '3' });

describe('a kept order', () => {
  test.each([
    ['lacks nothing where they look in its fields alone', anOrder(), [plain], plain, []],
    ['lacks no metafield where its form field names a point', inForm, [plain], byField, []],
    ['lacks a rate, which comes before its form field', inForm, [plain], byBoth, ['pickup_point_not_read']],
    ['lacks nothing where its service takes no point', anOrder(), [plain], home, []],
    [
      'lacks a rate that was not read, since its service took no point',
      anOrder(),
      [home],
      byBoth,
      ['pickup_point_not_read'],
    ],
    ['lacks a metafield that nobody read', anOrder(), [plain], byField, ['pickup_point_not_read']],
    ['lacks a metafield where another one was read', inMetafield, [byAnother], byField, ['pickup_point_not_read']],
    ['lacks nothing where that metafield was read, whether it was there', anOrder(), [byField], byField, []],
    ['lacks nothing where they no longer look there', inMetafield, [byField], plain, []],
    ['lacks a rate that nobody read', anOrder(), [plain], byRate, ['pickup_point_not_read']],
    ['lacks no rate that was read beside the metafield', inMetafield, [byBoth], byRate, []],
    ['lacks nothing where the rate was read', inRate, [byRate], byRate, []],
    [
      'lacks what one of two settings that may have read it did not read',
      anOrder(),
      [plain, byField],
      byField,
      ['pickup_point_not_read'],
    ],
    [
      'lacks no metafield where it has several addresses, whose it would not be',
      anOrder().andTo(2),
      [plain],
      byField,
      [],
    ],
    ["lacks the warehouse's metafield", anOrder(), [plain], warehouse, ['warehouse_not_read']],
    ['lacks no warehouse that its form field names', inForm, [plain], warehouse, []],
  ])('a kept order planned by other settings than it was read by %s', (_name, order, readBy, settings, missing) => {
    expect(notReadFor(kept(order), readBy, settings)).toEqual(missing);
  });

  test('a kept order lacks what an older version did not keep', () => {
    expect(notReadFor(kept(anOrder(), false), [plain], plain)).toEqual(['read_by_an_older_version']);
  });
});
