import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScanTime } from '../../src/carriers/posti/scan-time.ts';

const read = (value: unknown) => readScanTime(value)?.toISOString() ?? null;

describe('the time of a scan', () => {
  test.each<[string, unknown, string]>([
    ['in UTC', '2026-06-01T11:05:00Z', '2026-06-01T11:05:00.000Z'],
    ['with an offset', '2026-06-01T14:05:00+03:00', '2026-06-01T11:05:00.000Z'],
    ['with an offset without a colon', '2026-06-01T14:05:00.250+0300', '2026-06-01T11:05:00.250Z'],
    ['with an offset in hours', '2026-06-01 09:05-02', '2026-06-01T11:05:00.000Z'],
    ['without an offset in summer is Finland’s', '2026-06-01T14:05:00', '2026-06-01T11:05:00.000Z'],
    ['without an offset in winter is Finland’s', '2026-12-01 14:05:00', '2026-12-01T12:05:00.000Z'],
    ['without seconds', '2026-12-01T14:05', '2026-12-01T12:05:00.000Z'],
    ['with fractions beyond milliseconds', '2026-12-01T14:05:00.123456', '2026-12-01T12:05:00.123Z'],
    ['as Finns write it is day, then month', '1.6.2026 14.05', '2026-06-01T11:05:00.000Z'],
    ['as Finns write it, with colons and seconds', '01.06.2026 klo 14:05:09', '2026-06-01T11:05:09.000Z'],
    ['in seconds since 1970', 1_780_311_900, '2026-06-01T11:05:00.000Z'],
    ['in milliseconds since 1970', 1_780_311_900_000, '2026-06-01T11:05:00.000Z'],
    ['in seconds since 1970, as a text', '1780311900', '2026-06-01T11:05:00.000Z'],
    ['just before Finland’s clocks skip an hour', '2026-03-29T02:59:59', '2026-03-29T00:59:59.000Z'],
    ['just after they skipped it', '2026-03-29T04:00:00', '2026-03-29T01:00:00.000Z'],
    ['in the hour that they show twice is the first of the two', '2026-10-25T03:30:00', '2026-10-25T00:30:00.000Z'],
    ['after that hour', '2026-10-25T04:00:00', '2026-10-25T02:00:00.000Z'],
    ['in the hour that they show twice, with its offset', '2026-10-25T03:30:00+02:00', '2026-10-25T01:30:00.000Z'],
  ])('the time of a scan is read: %s', (_name, value, instant) => expect(read(value)).toBe(instant));

  test.each<[string, unknown]>([
    ['in the hour that Finland’s clocks skip', '2026-03-29T03:30:00'],
    ['with slashes, whose order differs by country', '1/6/2026 14:05'],
    ['that is only a date', '2026-06-01'],
    ['that is only a date, as Finns write it', '1.6.2026'],
    ['of a day that no calendar has', '2026-02-30T08:00:00Z'],
    ['of an hour that no clock shows', '2026-06-01T24:00:00Z'],
    ['with an offset that no place has', '2026-06-01T14:05:00+19:00'],
    ['with the name of a zone', '2026-06-01T14:05:00[Europe/Stockholm]'],
    ['in English words', 'Jun 1, 2026 2:05 PM'],
    ['in digits of neither seconds nor milliseconds', 20260601],
    ['in digits without anything between', '20260601140500'],
    ['of zero', 0],
    ['that is no number', Number.NaN],
    ['in an object', { date: '2026-06-01' }],
    ['that is missing', undefined],
  ])('the time of a scan is not guessed where it is written %s', (_name, value) => expect(read(value)).toBeNull());

  test('the time of a scan that a clock in Finland shows is that instant, but for the hour that is shown twice', () => {
    const clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Helsinki',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const instants = fc.date({ min: new Date('2001-01-01Z'), max: new Date('2099-12-31Z'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, (at) => {
        const second = Math.floor(at.getTime() / 1000) * 1000;
        const shown = clock.format(second);
        const wasShown = clock.format(second - 3_600_000) === shown;
        expect(readScanTime(shown)?.getTime()).toBe(wasShown ? second - 3_600_000 : second);
      }),
    );
  });

  test('the time and the key of a scan are the same on every machine', () => {
    const script = fileURLToPath(new URL('scan-keys.ts', import.meta.url));
    const keysIn = (TZ: string) =>
      execFileSync(process.execPath, ['--import', 'tsx', script], { env: { ...process.env, TZ }, encoding: 'utf8' });
    const here = keysIn('Europe/Helsinki');
    expect(JSON.parse(here)).toEqual([
      'undated 1/6/2026 LAJ',
      '2026-06-01T11:05:00.000Z VAS',
      '2026-10-25T00:30:00.000Z KUL',
      '2026-12-01T12:05:00.000Z LUO',
    ]);
    expect(keysIn('America/New_York')).toBe(here);
    expect(keysIn('UTC')).toBe(here);
  });
});
