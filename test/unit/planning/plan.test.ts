import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/planning/plan.ts';
import type { UnshippedReason } from '../../../src/domain/reasons.ts';
import { anOrder, liveSettings, type OrderBuilder } from '../../support/order-builder.ts';
import { PlannedWorld } from '../../support/planned-world.ts';

/** `create 1×2 3×1`: line × quantity. */
const decisions = (plan: Plan): string[] =>
  plan.decisions.map((d) => {
    switch (d.do) {
      case 'create':
        return [
          'create',
          ...d.draft.plan.lines.map((u) => `${u.lineId}×${u.quantity}`),
          ...(d.blocked ? [d.blocked] : []),
        ].join(' ');
      case 'plan_anew':
        return ['plan anew', d.n, ...d.draft.plan.lines.map((u) => `${u.lineId}×${u.quantity}`)].join(' ');
      case 'cancel':
        return `cancel ${d.n} ${d.reason}`;
      case 'raise':
        return `raise ${d.n} ${d.problem.code}`;
      case 'leave':
        return ['leave', d.n, ...(d.blocked ? [d.blocked] : [])].join(' ');
      default:
        return `${d.do.replace('_', ' ')} ${d.n}`;
    }
  });

interface Case {
  readonly name: string;
  readonly order: OrderBuilder;
  readonly world?: PlannedWorld;
  readonly does?: readonly string[];
  readonly unshipped?: Partial<Record<UnshippedReason, number>>;
}

const worldOf = (memory: Partial<PlannedWorld['memory']>, settings = liveSettings()) => {
  const world = new PlannedWorld(settings);
  world.memory = { ...world.memory, ...memory };
  return world;
};

const firstLooks: Case[] = [
  { name: 'an order in a chosen status is planned', order: anOrder(), does: ['create 1×1'] },
  { name: 'an order to Åland is planned like any other', order: anOrder().to('AX'), does: ['create 1×1'] },
  {
    name: 'each address has a shipment of its own',
    order: anOrder().andTo(2).with(2, { addressId: 2, quantity: 3 }),
    does: ['create 1×1', 'create 2×3'],
  },
  {
    name: 'digital goods and gift certificates stay behind, what is between them goes',
    order: anOrder().with(2, { kind: 'digital', quantity: 2 }).with(3, { kind: 'gift_certificate' }),
    does: ['create 1×1'],
    unshipped: { digital: 2, gift_certificate: 1 },
  },
  {
    name: 'goods that are collected at the merchant are not shipped',
    order: anOrder().with(1, { merchantPickup: true }),
    unshipped: { merchant_pickup: 1 },
  },
  {
    name: 'refunded units are not shipped, the rest is',
    order: anOrder().with(1, { quantity: 3, quantityRefunded: 1 }),
    does: ['create 1×2'],
    unshipped: { refunded: 1 },
  },
  {
    name: 'what somebody else shipped in part is not shipped again',
    order: anOrder().with(1, { quantity: 3, quantityShipped: 2 }),
    does: ['create 1×1'],
    unshipped: { shipped_by_somebody_else: 2 },
  },
  {
    name: 'what somebody else shipped as a whole leaves nothing',
    order: anOrder().inStatus(2).with(1, { quantityShipped: 1 }),
    unshipped: { shipped_by_somebody_else: 1 },
  },
  { name: 'a status that was not chosen waits', order: anOrder().inStatus(7), unshipped: { status_not_chosen: 1 } },
  { name: 'an incomplete order waits', order: anOrder().inStatus(0), unshipped: { status_not_chosen: 1 } },
  {
    name: 'an order that was never ours and is marked Shipped is left alone',
    order: anOrder().inStatus(2),
    unshipped: { marked_as_shipped: 1 },
  },
  { name: 'a cancelled order is not shipped', order: anOrder().inStatus(5), unshipped: { order_cancelled: 1 } },
  {
    name: 'an archived order is not shipped',
    order: anOrder().is({ archived: true }),
    unshipped: { archived: 1 },
  },
  {
    name: 'an order that was cancelled and archived is cancelled',
    order: anOrder().inStatus(5).is({ archived: true }),
    unshipped: { order_cancelled: 1 },
  },
  {
    name: 'an order that nobody saw before it was Partially Refunded waits',
    order: anOrder().inStatus(14).with(1, { quantity: 3, quantityRefunded: 1 }),
    unshipped: { never_in_a_chosen_status: 2, refunded: 1 },
  },
  {
    name: 'an order that nobody saw before it was Partially Shipped waits',
    order: anOrder().inStatus(3).with(1, { quantity: 3, quantityShipped: 1 }),
    unshipped: { never_in_a_chosen_status: 2, shipped_by_somebody_else: 1 },
  },
  {
    name: 'an order from before the cut-off date is left alone',
    order: anOrder(),
    world: worldOf({}, liveSettings({ cutOffDate: '2026-03-01T09:00:00Z' })),
    unshipped: { before_the_cut_off_date: 1 },
  },
  {
    name: 'an order that is too old when it is first seen is left alone',
    order: anOrder().is({ createdAt: new Date('2026-01-01T00:00:00Z') }),
    unshipped: { before_the_cut_off_date: 1 },
  },
  {
    name: 'an old order that was taken before goes on',
    order: anOrder().is({ createdAt: new Date('2026-01-01T00:00:00Z') }),
    world: worldOf({ triggered: true }),
    does: ['create 1×1'],
  },
  {
    name: 'a store in observe mode plans and shows',
    order: anOrder(),
    world: worldOf({}, liveSettings({ mode: 'observe' })),
    does: ['create 1×1 store_in_observe_mode'],
  },
  { name: 'an order on hold waits', order: anOrder(), world: worldOf({ onHold: true }), unshipped: { on_hold: 1 } },
  {
    name: 'a person may book what the status does not allow',
    order: anOrder().inStatus(7),
    world: worldOf({ bookedByHand: true }),
    does: ['create 1×1'],
  },
  {
    name: 'an order that a person cancelled as a whole stays behind, whatever its status',
    order: anOrder().with(2),
    world: worldOf({ keptBack: true }),
    unshipped: { cancelled_by_a_person: 2 },
  },
  {
    name: 'units whose address is gone need a person',
    order: anOrder().is({ addresses: [] }),
    unshipped: { needs_attention: 1 },
  },
];

