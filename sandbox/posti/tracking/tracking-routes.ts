import { Router, type RequestHandler } from 'express';
import type { Account, Booking, Parcel, Posti } from '../books.ts';
import { needsToken } from '../tokens.ts';
import { scansOf } from './progress.ts';
import { parcelShipment } from './tracking-wire.ts';

type Fits = (booking: Booking, parcel: Parcel) => boolean;
/** The bookings to look through for a value. */
type Among = (value: string) => readonly Booking[];

/** GET /tracking/7/shipments/… (posti.md 6.1). Refusals have no body. Nothing found is an empty answer. */
export function trackingRoutes(posti: Posti): Router {
  const router = Router();
  const shipments = '/tracking/7/shipments';

  const withNumber = createNumberIndex(posti);

  /** `contractOnly`: a search that the public role may not make. */
  const search = (path: string, contractOnly: boolean, fits: (value: string) => Fits, among?: Among) =>
    router.get(`${shipments}/${path}/:value`, needsToken(posti, 'tracking'), answer(contractOnly, fits, among));

  search(
    'trackingnumber',
    false,
    (value) => (_, parcel) => parcel.parcelNo === value,
    (value) => withNumber([value]),
  );
  const severalIn = (value: string) => value.split(',').map((each) => each.trim());
  search(
    'trackingnumbers',
    false,
    (value) => {
      const wanted = new Set(severalIn(value));
      return (_, parcel) => wanted.has(parcel.parcelNo);
    },
    (value) => withNumber(severalIn(value)),
  );
  search('senderreference', true, (value) => (booking) => booking.reference === value);
  search('ordernumber', true, (value) => (booking) => booking.orderNo === value);
  search('consignmentnumber', true, (value) => (booking) => booking.id === value);
  search('errandcode', true, (value) => (_, parcel) => parcel.sendingCode === value);
  for (const freightOnly of ['receiverreference', 'waybillnumber', 'goodsitemid']) {
    search(freightOnly, true, () => () => false);
  }
  return router;

  function answer(contractOnly: boolean, fits: (value: string) => Fits, among?: Among): RequestHandler {
    return (req, res) => {
      const account = res.locals.account as Account;
      const access = account.trackingAccess;
      if (access === 'none' || (contractOnly && access !== 'contract')) return void res.status(403).end();
      const { order, massUnit, type, lastModified, start, limit } = req.query;
      const first = Number(start ?? 0);
      const count = Math.min(Number(limit ?? 100), 100);
      if (!Number.isInteger(first) || first < 0 || !Number.isInteger(count) || count < 1) {
        return void res.status(400).end();
      }
      const since = typeof lastModified === 'string' ? new Date(lastModified) : undefined;
      if (since && Number.isNaN(since.getTime())) return void res.status(400).end();

      const value = String(req.params.value);
      const fitting = fits(value);
      const now = posti.clock.now();
      const found = (among?.(value) ?? posti.books.data.bookings)
        .filter((booking) => access === 'public' || account.contracts.includes(booking.contract))
        .flatMap((booking) =>
          booking.parcels.filter((parcel) => fitting(booking, parcel)).map((parcel) => ({ booking, parcel })),
        )
        .map((each) => ({ ...each, scans: scansOf(each.booking, each.parcel, now) }))
        .filter(({ scans }) => since === undefined || new Date(scans.at(-1)?.recordedAt ?? 0) >= since)
        .slice(first, first + count);
      res.json({
        parcelShipments:
          type === 'FREIGHT'
            ? []
            : found.map((each) =>
                parcelShipment({
                  ...each,
                  scans: each.scans.map((scan) => ({
                    ...scan,
                    at: scan.wallAt ?? posti.clock.wallTime(new Date(scan.at)).toISOString(),
                  })),
                  access,
                  order: order === 'ASC' ? 'ASC' : 'DESC',
                  massUnit: massUnit === 'GRAM' ? 'GRAM' : 'KILOGRAM',
                }),
              ),
        freightShipments: [],
      });
    };
  }
}

/** Bookings by the numbers of their parcels: polls for numbers are most of the traffic. Bookings are added, or all are gone. */
function createNumberIndex({ books }: Posti): (numbers: readonly string[]) => Booking[] {
  let of = books.data.bookings;
  let indexed = 0;
  const byNumber = new Map<string, Booking>();
  return (numbers) => {
    if (of !== books.data.bookings) {
      of = books.data.bookings;
      indexed = 0;
      byNumber.clear();
    }
    for (; indexed < of.length; indexed++) {
      for (const { parcelNo } of of[indexed]!.parcels) byNumber.set(parcelNo, of[indexed]!);
    }
    return [...new Set(numbers.flatMap((number) => byNumber.get(number) ?? []))];
  };
}
