import { isInCalendar } from '../../http-client/calendar.ts';

/**
 * The instant that Posti means by the time of a scan, or null where that cannot be said for certain: then the scan is kept
 * with its time as it came, and nothing is guessed. Pure, and the same on every machine: `Date.parse` is not, which reads a
 * time without an offset in the machine's own zone, and `1.6.2026` as 6 January.
 *
 * Posti's formats are not public (posti.md 6.1). Taken are:
 * - ISO 8601 with an offset or Z
 * - the same without, and `1.6.2026 14.05` as Finns write it: wall time in Finland [I], which the other Posti API shows too
 *   (carriers.md 2, status)
 * - seconds or milliseconds since 1970, which no year of this century can be mistaken for
 *
 * Not taken are dates without a time, slashes (whose order of day and month differs by country) and anything else.
 */
export function readScanTime(value: unknown): Date | null {
  if (typeof value === 'number') return readEpoch(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d{10,13}$/.test(text)) return readEpoch(Number(text));

  const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(
    text,
  );
  if (iso) {
    const [, year, month, day, hour, minute, second = '0', fraction = '', offset] = iso;
    const wall = wallTime([year, month, day, hour, minute, second], fraction);
    if (wall === null) return null;
    return offset === undefined ? inFinland(wall) : withOffset(wall, offset);
  }
  const finnish = /^(\d{1,2})\.(\d{1,2})\.(\d{4}),?\s+(?:klo\s+)?(\d{1,2})[.:](\d\d)(?:[.:](\d\d))?$/i.exec(text);
  if (finnish) {
    const [, day, month, year, hour, minute, second = '0'] = finnish;
    const wall = wallTime([year, month, day, hour, minute, second], '');
    return wall === null ? null : inFinland(wall);
  }
  return null;
}

const [year2001, year2100] = [1_000_000_000, 4_102_444_800];

function readEpoch(value: number): Date | null {
  if (value >= year2001 && value < year2100) return new Date(value * 1000);
  if (value >= year2001 * 1000 && value < year2100 * 1000) return new Date(value);
  return null;
}

/** What a clock on the wall shows, in milliseconds as if it hung in UTC; null for what no clock and calendar show. */
function wallTime(parts: readonly (string | undefined)[], fraction: string): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const wall = new Date(
    Date.UTC(2000, month - 1, day, hour, minute, second, Number(fraction.padEnd(3, '0').slice(0, 3))),
  );
  wall.setUTCFullYear(year, month - 1, day);
  const isShown =
    wall.getUTCFullYear() === year &&
    wall.getUTCMonth() === month - 1 &&
    wall.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  return isShown && isInCalendar(wall) ? wall.getTime() : null;
}

function withOffset(wall: number, offset: string): Date | null {
  if (/^z$/i.test(offset)) return new Date(wall);
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  const offsetMinutes = Number(hours) * 60 + Number(minutes);
  if (offsetMinutes > 14 * 60 || Number(minutes) > 59) return null;
  const at = new Date(wall - (sign === '-' ? -1 : 1) * offsetMinutes * 60_000);
  return isInCalendar(at) ? at : null;
}

const finnishClock = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: 'Europe/Helsinki', hourCycle: 'h23' },
  ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
});
const dayMs = 86_400_000;

/**
 * When a clock in Finland shows this. An hour that the clocks skip in March was never shown, so that what names it means
 * something else: null. One that they show twice in October is taken as the first, as calendars do (RFC 5545, 3.3.5).
 */
function inFinland(wall: number): Date | null {
  const shown = [offsetInFinland(wall - dayMs), offsetInFinland(wall + dayMs)]
    .map((offset) => wall - offset)
    .filter((at) => at + offsetInFinland(at) === wall);
  return shown.length === 0 ? null : new Date(Math.min(...shown));
}

/** Milliseconds by which Finland's clocks are ahead of UTC at an instant. */
function offsetInFinland(at: number): number {
  const parts = Object.fromEntries(finnishClock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  return wall.setUTCHours(hour, minute, second) - Math.floor(at / 1000) * 1000;
}