test.each(firstLooks)(
  'the first plan of an order is right: $name',
  ({ order, world = new PlannedWorld(), does = [], unshipped = {} }) => {
    const plan = world.plan(order.order);
    expect(decisions(plan)).toEqual(does);
    expect(plan.unshipped).toEqual(unshipped);
  },
);

/** A world where the order was looked at and booked. */
function booked(order = anOrder(), changes: Parameters<PlannedWorld['set']>[1] = {}): PlannedWorld {
  const world = new PlannedWorld();
  world.lookAndBook(order.order);
  world.set(1, changes);
  return world;
}

describe('before booking', () => {
  const planned = (order = anOrder()) => {
    const world = new PlannedWorld();
    world.look(order.order);
    return world;
  };

  test('an edit before booking is planned anew', () => {
    const world = planned();
    expect(decisions(world.look(anOrder().to({ street1: 'Toinen katu 5' }).order))).toEqual(['plan anew 1 1×1']);
    expect(decisions(world.look(anOrder().with(1, { quantity: 4 }).order))).toEqual(['plan anew 1 1×4']);
  });

  test('goods that were exchanged for others end their shipment, and the others get a shipment of their own', () => {
    const world = planned();
    const exchanged = anOrder().without(1).with(9, { productId: 12 });
    expect(decisions(world.look(exchanged.order))).toEqual(['cancel 1 refunded', 'create 9×1']);
    expect(world.shipments.map(({ phase }) => phase)).toEqual(['cancelled', 'planned']);
  });

  test('a line that was added before booking travels in the same shipment', () => {
    expect(decisions(planned().look(anOrder().with(2).order))).toEqual(['plan anew 1 1×1 2×1']);
  });

  test('a status that goes back to Awaiting Payment stops a planned shipment, and a chosen one lets it go on', () => {
    const world = planned();
    expect(decisions(world.look(anOrder().inStatus(7).order))).toEqual(['leave 1 status_not_chosen']);
    expect(decisions(world.look(anOrder().order))).toEqual(['leave 1']);
  });

  test('marking the order Shipped by hand stops a planned shipment', () => {
    for (const statusId of [2, 10]) {
      const world = planned();
      expect(decisions(world.look(anOrder().inStatus(statusId).order))).toEqual(['leave 1 marked_as_shipped']);
      expect(decisions(world.look(anOrder().order))).toEqual(['leave 1']);
    }
  });

  test('archiving the order ends a planned shipment, with another reason than a cancelled order', () => {
    const archived = anOrder().is({ archived: true }).order;
    const plan = planned().look(archived);
    expect(decisions(plan)).toEqual(['cancel 1 archived']);
    expect(plan.unshipped).toEqual({ archived: 1 });
  });

  test('a cancelled or refunded order ends a planned shipment, and goods that others ship are left to them', () => {
    expect(decisions(planned().look(anOrder().inStatus(5).order))).toEqual(['cancel 1 order_cancelled']);
    expect(decisions(planned().look(anOrder().with(1, { quantityRefunded: 1 }).order))).toEqual(['cancel 1 refunded']);
    expect(decisions(planned().look(anOrder().with(1, { quantityShipped: 1 }).order))).toEqual([
      'cancel 1 shipped_by_somebody_else',
    ]);
  });

  test('the units of a cancelled shipment have their reason at once, and the next plan says the same', () => {
    const world = planned();
    const cancelled = anOrder().inStatus(5).order;
    expect(world.look(cancelled).unshipped).toEqual({ order_cancelled: 1 });
    world.set(1, { phase: 'cancelled' });
    expect(world.look(cancelled).unshipped).toEqual({ order_cancelled: 1 });
  });

  test('an order that comes back after it was cancelled is planned again', () => {
    const world = planned();
    world.look(anOrder().inStatus(5).order);
    expect(decisions(world.look(anOrder().order))).toEqual(['create 1×1']);
  });

  test('an order that a person cancelled ends its planned shipment, and nothing else is shipped in its place', () => {
    const world = planned();
    world.memory = { ...world.memory, keptBack: true };
    const plan = world.look(anOrder().order);
    expect(decisions(plan)).toEqual(['cancel 1 cancelled_by_a_person']);
    expect(plan.unshipped).toEqual({ cancelled_by_a_person: 1 });
  });

  test('an edit while an attempt is out waits for its outcome, and new lines get a shipment of their own', () => {
    const world = planned();
    world.set(1, { attemptOut: true });
    expect(decisions(world.plan(anOrder().to({ city: 'Espoo' }).order))).toEqual(['look again 1']);
    expect(decisions(world.look(anOrder().with(2).order))).toEqual(['look again 1', 'create 2×1']);
    world.set(1, { attemptOut: false });
    expect(decisions(world.look(anOrder().with(2).order))).toEqual(['leave 1', 'leave 2']);
  });

  test('a shipment that a person cancelled is not planned again until a person asks for it', () => {
    const world = planned();
    world.set(1, { phase: 'cancelled', keptBack: true });
    const plan = world.look(anOrder().with(1, { quantity: 2 }).order);
    expect(decisions(plan)).toEqual(['create 1×1']);
    expect(plan.unshipped).toEqual({ cancelled_by_a_person: 1 });
    world.set(1, { keptBack: false });
    expect(decisions(world.look(anOrder().with(1, { quantity: 2 }).order))).toEqual(['plan anew 2 1×2']);
  });
});

