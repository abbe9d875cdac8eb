import { beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, only, type OrderDesk } from './order-desk.ts';
import { aWireLine } from './wire-order.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

const three = [aWireLine({ quantity: 3 })];
const oneRefunded = [aWireLine({ quantity: 3, quantity_refunded: 1 })];

async function desk(lines = [aWireLine()], statusId = 11): Promise<OrderDesk> {
  const it = await anOrderDesk(pool);
  it.shop.wire = { ...it.shop.wire, lines };
  it.shop.setStatus(statusId);
  return it;
}

/** The shop gives back a part of the money, and calls the order Partially Refunded. */
function refund(it: OrderDesk, lines: typeof three): void {
  it.shop.wire = { ...it.shop.wire, lines };
  it.shop.setStatus(14);
}

describe('an order that the shop made Partially Refunded', () => {
  test('is booked for what is left, if it was in a chosen status before', async () => {
    const it = await desk(three);
    await it.look();
    refund(it, oneRefunded);
    expect(only(await it.look()).blocked).toBeNull();
    expect(only(await it.book()).phase).toBe('booked');
    expect(await it.look()).toMatchObject({ phase: 'under_way', unshipped: { refunded: 1 } });
  });

  test('waits where it was never in a chosen status, and a person may book it', async () => {
    const it = await desk(oneRefunded, 14);
    expect(await it.look()).toMatchObject({ phase: 'waiting', shipments: [] });
    await it.command('book');
    await it.look();
    expect(only(await it.book()).phase).toBe('booked');
  });

  test('waits where a person in the shop had stopped it before, however often it is read', async () => {
    const it = await desk(three);
    await it.look();
    it.shop.setStatus(12);
    await it.look();
    refund(it, oneRefunded);
    await it.look();
    expect(only(await it.look())).toMatchObject({ phase: 'planned', blocked: 'status_not_chosen' });
  });

  test('stays cancelled where it was cancelled before', async () => {
    const it = await desk(three);
    await it.look();
    it.shop.setStatus(5);
    await it.look();
    refund(it, oneRefunded);
    expect(await it.look()).toMatchObject({ phase: 'cancelled', unshipped: { order_cancelled: 2 } });
  });
});

describe('a line that the shop replaced by a new one of the same goods', () => {
  test('gets no second label, from whatever reading on', async () => {
    const it = await desk();
    await it.look();
    await it.book();
    it.shop.wire = { ...it.shop.wire, lines: [aWireLine({ id: 2 })] };
    for (let readings = 0; readings < 3; readings++) {
      expect(only(await it.look())).toMatchObject({ phase: 'booked', attention: { code: 'label_no_longer_matches' } });
    }
    await it.command('resolve', { n: 1 });
    expect(only(await it.look())).toMatchObject({ phase: 'booked', attention: null });
    expect(it.carrier.booked).toHaveLength(1);
    // The shop would refuse a record of a line that it does not have.
    await it.tell();
    expect(it.shop.shipments.map(({ items }) => items)).toEqual([[{ order_product_id: 2, quantity: 1 }]]);
  });

  test('is booked under its new line where a person asks for a new label', async () => {
    const it = await desk();
    await it.look();
    await it.book();
    it.shop.wire = { ...it.shop.wire, lines: [aWireLine({ id: 2 })] };
    await it.look();
    await it.command('change', { n: 1, body: { parcels: [{ weightGrams: 900 }] } });
    await it.look();
    expect(only(await it.book()).phase).toBe('booked');
    await it.tell();
    expect(it.shop.shipments.map(({ items }) => items)).toEqual([[{ order_product_id: 2, quantity: 1 }]]);
    expect(await it.attempts()).toMatchObject([{ state: 'superseded' }, { state: 'live' }]);
  });
});
