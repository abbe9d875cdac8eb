import { expect, test } from 'vitest';
import { stillCancelled } from '../../../src/planning/still-cancelled.ts';
import { anOrder } from '../../support/order-builder.ts';

const takenBack = { cancelling: true, shopHasRecord: true };
const [incomplete, shipped, partiallyShipped, cancelled, declined, completed, awaiting] = [0, 2, 3, 5, 6, 10, 11];

test.each([
  ['what our record made of a cancelled order is no news', { before: cancelled, now: shipped }, cancelled],
  ['nor is a part of it', { before: declined, now: partiallyShipped }, declined],
  ['nor Completed, which stores may ask for', { before: cancelled, now: completed }, cancelled],
  ['an order that was never cancelled is as it reads', { before: awaiting, now: shipped }, shipped],
  ['one that is read for the first time, too', { before: undefined, now: shipped }, shipped],
  ['the merchant may open a cancelled order again', { before: cancelled, now: awaiting }, awaiting],
  ['or do anything else to it', { before: cancelled, now: incomplete }, incomplete],
  ['a shipment that stays explains nothing', { before: cancelled, now: shipped, cancelling: false }, shipped],
  ['nor does one of which the shop has no record', { before: cancelled, now: shipped, shopHasRecord: false }, shipped],
])(
  'the status of a cancelled order is read while its shipment is taken back: %s',
  (_name, { before, now, ...shipment }, status) => {
    const { order } = anOrder().inStatus(now);
    expect(stillCancelled(order, before, [{ ...takenBack, ...shipment }]).statusId).toBe(status);
  },
);
