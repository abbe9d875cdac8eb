import { expect, test } from 'vitest';
import { statusToRestore } from '../../../src/write-back/status-to-restore.ts';
import type { StatusStory } from '../../../src/write-back/withdrawals.sql.ts';

const [shipped, partiallyShipped, cancelled, disputed, completed, awaiting] = [2, 3, 5, 13, 10, 11];
const alone: StatusStory = {
  ...{ statusBefore: awaiting, statusRead: awaiting },
  ...{ othersTold: false, coversAll: true, othersCoverAll: false, completedByUs: false },
};
const others: StatusStory = { ...alone, othersTold: true };

test.each<[string, number, StatusStory, recordsLeft: number, number | null]>([
  ['Shipped by our only record: as it was before', shipped, alone, 0, awaiting],
  [
    'Partially Shipped by our only record: as it was before',
    partiallyShipped,
    { ...alone, coversAll: false },
    0,
    awaiting,
  ],
  [
    'Shipped, though our record was of a part: that was somebody else',
    shipped,
    { ...alone, coversAll: false },
    0,
    null,
  ],
  ['Completed, not by us: left', completed, alone, 0, null],
  ['Completed by us: as it was before', completed, { ...alone, completedByUs: true }, 0, awaiting],
  ['a status that the merchant chose meanwhile: left', disputed, { ...alone, completedByUs: true }, 0, null],
  ['somebody else still has a record: left', shipped, alone, 1, null],
  ['what it was before is not known: left', shipped, { ...alone, statusBefore: null }, 0, null],
  ['cancelled while our record was on its way: cancelled', shipped, { ...alone, statusRead: cancelled }, 0, cancelled],
  [
    'cancelled meanwhile, and what it was before is not known: left',
    shipped,
    { ...alone, statusBefore: null, statusRead: cancelled },
    0,
    null,
  ],
  ['it was Shipped before: nothing to set', shipped, { ...alone, statusBefore: shipped }, 0, null],
  ['another record of ours stands, of a part: Partially Shipped', shipped, others, 1, partiallyShipped],
  ['the same, and it says so already', partiallyShipped, others, 1, null],
  ['another record of ours stands, of all: left', shipped, { ...others, othersCoverAll: true }, 1, null],
  ['another stands, but ours never covered all', partiallyShipped, { ...others, coversAll: false }, 1, null],
  ['another may stand, and the shop has none', shipped, others, 0, null],
  [
    'another stands, of an order that is cancelled: left to the last',
    shipped,
    { ...others, statusRead: cancelled },
    1,
    null,
  ],
])('the status to restore after a record is deleted: %s', (_name, statusNow, story, recordsLeft, status) =>
  expect(statusToRestore(statusNow, story, recordsLeft)).toBe(status),
);
