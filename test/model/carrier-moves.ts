import fc from 'fast-check';
import type { Fault } from '../../sandbox/faults.ts';
import type { NextAnswer } from './on-the-way.ts';
import { move, type Move } from './move.ts';

/** What Posti answers, when it answers, and what it says of the parcels. */

const answers = (name: string, next: NextAnswer): fc.Arbitrary<Move> =>
  fc.constant(
    move({
      name,
      hurried: true,
      play: (order) => Promise.resolve(order.onTheWay.expect(next)),
    }),
  );

const harm = (name: string, fault: Fault): fc.Arbitrary<Move> =>
  fc.constant(move({ name, hurried: true, play: (order) => order.harm(fault) }));

const labelLate: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'the next label comes as a link, which fails twice',
    hurried: true,
    play(order) {
      order.onTheWay.expect('with a link only');
      order.onTheWay.failLabels(2);
      return Promise.resolve();
    },
  }),
);

const letGo = (how: 'arrives' | 'is lost'): fc.Arbitrary<Move> =>
  fc.constant(
    move({
      name: `what is on the way ${how}`,
      fits: ({ facts }) => facts.held.length > 0,
      play: (order) => Promise.resolve(order.onTheWay.letAllGo(how)),
    }),
  );

const ask: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'time passes, and Posti is asked about the parcels',
    fits: ({ isAtRest }) => isAtRest,
    async play(order, story) {
      await order.askPosti();
      story.hasNewScans = false;
    },
  }),
);

const silence: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'four days pass, and Posti is asked about the parcels',
    fits: ({ isAtRest }) => isAtRest,
    async play(order, story) {
      await order.daysPass(4);
      await order.askPosti();
      story.hasNewScans = false;
    },
  }),
);

/** A scan of a parcel that counts; it is news to us only when Posti is asked. */
const scan = (name: string, code: string, hoursAgo = 0): fc.Arbitrary<Move> =>
  fc.tuple(fc.nat(1), fc.boolean()).map(([which, asked]) =>
    move({
      name: `shipment ${which + 1} is ${name}${asked ? ', which Posti says when it is asked' : ''}`,
      fits: ({ shipments, isAtRest }) => isAtRest && (shipments[which]?.trackingNumbers.length ?? 0) > 0,
      async play(order, story) {
        const at = hoursAgo > 0 ? new Date(Date.now() - hoursAgo * 3_600_000) : undefined;
        for (const number of story.shipments[which]?.trackingNumbers ?? []) await order.scan(number, code, at);
        story.hasNewScans = true;
        if (!asked) return;
        await order.askPosti();
        story.hasNewScans = false;
      },
    }),
  );

const strayScan: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'a parcel moves whose label was replaced or never came',
    async play(order) {
      const bookings = new Map((await order.hand.bookings()).map((booking) => [booking.reference, booking]));
      const stray = (await order.hand.attempts()).find(
        ({ watch, reference }) => watch !== null && bookings.has(reference),
      );
      for (const { parcelNo } of bookings.get(stray?.reference ?? '')?.parcels ?? []) await order.scan(parcelNo, 'VAS');
      await order.watch();
    },
  }),
);

const lockOut: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'Posti no longer lets the account book',
    hurried: true,
    play: (order) => order.lockOut(),
  }),
);

const letIn: fc.Arbitrary<Move> = fc.constant(
  move({
    name: 'Posti lets the account book again',
    fits: ({ facts }) => facts.isLockedOut,
    play: (order) => order.letIn(),
  }),
);

const isHeld = [
  answers("Posti's next answer will lie on the way", 'held'),
  answers('the next label comes as a link, whose answer will lie on the way', 'with a link that is held'),
];

const isUnknown = [
  harm('Posti will book the next and say nothing', { kind: 'hangup-after' }),
  harm('Posti will not hear of the next booking', { kind: 'hangup-before' }),
  harm('Posti will answer the next booking with garbage', { kind: 'garbage' }),
];

/** What waits for the next booking. */
export const carrierTroubles = {
  isHeld,
  lockOut,
  all: [
    ...isHeld,
    ...isUnknown,
    labelLate,
    answers('the next label comes as a link that is gone', 'with a link that is gone'),
    lockOut,
    harm('Posti will throttle the next booking', { kind: 'throttle' }),
    harm('Posti will refuse the next booking', { kind: 'status', status: 422, body: { message: 'no' } }),
  ],
} as const;

export const carrierMoves = {
  answers: [letGo('arrives'), letGo('is lost')],
  account: [letIn],
  tracking: [
    ask,
    silence,
    scan('received', 'VAS'),
    scan('scanned in the sorting', 'LAJ'),
    scan('delivered', 'LUO'),
    scan('on its way back', 'PAL'),
    scan('returned', 'PTL'),
    scan('said to have been received long ago', 'VAS', 5),
    strayScan,
  ],
} as const;