describe('after booking', () => {
  test('a status that our own record causes changes nothing', () => {
    const world = booked();
    world.tell(1);
    expect(decisions(world.look(anOrder().inStatus(2).with(1, { quantityShipped: 1 }).order))).toEqual(['leave 1']);
  });

  test('the units of a record whose outcome is unknown are not counted as shipped by others', () => {
    const world = booked();
    world.set(1, { shopHasRecord: true });
    const plan = world.look(anOrder().inStatus(2).with(1, { quantityShipped: 1 }).order);
    expect(decisions(plan)).toEqual(['leave 1']);
    expect(plan.unshipped).toEqual({});
  });

  test('a line that is added after the order was shipped is shipped too', () => {
    const world = booked();
    world.tell(1);
    const added = anOrder().inStatus(2).with(1, { quantityShipped: 1 }).with(2);
    expect(decisions(world.look(added.order))).toEqual(['leave 1', 'create 2×1']);
    // Also where somebody looks again before it is booked: Posti may be away meanwhile.
    world.look(added.order);
    expect(world.shipment(2).blocked).toBeNull();
  });

  test.each([
    ['another address', anOrder().to({ street1: 'Toinen katu 5' }), 'label_no_longer_matches'],
    ['a refund', anOrder().with(1, { quantityRefunded: 1 }), 'refunded_after_booking'],
    ['a line that was removed', anOrder().without(1), 'refunded_after_booking'],
  ])('the change %s after booking needs a person', (_name, order, code) => {
    expect(decisions(booked().look(order.order))).toEqual([`raise 1 ${code}`]);
  });

  test.each([
    ['a change', anOrder().to({ street1: 'Toinen katu 5' }), 'changed_after_hand_over'],
    ['a cancellation', anOrder().inStatus(5), 'cancelled_after_hand_over'],
  ])('the change %s after the first scan needs a person, and takes nothing back', (_name, order, code) => {
    expect(decisions(booked(anOrder(), { deliveryStatus: 'in_transit' }).look(order.order))).toEqual([
      `raise 1 ${code}`,
    ]);
  });

  test('a cancelled order takes its label back', () => {
    expect(decisions(booked().look(anOrder().inStatus(5).order))).toEqual(['withdraw 1']);
  });

  test('the units of a label that is taken back have their reason at once', () => {
    expect(booked().look(anOrder().inStatus(5).order).unshipped).toEqual({ order_cancelled: 1 });
  });

  test('putting the order back as it was clears the attentions of the plan, and no others', () => {
    const world = booked();
    world.look(anOrder().to({ city: 'Espoo' }).order);
    expect(decisions(world.look(anOrder().order))).toEqual(['calm 1']);
    world.set(1, { attentionCode: 'no_scan_for_too_long', concern: null });
    expect(decisions(world.look(anOrder().order))).toEqual(['leave 1']);
  });

  test('a change that a person accepted is not raised again, and another change is', () => {
    const world = booked();
    const edited = anOrder().to({ city: 'Espoo' });
    world.look(edited.order);
    world.accept(1);
    expect(decisions(world.look(edited.order))).toEqual(['leave 1']);
    expect(decisions(world.look(edited.to({ city: 'Vantaa' }).order))).toEqual(['raise 1 label_no_longer_matches']);
    world.set(1, { deliveryStatus: 'in_transit' });
    expect(decisions(world.look(edited.order))).toEqual(['calm 1']);
  });

  test('an accepted refund does not hide another address', () => {
    const world = booked();
    const refunded = anOrder().with(1, { quantityRefunded: 1 });
    world.look(refunded.order);
    world.accept(1);
    expect(decisions(world.look(refunded.order))).toEqual(['leave 1']);
    expect(decisions(world.look(refunded.to({ city: 'Espoo' }).order))).toEqual(['raise 1 label_no_longer_matches']);
  });

  test('marking the rest Shipped by hand stops the rest, and a line that is added later is shipped alone', () => {
    const toTwo = anOrder().andTo(2).with(2, { addressId: 2 });
    const world = new PlannedWorld();
    world.look(toTwo.order);
    world.set(1, { phase: 'booked' });
    world.tell(1);
    const byHand = toTwo.inStatus(2).with(1, { quantityShipped: 1 });
    expect(decisions(world.look(byHand.order))).toEqual(['leave 1', 'leave 2 marked_as_shipped']);
    expect(decisions(world.look(byHand.with(3).order))).toEqual(['leave 1', 'leave 2 marked_as_shipped', 'create 3×1']);
  });

  test('a label that a person replaces is booked anew although the shop says Shipped', () => {
    const world = booked();
    world.tell(1);
    // The command "change" on a booked shipment: planned again, with its record still in the shop.
    world.set(1, { phase: 'planned', told: 'not_yet', override: { parcels: [{ weightGrams: 900 }] } });
    const shipped = anOrder().inStatus(2).with(1, { quantityShipped: 1 });
    expect(decisions(world.look(shipped.order))).toEqual(['plan anew 1 1×1']);
    expect(world.shipment(1).blocked).toBeNull();
  });

  test('units of a label that is being taken back are planned again only when it was, though the order goes on', () => {
    const world = booked();
    expect(decisions(world.look(anOrder().inStatus(5).order))).toEqual(['withdraw 1']);
    const paidAgain = anOrder().order;
    expect(decisions(world.look(paidAgain))).toEqual(['leave 1']);
    world.withdraw(1);
    expect(decisions(world.look(paidAgain))).toEqual(['create 1×1']);
  });

  test('units that were delivered are not planned again, whatever else changes in their shipment', () => {
    const world = booked();
    world.set(1, { phase: 'delivered', cancelling: true, keptBack: true });
    expect(decisions(world.look(anOrder().order))).toEqual([]);
  });

  test('units that are being taken back by a person are not planned again', () => {
    const world = booked();
    world.set(1, { cancelling: true, keptBack: true });
    const plan = world.look(anOrder().order);
    expect(decisions(plan)).toEqual(['leave 1']);
    expect(plan.unshipped).toEqual({ cancelled_by_a_person: 1 });
  });
});

