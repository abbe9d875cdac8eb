import type { Finding } from '../support/finding.ts';
import type { Foretold } from './outlook.ts';

/** What an outage of Posti came to. Seconds are ours, not the fast clock's. */
export interface Outage {
  readonly orders: number;
  /** Orders that ended as their scenario says. */
  readonly right: number;
  readonly liveBookings: number;
  readonly duplicates: number;
  readonly speed: number;
  /** Shipments that wait for a person. */
  readonly attention: number;
  /** Attempts of which nobody knows what came; each is listed and watched. */
  readonly possibleOrphans: number;
  readonly downSeconds: number;
  readonly downClockMinutes: number;
  /** Shipments that waited when Posti came back: by the rows, by the API, by the metrics. */
  readonly waiting: number;
  readonly saidByApi: number;
  readonly saidByMetrics: number;
  /** How often the API named an end although Posti was away: it can't know one. */
  readonly endsForetoldWhileDown: number;
  /** By system: how many different ones anybody could see. */
  readonly incidents: Readonly<Record<string, number>>;
  readonly notices: Readonly<Record<string, number>>;
  readonly bookingsAskedWhileDown: number;
  /** Log-ins and probes, which book nothing. */
  readonly questionsWhileDown: number;
  readonly firstBookedSeconds: number | null;
  readonly drainedSeconds: number;
  readonly bookedPerMinute: number;
  readonly foretold: { readonly api: Foretold | null; readonly metrics: Foretold | null };
  readonly busiestSecond: number;
  readonly throttledByPosti: number;
  readonly throttledByShops: number;
  readonly toldSeconds: number;
}

/** Of one address, by the order API (posti.md 2). */
const postiPerSecond = 50;

/**
 * Bookings that are out when Posti goes down, or that a worker lets go within the 0.3 s for which it believes an open row
 * (test/e2e/outages.test.ts). Each is a possible orphan; everything after that asks nothing that books.
 */
const mostAskedWhileDown = 8;

/** A forecast may be off by this factor: what is left is worked off faster or slower than what went before. */
const foretoldWithin = 2;
/** A smaller backlog is gone before there is a rate to speak of, but for one or two that had to be asked again. */
const worthForetelling = 200;

/** Each figure with its bound. Pure. */
export function judgeOutage(outage: Outage): Finding[] {
  const { incidents, notices, foretold } = outage;
  const exactly = (what: string, value: number, wanted: number): Finding => ({
    ...{ what, value, bound: `exactly ${wanted}`, met: value === wanted },
  });
  const atMost = (what: string, value: number, most: number): Finding => ({
    ...{ what, value, bound: `at most ${most}`, met: value <= most },
  });
  return [
    exactly('orders that ended as their scenario says', outage.right, outage.orders),
    exactly('shipments with two live bookings at Posti', outage.duplicates, 0),
    { what: 'Posti was down, in minutes of the fast clock', value: outage.downClockMinutes },
    { what: 'the same in our seconds', value: outage.downSeconds },
    exactly('incidents of Posti that were shown', incidents['posti'] ?? 0, 1),
    atMost('incidents of its tracking, which is an access of its own', incidents['posti_tracking'] ?? 0, 1),
    exactly('notices that Posti is paused', notices['account.paused posti'] ?? 0, 1),
    exactly('notices that it works again', notices['account.resumed posti'] ?? 0, 1),
    exactly('shipments that asked for a person', outage.attention, 0),
    { what: 'shipments that waited when Posti came back', value: outage.waiting },
    exactly('the same by the API', outage.saidByApi, outage.waiting),
    exactly('the same by the metrics', outage.saidByMetrics, outage.waiting),
    exactly('times that the API named an end while Posti was away', outage.endsForetoldWhileDown, 0),
    atMost('bookings that Posti was asked for while it was down', outage.bookingsAskedWhileDown, mostAskedWhileDown),
    { what: 'questions meanwhile whether it is back', value: outage.questionsWhileDown },
    atMost('attempts whose outcome nobody knows, all listed', outage.possibleOrphans, mostAskedWhileDown),
    { what: 'until the first was booked, in seconds', value: outage.firstBookedSeconds ?? 'not seen' },
    { what: 'until the backlog was drained, in seconds', value: outage.drainedSeconds },
    { what: 'booked a minute meanwhile', value: outage.bookedPerMinute },
    foretell('by the API', foretold.api, outage.waiting),
    foretell('by the metrics', foretold.metrics, outage.waiting),
    atMost('requests in the busiest second, by the books of Posti', outage.busiestSecond, postiPerSecond),
    exactly('requests that Posti throttled', outage.throttledByPosti, 0),
    { what: 'requests that shops throttled', value: outage.throttledByShops },
    { what: 'until every shop was told, in seconds', value: outage.toldSeconds },
  ];
}

function foretell(byWhom: string, foretold: Foretold | null, waiting: number): Finding {
  const what = `seconds to the end as foretold at the half, ${byWhom}`;
  if (waiting < worthForetelling) return { what, value: 'too few waited to say' };
  const bound = `within ${foretoldWithin} × of what it was`;
  if (!foretold) return { what, value: 'nothing', bound, met: false };
  const { said, was } = foretold;
  const isNear = said <= was * foretoldWithin && said * foretoldWithin >= was;
  return { what, value: `${Math.round(said)}, and it was ${Math.round(was)}`, bound, met: isNear };
}
