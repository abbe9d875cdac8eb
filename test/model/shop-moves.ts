import fc from 'fast-check';
import type { OrderInPlay } from './order-in-play.ts';
import { move, type Move } from './move.ts';
import type { LineInShop } from './evidence.ts';

/** What the shopper, the merchant and other programs do in the shop. */

const hurried = fc.constantFrom(false, false, true);

const status = (name: string, statusId: number): fc.Arbitrary<Move> =>
  hurried.map((h) =>
    move({
      name,
      hurried: h,
      play(order, { facts }) {
        facts.readAsCancelled = false;
        facts.statusIsTheirs = false;
        return order.edit({ statusId });
      },
    }),
  );

const lines = async (order: OrderInPlay): Promise<readonly LineInShop[]> =>
  (await order.hand.inShop()).lines as readonly LineInShop[];

const leftToShip = (line: LineInShop): number => line.quantity - line.quantityShipped - line.quantityRefunded;

const editAddress = (name: string, shippingAddress: object, isBroken?: boolean): fc.Arbitrary<Move> =>
  fc.tuple(hurried, fc.constantFrom(0, 0, 1)).map(([h, index]) =>
    move({
      name: `${name}${index === 1 ? ' (second address)' : ''}`,
      hurried: h,
      fits: ({ shipments }) => index === 0 || shipments.length > 1,
      async play(order, story) {
        const { addresses } = (await order.hand.inShop()) as unknown as { addresses: unknown[] };
        if (isBroken) story.isAddressBroken = true;
        await order.edit({ shippingAddress: { index: Math.min(index, addresses.length - 1), ...shippingAddress } });
      },
    }),
  );

const refund: fc.Arbitrary<Move> = fc.tuple(hurried, fc.nat(2)).map(([h, which]) =>
  move({
    name: `one unit of line ${which + 1} is refunded`,
    hurried: h,
    async play(order) {
      const line = (await lines(order))[which];
      if (line && line.quantityRefunded < line.quantity)
        await order.edit({ refund: [{ lineId: line.id, quantity: 1 }] });
    },
  }),
);

const addUnits: fc.Arbitrary<Move> = hurried.map((h) =>
  move({
    name: 'one more unit of line 1 is ordered',
    hurried: h,
    async play(order, story) {
      const [line] = await lines(order);
      if (!line) return;
      story.facts.everOrdered.set(line.id, Math.max(line.quantity + 1, story.facts.everOrdered.get(line.id) ?? 0));
      await order.edit({ setQuantity: [{ lineId: line.id, quantity: line.quantity + 1 }] });
    },
  }),
);

const addLine: fc.Arbitrary<Move> = hurried.map((h) =>
  move({
    name: 'a line is added',
    hurried: h,
    play: (order) => order.edit({ addLines: [{ name: 'Lapaset', sku: 'LAPANEN-1', weight: 100, quantity: 1 }] }),
  }),
);

const removeLine: fc.Arbitrary<Move> = hurried.map((h) =>
  move({
    name: 'the last line is removed',
    hurried: h,
    async play(order) {
      const all = await lines(order);
      const last = all.at(-1);
      // BigCommerce keeps a line that has shipped units.
      if (all.length > 1 && last?.quantityShipped === 0) await order.edit({ removeLine: last.id });
    },
  }),
);

const someoneElseShips: fc.Arbitrary<Move> = hurried.map((h) =>
  move({
    name: 'somebody else ships one unit',
    hurried: h,
    async play(order, { facts }) {
      facts.readAsCancelled = false;
      facts.statusIsTheirs = true;
      const { addresses } = (await order.hand.inShop()) as unknown as { addresses: { id: number }[] };
      for (const line of (await lines(order)) as readonly (LineInShop & { addressId: number })[]) {
        if (leftToShip(line) < 1 || !addresses.some(({ id }) => id === line.addressId)) continue;
        const items = [{ order_product_id: line.id, quantity: 1 }];
        await order.hand.merchant('POST', '/shipments', {
          ...{ order_address_id: line.addressId, items, tracking_number: 'MUU1', shipping_provider: '' },
        });
        return order.hint();
      }
    },
  }),
);

const deleteRecord: fc.Arbitrary<Move> = hurried.map((h) =>
  move({
    name: 'the merchant deletes a shipment record',
    hurried: h,
    async play(order, story) {
      const [record] = (await order.hand.inShop()).shipments;
      if (!record) return;
      // What the record made of the status stays, and is the merchant's own doing now.
      story.facts.readAsCancelled = false;
      story.facts.statusIsTheirs = true;
      story.facts.deletedInShop.add(record.tracking_number);
      await order.hand.merchant('DELETE', `/shipments/${record.id}`);
      await order.hint();
    },
  }),
);

const hint: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'a webhook comes twice',
    async play(order) {
      await order.hint();
      await order.hint();
    },
  }),
);

const harm = (name: string, fault: Parameters<OrderInPlay['harmShop']>[0]): fc.Arbitrary<Move> =>
  fc.constant(move({ name, hurried: true, play: (order) => order.harmShop(fault) }));

/** What waits for the next record. */
const isHeld: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'the next record will lie on its way to the shop',
    hurried: true,
    play: (order) => Promise.resolve(order.onTheWay.holdRecord()),
  }),
);

export const shopTroubles: readonly fc.Arbitrary<Move>[] = [
  isHeld,
  harm('the shop will refuse the next record', {
    kind: 'status',
    status: 400,
    method: 'POST',
    body: [{ status: 400, message: 'no' }],
  }),
  harm('the shop will keep the next record and say it failed', {
    kind: 'status',
    status: 500,
    after: true,
    method: 'POST',
  }),
  harm('the shop will lose the next record', { kind: 'hangup-before', method: 'POST' }),
  harm('the shop will fail to delete the next record', { kind: 'status', status: 500, method: 'DELETE' }),
];

export const shopMoves = {
  status: [
    status('the order is paid', 11),
    status('the order is cancelled in the shop', 5),
    status('the order waits for its payment again', 7),
  ],
  lines: [refund, addUnits, addLine, removeLine],
  address: [
    editAddress('the street is edited', { street1: 'Uusi katu 7' }),
    editAddress('the postcode is deleted', { zip: '' }, true),
    editAddress('the postcode is put right', { zip: '00530', street1: 'Esimerkkikatu 5 A 7' }),
    editAddress('a pickup point is chosen', { formFields: [{ name: 'Pickup point', value: '001003230' }] }),
    editAddress('a closed pickup point is chosen', { formFields: [{ name: 'Pickup point', value: '001003232' }] }),
  ],
  records: [someoneElseShips, deleteRecord],
  hints: [hint],
} as const;
