import { beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { whyNotShipped } from '../../src/domain/why-not-shipped.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, created, only, type OrderDesk } from './order-desk.ts';
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
  test('an order that the shop made Partially Refunded is booked for what is left, if it was in a chosen status before', async () => {
    const it = await desk(three);
    await it.look();
    refund(it, oneRefunded);
    expect(only(await it.look()).blocked).toBeNull();
    expect(only(await it.book()).phase).toBe('booked');
    expect(await it.look()).toMatchObject({ phase: 'under_way', unshipped: { refunded: 1 } });
  });

  test('an order that the shop made Partially Refunded waits where it was never in a chosen status, and a person may book it', async () => {
    const it = await desk(oneRefunded, 14);
    expect(await it.look()).toMatchObject({
      phase: 'waiting',
      shipments: [],
      unshipped: { never_in_a_chosen_status: 2 },
    });
    await it.command('book');
    await it.look();
    expect(only(await it.book()).phase).toBe('booked');
  });

  test('an order that the shop made Partially Refunded waits where a person in the shop had stopped it before, however often it is read', async () => {
    const it = await desk(three);
    await it.look();
    it.shop.setStatus(12);
    await it.look();
    refund(it, oneRefunded);
    await it.look();
    expect(only(await it.look())).toMatchObject({ phase: 'planned', blocked: 'status_not_chosen' });
  });

  test('an order that the shop made Partially Refunded stays cancelled where it was cancelled before', async () => {
    const it = await desk(three);
    await it.look();
    it.shop.setStatus(5);
    await it.look();
    refund(it, oneRefunded);
    expect(await it.look()).toMatchObject({ phase: 'cancelled', unshipped: { order_cancelled: 2 } });
  });
});

describe('an order that is not shipped by its status', () => {
  const why = async (it: OrderDesk) => whyNotShipped((await loadOrderState(pool, it.ref))!);

  test('an order that is not shipped by its status says which status it has and which ones ship, in its state and in its timeline', async () => {
    const it = await desk([aWireLine()], 7);
    expect(await it.look()).toMatchObject({
      phase: 'waiting',
      unshipped: { status_not_chosen: 1 },
      shopStatus: { id: 7, decides: 7, ships: [11, 9] },
    });
    const words =
      'Its status is Awaiting Payment (7); this store ships Awaiting Fulfillment (11) and Awaiting Shipment (9). Change the status in the shop, or book it by hand.';
    expect(await why(it)).toEqual([words]);
    // An order is written down as waiting when it is first read: a phase is news only where it changes.
    it.shop.setStatus(11);
    await it.look();
    it.shop.setStatus(7);
    await it.look();
    expect((await it.timeline()).at(-1)).toMatchObject({
      what: 'order_waiting',
      words: expect.stringContaining(words),
    });
    it.chooseSettings({ statuses: [9] });
    expect(await it.look()).toMatchObject({ shopStatus: { ships: [9] } });
  });

  test('an order that was marked as shipped by hand is done, and goes on where that is taken back', async () => {
    const it = await desk();
    await it.look();
    it.shop.setStatus(2);
    const marked = await it.look();
    expect(marked).toMatchObject({ phase: 'ignored', shipments: [{ phase: 'planned', blocked: 'marked_as_shipped' }] });
    expect((await it.timeline()).at(-1)).toMatchObject({ words: expect.stringContaining('Its status is Shipped (2)') });
    it.shop.setStatus(11);
    expect(await it.look()).toMatchObject({ phase: 'under_way', shipments: [{ blocked: null }] });
    expect(only(await it.book()).phase).toBe('booked');
  });

  test('an order that was marked as shipped by hand is booked where a person asks for it', async () => {
    const it = await desk([aWireLine()], 2);
    expect(await it.look()).toMatchObject({ phase: 'ignored', unshipped: { marked_as_shipped: 1 } });
    expect((await it.command('book')).outcome).toMatchObject({ outcome: 'done' });
    await it.look();
    expect(only(await it.book()).phase).toBe('booked');
  });

  test('an order that is archived is not called cancelled', async () => {
    const it = await desk();
    await it.look();
    it.shop.wire = { ...it.shop.wire, order: { ...it.shop.wire.order, is_deleted: true } };
    expect(await it.look()).toMatchObject({ phase: 'ignored', unshipped: { archived: 1 } });
    expect((await it.timeline()).map(({ words }) => words)).toContain('Not to be booked any more (archived).');
    expect(await why(it)).toEqual(['It is archived in the shop. Take it out of the archive there to have it shipped.']);
  });
});

describe('a line that the shop replaced by a new one of the same goods', () => {
  test('a line that the shop replaced by a new one of the same goods gets no second label, from whatever reading on', async () => {
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

  test('a line that the shop replaced is booked under its new line where a person asks for a new label', async () => {
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

describe('an order that was kept before characters that nobody sees were taken out', () => {
  // What nobody sees, a letter that is not composed, and a line of nothing else.
  const unseen = {
    first_name: 'Aino\u200b',
    last_name: 'Ma\u0308ki \u2060',
    street_2: '\u200e',
    form_fields: [{ name: 'Ovikoodi\u200b', value: '12\u200b34' }],
  };
  const seen = {
    first_name: 'Aino',
    last_name: 'Mäki',
    street_2: '',
    form_fields: [{ name: 'Ovikoodi', value: '1234' }],
  };
  const says = (it: OrderDesk, address: object) => {
    const { order, addresses } = it.shop.wire;
    it.shop.wire = {
      ...it.shop.wire,
      order: { ...order, billing_address: { ...order.billing_address, ...address } },
      addresses: addresses.map((a) => ({ ...a, ...address })),
    };
  };
  const asKept = async () => {
    const it = await desk();
    says(it, unseen);
    await it.look();
    return it;
  };

  test('an order that was kept with invisible characters keeps its label when it is read without them', async () => {
    const it = await asKept();
    await it.book();
    says(it, seen);
    for (let readings = 0; readings < 2; readings++) {
      expect(only(await it.look())).toMatchObject({ phase: 'booked', attention: null });
    }
    says(it, { city: 'Espoo' });
    expect(only(await it.look()).attention).toMatchObject({ code: 'label_no_longer_matches' });
  });

  test('an order that was kept with invisible characters needs attention where it was changed in between', async () => {
    const it = await asKept();
    await it.book();
    says(it, { ...seen, city: 'Espoo' });
    expect(only(await it.look()).attention).toMatchObject({ code: 'label_no_longer_matches' });
    says(it, { city: 'Helsinki' });
    expect(only(await it.look()).attention).toBeNull();
  });

  test('an order that was kept with invisible characters is not asked about again where a person had accepted its change', async () => {
    const it = await asKept();
    await it.book();
    says(it, { city: 'Espoo' });
    expect(only(await it.look()).attention).toMatchObject({ code: 'label_no_longer_matches' });
    await it.command('resolve', { n: 1 });
    says(it, seen);
    for (let readings = 0; readings < 2; readings++) expect(only(await it.look()).attention).toBeNull();
  });

  test('an order that was kept with invisible characters keeps its label where it was read while its booking was out', async () => {
    const it = await asKept();
    it.carrier.answers.push(async (booking) => {
      says(it, seen);
      await it.look();
      return created(booking);
    });
    await it.book();
    expect(only(await it.look())).toMatchObject({ phase: 'booked', attention: null });
  });
});
