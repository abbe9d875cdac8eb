import fc from 'fast-check';

/** What is drawn once for each order: how its store and its engine are set, and what was ordered. */
export interface Setting {
  readonly moment: 'booked' | 'printed' | 'first_scan';
  readonly onUnknown: 'book_again' | 'ask';
  /** Goods to a second address make a second shipment. */
  readonly twoAddresses: boolean;
  readonly paid: boolean;
  /** How long a run waits when nothing can be done: moments, so that it is mostly over, or for the whole story. */
  readonly lingerMs: number;
}

export const settings: fc.Arbitrary<Setting> = fc.record({
  moment: fc.constantFrom('booked', 'booked', 'printed', 'first_scan'),
  onUnknown: fc.constantFrom('book_again', 'ask'),
  twoAddresses: fc.boolean(),
  paid: fc.constantFrom(true, true, true, false),
  lingerMs: fc.constantFrom(60_000, 50),
});

export const describeSetting = ({ moment, onUnknown, twoAddresses, paid, lingerMs }: Setting): string =>
  [
    `the shop is told when ${moment.replace('_', ' ')}`,
    onUnknown === 'ask' ? 'a person is asked about unknown bookings' : 'unknown bookings are booked again',
    twoAddresses ? 'goods to two addresses' : 'goods to one address',
    paid ? 'paid' : 'not paid yet',
    lingerMs < 1_000 ? 'runs end soon' : 'runs linger',
  ].join(', ');