describe('the status that a plan names', () => {
  test('the status that a plan names is the one that the shop shows, beside those that the storefront ships', () => {
    expect(new PlannedWorld().plan(anOrder().inStatus(7).order).shopStatus).toEqual({
      id: 7,
      decides: 7,
      ships: [11, 9],
    });
  });

  test('the status that a plan names comes with the one before it, where the shop set the present one by itself', () => {
    const world = new PlannedWorld();
    world.look(anOrder().inStatus(13).order);
    expect(world.plan(anOrder().inStatus(14).order).shopStatus).toMatchObject({ id: 14, decides: 13 });
  });
});

describe('a status that the shop sets by itself', () => {
  const partlyRefunded = anOrder().inStatus(14).with(1, { quantity: 3, quantityRefunded: 1 });
  const asPaid = anOrder().with(1, { quantity: 3 });
  const lookedAt = (order: OrderBuilder, settings = liveSettings()) => {
    const world = new PlannedWorld(settings);
    world.look(order.order);
    return world;
  };

  test('a paid order that becomes Partially Refunded ships the rest', () => {
    const plan = lookedAt(asPaid).look(partlyRefunded.order);
    expect(decisions(plan)).toEqual(['plan anew 1 1×2']);
    expect(plan.decisions[0]).toMatchObject({ blocked: null });
    expect(plan.unshipped).toEqual({ refunded: 1 });
  });

  test('a second refund, and a discount given back afterwards, do not stop the rest of a paid order', () => {
    const world = lookedAt(asPaid);
    world.look(partlyRefunded.order);
    expect(decisions(world.look(partlyRefunded.with(1, { quantityRefunded: 2 }).order))).toEqual(['plan anew 1 1×1']);
    expect(decisions(world.look(partlyRefunded.with(1, { quantityRefunded: 2 }).order))).toEqual(['leave 1']);
    expect(decisions(lookedAt(asPaid).look(asPaid.inStatus(14).order))).toEqual(['leave 1']);
  });

  test('an order that others shipped in part ships the rest', () => {
    const rest = asPaid.inStatus(3).with(1, { quantityShipped: 1 });
    expect(decisions(lookedAt(asPaid).look(rest.order))).toEqual(['plan anew 1 1×2']);
  });

  test('the statuses Refunded, Cancelled and Declined stop the whole order', () => {
    for (const statusId of [4, 5, 6]) {
      expect(decisions(lookedAt(asPaid).look(asPaid.inStatus(statusId).order))).toEqual(['cancel 1 order_cancelled']);
    }
  });

  test('a refund in part does not take a cancellation back', () => {
    const world = booked(asPaid);
    expect(decisions(world.look(asPaid.inStatus(5).order))).toEqual(['withdraw 1']);
    world.withdraw(1);
    const plan = world.look(partlyRefunded.order);
    expect(decisions(plan)).toEqual([]);
    expect(plan.unshipped).toMatchObject({ order_cancelled: 2 });
  });

  test.each([
    ['Disputed', 13],
    ['Manual Verification Required', 12],
    ['Awaiting Payment', 7],
  ])('an order that was %s before a refund in part waits as it did', (_name, statusId) => {
    const world = lookedAt(asPaid);
    world.look(asPaid.inStatus(statusId).order);
    const [decision] = world.look(partlyRefunded.order).decisions;
    expect(decision).toMatchObject({ blocked: 'status_not_chosen' });
  });

  test('an order that was never in a chosen status does not ship because of a refund, nor because others shipped a part', () => {
    expect(decisions(lookedAt(partlyRefunded).look(partlyRefunded.order))).toEqual([]);
    expect(decisions(lookedAt(asPaid.inStatus(7)).look(partlyRefunded.order))).toEqual([]);
    const partlyShipped = asPaid.inStatus(3).with(1, { quantityShipped: 1 });
    expect(decisions(lookedAt(partlyShipped).look(partlyShipped.order))).toEqual([]);
  });

  test('goods that were marked Shipped by hand are not sent again because a part of the order is refunded', () => {
    const world = lookedAt(asPaid);
    world.look(asPaid.inStatus(2).order);
    expect(decisions(world.look(partlyRefunded.order)).filter((each) => each.startsWith('create'))).toEqual([]);
    expect(world.shipments.filter((s) => world.isBookable(s))).toEqual([]);
  });

  test('a store may choose that a refund in part stops an order', () => {
    const world = lookedAt(asPaid, liveSettings({ shipRemainder: false }));
    const [decision] = world.look(partlyRefunded.order).decisions;
    expect(decision).toMatchObject({ do: 'plan_anew', blocked: 'status_not_chosen' });
  });

  test('the record of one shipment does not stop the other, whatever a store chose', () => {
    const toTwo = anOrder().andTo(2).with(2, { addressId: 2 });
    const world = lookedAt(toTwo, liveSettings({ shipRemainder: false }));
    world.set(1, { phase: 'booked' });
    world.tell(1);
    const told = toTwo.inStatus(3).with(1, { quantityShipped: 1 });
    expect(decisions(world.look(told.order))).toEqual(['leave 1', 'leave 2']);
    expect(world.shipment(2).blocked).toBeNull();
  });
});

