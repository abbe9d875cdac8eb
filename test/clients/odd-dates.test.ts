import { expect, test } from 'vitest';
import { instantOrNull } from '../../src/bigcommerce/wire-values.ts';
import { readTracking } from '../../src/carriers/posti/tracking.ts';

const odd = ['-271821-04-20T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '0000-01-01', 'soon', ''];

test.each(odd)('a scan at "%s" gets no time and does not count, and the others do', (timeStamp) => {
  const events = [
    { eventCode: 'A', timeStamp },
    { eventCode: 'B', timeStamp: '2026-11-20T08:00:00Z' },
  ];
  const text = JSON.stringify({ parcelShipments: [{ trackingNumbers: ['JJFI1'], events }] });
  const answer = { status: 200, headers: {}, text, bytes: Buffer.from(text) };
  const [parcel] = readTracking('track', answer, new Date('2026-11-22T00:00:00Z'));
  expect(parcel!.scans.filter(({ at }) => at !== null)).toMatchObject([
    { code: 'B', at: new Date('2026-11-20T08:00:00Z') },
  ]);
  expect(parcel!.scans.filter(({ at }) => at === null).every(({ status }) => status === null)).toBe(true);
});

test.each(odd)('a date of a shop that reads "%s" is read as none', (text) =>
  expect(instantOrNull.parse(text)).toBeNull(),
);
