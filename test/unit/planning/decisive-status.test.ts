import { expect, test } from 'vitest';
import { decisiveStatus } from '../../../src/planning/decisive-status.ts';

const [partiallyShipped, refunded, cancelled, awaiting, partiallyRefunded] = [3, 4, 5, 11, 14];

interface Case {
  readonly now: number;
  readonly before: number | null;
  readonly told?: boolean;
  readonly shipRemainder?: boolean;
  readonly statuses?: number[];
}

test.each<[string, Case, number]>([
  ['a status that somebody chose', { now: refunded, before: awaiting }, refunded],
  ['a refund in part of a paid order', { now: partiallyRefunded, before: awaiting }, awaiting],
  ['a part that somebody else shipped', { now: partiallyShipped, before: awaiting }, awaiting],
  ['the same where nothing was seen before', { now: partiallyShipped, before: null }, partiallyShipped],
  [
    'a refund in part of a cancelled order',
    { now: partiallyRefunded, before: cancelled, statuses: [partiallyRefunded] },
    cancelled,
  ],
  [
    'a status by itself that the store ships',
    { now: partiallyShipped, before: awaiting, statuses: [partiallyShipped] },
    partiallyShipped,
  ],
  [
    'a store that leaves the remainder, a refund in part',
    { now: partiallyRefunded, before: awaiting, shipRemainder: false },
    partiallyRefunded,
  ],
  [
    'the same of an order that the shop was told of',
    { now: partiallyRefunded, before: awaiting, shipRemainder: false, told: true },
    partiallyRefunded,
  ],
  [
    'the same, a part that somebody else shipped',
    { now: partiallyShipped, before: awaiting, shipRemainder: false },
    partiallyShipped,
  ],
  [
    'the same, a part that we told of',
    { now: partiallyShipped, before: awaiting, shipRemainder: false, told: true },
    awaiting,
  ],
])(
  'the decisive status of an order is found: %s',
  (_name, { now, before, told = false, shipRemainder = true, statuses = [awaiting] }, decides) =>
    expect(decisiveStatus(now, { chosenStatusId: before, told }, { statuses, shipRemainder })).toBe(decides),
);
