import { describe, expect, test } from 'vitest';
import { eventKey } from '../../../src/tracking/event-key.ts';
import { trackingLink } from '../../../src/tracking/links.ts';
import { languageOf } from '../../../src/domain/language.ts';
import { pollInterval } from '../../../src/tracking/poll-interval.ts';
import { statusText } from '../../../src/tracking/texts.ts';
import type { DeliveryStatus } from '../../../src/domain/delivery-status.ts';

const statuses: readonly DeliveryStatus[] = [
  ...(['unknown', 'registered', 'received', 'in_transit', 'customs', 'out_for_delivery'] as const),
  ...(['ready_for_pickup', 'delivered', 'returning', 'returned'] as const),
];

test.each([
  ['fi', 'https://www.posti.fi/fi/seuranta#/lahetys/JJFI65432100000000001'],
  ['sv', 'https://www.posti.fi/sv/uppfoljning#/lahetys/JJFI65432100000000001?lang=sv'],
  ['en', 'https://www.posti.fi/en/tracking#/lahetys/JJFI65432100000000001?lang=en'],
] as const)('the tracking page has its own link in %s', (language, link) =>
  expect(trackingLink('JJFI65432100000000001', language)).toBe(link),
);

test('a number with odd characters stays inside its link', () =>
  expect(trackingLink('A/B ?#')).toBe('https://www.posti.fi/fi/seuranta#/lahetys/A%2FB%20%3F%23'));

test.each([
  ['fi', 'fi'],
  ['sv-FI', 'sv'],
  ['en_US', 'en'],
  ['et', 'en'],
  ['', 'fi'],
  [null, 'fi'],
])('a shopper of locale %j reads %s', (locale, language) => expect(languageOf(locale)).toBe(language));

test('the status of a parcel is worded in the shopper’s language', () => {
  expect(statusText('ready_for_pickup', 'fi')).toBe('Lähetys on noudettavissa');
  expect(statusText('delivered', 'sv')).toBe('Försändelsen har levererats');
  expect(statusText('registered', 'en')).toBe('The parcel has not reached Posti yet');
});

test('each status has a text of its own in each language', () => {
  for (const language of ['fi', 'sv', 'en'] as const) {
    const words = statuses.map((status) => statusText(status, language));
    expect(words.filter((text) => /^\p{Lu}.{10}/u.test(text))).toEqual(words);
    expect(new Set(words).size).toBe(statuses.length);
  }
});

const poll = { beforeFirstScan: 1, inTransit: 2, nearTheEnd: 3 };
test.each<[DeliveryStatus, number | null]>([
  ['unknown', 1],
  ['registered', 1],
  ['received', 2],
  ['in_transit', 2],
  ['customs', 2],
  ['returning', 2],
  ['out_for_delivery', 3],
  ['ready_for_pickup', 3],
  ['delivered', null],
  ['returned', null],
])('a parcel that is %s is asked about after %j', (status, interval) =>
  expect(pollInterval(status, poll)).toBe(interval),
);

describe('the key of a scan', () => {
  const at = new Date('2026-06-01T08:00:00Z');
  const scan = { at, code: 'LUO', status: 'delivered', place: 'HELSINKI' } as const;

  test('the key of a scan is the same when place or reading come later', () =>
    expect(eventKey({ ...scan, place: null, status: null, code: ' luo' })).toBe(eventKey(scan)));
  test('the key of a scan differs by instant and by code', () => {
    expect(eventKey({ ...scan, at: new Date(at.getTime() + 1000) })).not.toBe(eventKey(scan));
    expect(eventKey({ ...scan, code: 'LAJ' })).not.toBe(eventKey(scan));
  });
  test.each(['', '  '])('the key of a scan with the code "%s" is made of its other fields', (code) =>
    expect(eventKey({ ...scan, code })).toBe('2026-06-01T08:00:00.000Z delivered@HELSINKI'),
  );
  test('the key of a scan without other fields is its instant alone', () =>
    expect(eventKey({ at, code: '', status: null, place: null })).toBe('2026-06-01T08:00:00.000Z @'));
  test('the key of a scan without a readable instant differs by what the carrier wrote', () => {
    expect(eventKey({ ...scan, at: null })).toBe('undated LUO');
    expect(eventKey({ ...scan, at: null, atRaw: '31.6. klo 9' })).toBe('undated 31.6. klo 9 LUO');
  });
});