describe('a line that is replaced by a new one of the same goods', () => {
  const two = anOrder().with(1, { quantity: 2 });
  const replaced = two.without(1).with(9, { sku: 'SUKKA-1', quantity: 2 });

  test('a line that is replaced after booking by one of the same goods is one change: the label no longer matches, and no second label is planned', () => {
    const world = booked(two);
    expect(decisions(world.look(replaced.order))).toEqual(['raise 1 label_no_longer_matches']);
    expect(decisions(world.look(replaced.order))).toEqual(['raise 1 label_no_longer_matches']);
    expect(world.look(replaced.order).unshipped).toEqual({});
  });

  test('a replaced line stays covered by its label once a person has seen it, and when it was delivered', () => {
    const world = booked(two);
    world.look(replaced.order);
    world.accept(1);
    expect(decisions(world.look(replaced.order))).toEqual(['take lines 1']);
    expect(decisions(world.look(replaced.order))).toEqual(['leave 1']);
    world.set(1, { phase: 'delivered' });
    expect(decisions(world.look(replaced.order))).toEqual([]);
  });

  test('a line counts as replaced by its product where the shop changed or has no SKU', () => {
    const bySku = two.with(1, { sku: 'Villasukat-1' });
    const other = bySku.without(1).with(9, { sku: 'Villasukat-9', quantity: 2 });
    expect(decisions(booked(bySku).look(other.order))).toEqual(['raise 1 label_no_longer_matches']);
    const custom = two.with(1, { productId: 0, sku: 'Kaiverrus-1', name: 'Kaiverrus' });
    const again = custom.without(1).with(9, { productId: 0, sku: 'Kaiverrus-9', name: 'Kaiverrus', quantity: 2 });
    expect(decisions(booked(custom).look(again.order))).toEqual(['raise 1 label_no_longer_matches']);
  });

  test('a new line of other goods is shipped, and the label of the old ones needs a person', () => {
    const other = two.without(1).with(9, { productId: 12, quantity: 2 });
    expect(decisions(booked(two).look(other.order))).toEqual(['raise 1 refunded_after_booking', 'create 9×2']);
  });

  test('a new line of another variant of the product is of other goods', () => {
    const small = two.with(1, { sku: 'PAITA-S', variantId: 1 });
    const large = small.without(1).with(9, { sku: 'PAITA-L', variantId: 2, quantity: 2 });
    expect(decisions(booked(small).look(large.order))).toEqual(['raise 1 refunded_after_booking', 'create 9×2']);
  });

  test('a new line for another address is no replacement', () => {
    const elsewhere = two.andTo(2).without(1).with(9, { sku: 'SUKKA-1', quantity: 2, addressId: 2 });
    expect(decisions(booked(two).look(elsewhere.order))).toContain('create 9×2');
  });

  test('a replacing line ships only the units that are new, however the lines are divided', () => {
    const world = booked(two);
    const more = two.without(1).with(9, { sku: 'SUKKA-1' }).with(10, { sku: 'SUKKA-1', quantity: 2 });
    expect(decisions(world.look(more.order))).toEqual(['raise 1 label_no_longer_matches', 'create 10×1']);
    expect(decisions(world.look(more.order))).toEqual(['raise 1 label_no_longer_matches', 'leave 2']);
    expect(decisions(booked(two).look(two.without(1).with(9, { sku: 'SUKKA-1' }).order))).toEqual([
      'raise 1 refunded_after_booking',
    ]);
  });

  test('a line that is replaced before booking is planned anew in the same shipment, with what a person changed of it', () => {
    const world = new PlannedWorld();
    world.look(two.order);
    world.set(1, { override: { parcels: [{ weightGrams: 900 }] } });
    expect(decisions(world.look(replaced.order))).toEqual(['plan anew 1 9×2']);
    expect(decisions(world.look(replaced.order))).toEqual(['leave 1']);
  });

  test('a line that is replaced while an attempt is out waits for its outcome, and is not booked beside it', () => {
    const world = new PlannedWorld();
    world.look(two.order);
    world.set(1, { attemptOut: true });
    expect(decisions(world.look(replaced.order))).toEqual(['look again 1']);
  });

  test('a line that replaces one of a shipment that a person cancelled stays cancelled', () => {
    const world = new PlannedWorld();
    world.look(two.order);
    world.set(1, { phase: 'cancelled', keptBack: true });
    const plan = world.look(replaced.order);
    expect(decisions(plan)).toEqual([]);
    expect(plan.unshipped).toEqual({ cancelled_by_a_person: 2 });
  });

  test('a replaced line whose product was not kept, as of earlier plans, is known by its name', () => {
    const bySku = two.with(1, { sku: 'Villasukat-1' });
    const world = booked(bySku);
    world.set(1, { goods: [{ lineId: 1, sku: 'Villasukat-1', name: 'Villasukat', productId: 0, variantId: null }] });
    const other = bySku.without(1).with(9, { sku: 'Villasukat-9', quantity: 2 });
    expect(decisions(world.look(other.order))).toEqual(['raise 1 label_no_longer_matches']);
    const named = bySku.without(1).with(9, { sku: 'Kintaat-9', name: 'Kintaat', quantity: 2 });
    expect(decisions(world.look(named.order))).toEqual(['raise 1 refunded_after_booking', 'create 9×2']);
  });

  describe('a booked line of whose goods nothing was kept', () => {
    const unknown = (world: PlannedWorld, changes: Parameters<PlannedWorld['set']>[1] = {}) => {
      world.set(1, { goods: [], ...changes });
      return world;
    };
    const anything = two.without(1).with(9, { sku: 'KINTAAT-9', name: 'Kintaat', productId: 12, quantity: 2 });

    test('a line that may replace unknown goods gets no second label: a person is asked whether the parcel holds them', () => {
      const world = unknown(booked(two));
      expect(decisions(world.look(anything.order))).toEqual(['raise 1 label_no_longer_matches']);
      world.accept(1);
      expect(decisions(world.look(anything.order))).toEqual(['take lines 1']);
      expect(decisions(world.look(anything.order))).toEqual(['leave 1']);
    });

    test('a line that may replace unknown goods ships the units that are more than those that are gone', () => {
      const more = two.without(1).with(9, { sku: 'KINTAAT-9', quantity: 3 });
      expect(decisions(unknown(booked(two)).look(more.order))).toEqual([
        'raise 1 label_no_longer_matches',
        'create 9×1',
      ]);
    });

    test('a line that may replace unknown goods gets no second label by a shipment that was planned of them before', () => {
      const world = booked(two);
      world.look(anything.order);
      expect(world.shipments).toHaveLength(2);
      unknown(world);
      expect(decisions(world.look(anything.order))).toEqual([
        'raise 1 label_no_longer_matches',
        'cancel 2 shipped_by_somebody_else',
      ]);
    });

    test.each(['delivered', 'returned'] as const)(
      'a line that may replace unknown goods is not sent again where it is %s, and a person is asked',
      (phase) => {
        const plan = unknown(booked(two), { phase }).look(anything.order);
        expect(decisions(plan)).toEqual([]);
        expect(plan.unshipped).toEqual({ needs_attention: 2 });
      },
    );

    test('a replaced line of unknown goods raises no question about lines for another address, digital ones, and those that others shipped', () => {
      const others = two.andTo(2).without(1).with(9, { sku: 'KINTAAT-9', addressId: 2 });
      expect(decisions(unknown(booked(two)).look(others.order))).toContain('create 9×1');
      const digital = two.without(1).with(9, { kind: 'digital' }).with(10, { quantity: 2, quantityShipped: 2 });
      const plan = unknown(booked(two), { phase: 'delivered' }).look(digital.order);
      expect(decisions(plan)).toEqual([]);
      expect(plan.unshipped['needs_attention']).toBeUndefined();
    });
  });

  test('a line that is replaced by one of no product but the same name, as staff type one in, gets no second label', () => {
    const typedIn = two.without(1).with(9, { productId: 0, sku: 'Villasukat-9', quantity: 2 });
    expect(decisions(booked(two).look(typedIn.order))).toEqual(['raise 1 label_no_longer_matches']);
  });

  test('a replacing line that names no address goes to the first, as its goods do', () => {
    const world = booked(two);
    const anywhere = two.without(1).with(9, { sku: 'SUKKA-1', quantity: 2, addressId: null });
    expect(decisions(world.look(anywhere.order))).toEqual(['raise 1 label_no_longer_matches']);
    const second = two.andTo(2).with(1, { addressId: 2 });
    const first = second.without(1).with(9, { sku: 'SUKKA-1', quantity: 2, addressId: null });
    expect(decisions(booked(second).look(first.order))).toContain('create 9×2');
  });

  test('a line that is replaced in part keeps the goods of the rest, so that they get no second label when they are back under another line', () => {
    const world = booked(two);
    const inPart = two.without(1).with(9, { sku: 'SUKKA-1' });
    const look = (order: OrderBuilder) => decisions(world.look(order.order));
    expect(look(inPart)).toEqual(['raise 1 refunded_after_booking']);
    world.accept(1);
    expect(look(inPart)).toEqual(['raise 1 label_no_longer_matches']);
    world.accept(1);
    expect(look(inPart)).toEqual(['take lines 1']);
    const back = inPart.with(10, { sku: 'SUKKA-1' });
    expect(look(back)).toEqual(['raise 1 label_no_longer_matches']);
    expect(world.shipments).toHaveLength(1);
  });

  test('a replaced line that the shop had counted as shipped is not taken for a record that was deleted', () => {
    const world = booked(two);
    world.tell(1);
    expect(decisions(world.look(replaced.inStatus(2).order))).toEqual(['raise 1 label_no_longer_matches']);
  });
});

describe('after booking, with what the shop says otherwise', () => {
  const two = anOrder().with(1, { quantity: 2 });

  test('the status Refunded after booking asks a person, and takes nothing back by itself', () => {
    const refunded = two.inStatus(4).with(1, { quantityRefunded: 2 });
    expect(decisions(booked(two).look(refunded.order))).toEqual(['raise 1 refunded_after_booking']);
    expect(decisions(booked(two).look(two.inStatus(4).order))).toEqual(['raise 1 refunded_after_booking']);
  });

  test('units that the shop counts as shipped in smaller number than our records are not booked a second time', () => {
    const world = booked(two);
    world.tell(1);
    for (const quantityShipped of [0, 1]) {
      const plan = world.look(two.inStatus(3).with(1, { quantityShipped }).order);
      expect(decisions(plan)).toEqual(['raise 1 shop_shipment_deleted']);
      expect(world.shipments).toHaveLength(1);
    }
  });
});
