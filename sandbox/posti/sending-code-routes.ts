import { createHash } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { gatewayError } from './answers.ts';
import type { Account, Booking, Parcel, Posti } from './books.ts';
import { sendingCodesOf, testOutcome } from './sending-code-habits.ts';
import { readStrictly } from './strict-body.ts';
import { needsToken } from './tokens.ts';

const codeRequest = z.strictObject({
  searchCriteria: z.strictObject({ trackingNumber: z.string() }),
  validation: z.strictObject({ noEdiCheck: z.boolean() }).optional(),
});

/** Sending codes, for senders without a printer (posti.md 5.5). A parcel keeps the code that it was given first. */
export function sendingCodeRoutes(posti: Posti, release: string): Router {
  const router = Router();
  const allowed = needsToken(posti, release);
  const habits = () => sendingCodesOf(posti.books.data);
  const find = (fits: (parcel: Parcel) => boolean, account: Account) => {
    for (const booking of posti.books.data.bookings) {
      if (!account.contracts.includes(booking.contract)) continue;
      const parcel = booking.parcels.find(fits);
      if (parcel) return { booking, parcel };
    }
    return undefined;
  };
  const hasData = ({ createdAt }: Booking) =>
    posti.clock.now().getTime() >= new Date(createdAt).getTime() + habits().dataAfterHours * 3_600_000;

  /** That a token and a role are wanted also with the header is an assumption: no source says otherwise. */
  const mocked = (res: Response, trackingNumber: string, noEdiCheck: boolean) => {
    const outcome = testOutcome(habits(), trackingNumber);
    if (outcome === 'not found') return notFound(res);
    if (outcome === 'no data' && !noEdiCheck) return noData(res, habits().refusalWithoutData);
    sendCode(res, trackingNumber, codeOf('x-test-environment', trackingNumber));
  };

  router.post(`/${release}/labelless`, allowed, (req, res) => {
    const body = readStrictly(req, res, codeRequest);
    if (body === undefined) return;
    const { trackingNumber } = body.searchCriteria;
    const noEdiCheck = body.validation?.noEdiCheck === true;
    if (isTest(req)) return mocked(res, trackingNumber, noEdiCheck);
    const found = find((parcel) => parcel.parcelNo === trackingNumber, res.locals.account as Account);
    if (found === undefined) return notFound(res);
    // By default it is checked that the shipment's data came by EDI (posti.md 5.5 [V]). How that is refused, and that the
    // additional service is asked for in either case, is inferred.
    if (!noEdiCheck && !hasData(found.booking)) return noData(res, habits().refusalWithoutData);
    if (!found.booking.addons.includes('3196')) {
      const message = 'Shipment not allowed for helposti code generation, Additional service 3196 is missing';
      return gatewayError(res, 'NOT_FOUND', message);
    }
    found.parcel.sendingCode ??= codeOf(found.booking.id, found.parcel.parcelNo);
    posti.books.touch();
    sendCodeOf(res, found.parcel);
  });

  router.get(`/${release}/labelless/:trackingNumber`, allowed, (req, res) => {
    const trackingNumber = String(req.params.trackingNumber);
    if (isTest(req)) return mocked(res, trackingNumber, false);
    const found = find((parcel) => parcel.parcelNo === trackingNumber, res.locals.account as Account);
    sendCodeOf(res, found?.parcel);
  });

  // The outcome of a test hangs on a tracking number, and this names none: what the header does here is not known.
  router.get(`/${release}/labelless/shipment/:sendingCode`, allowed, (req, res) => {
    const { sendingCode } = req.params;
    sendCodeOf(res, find((parcel) => parcel.sendingCode === sendingCode, res.locals.account as Account)?.parcel);
  });
  return router;
}

/** Sending codes alone are mocked by it; an order with this header is an order (posti.md 2 names nothing else). */
const isTest = (req: Request): boolean => req.get('x-test-environment') === 'true';

function sendCodeOf(res: Response, parcel: Parcel | undefined): void {
  if (parcel?.sendingCode === undefined) return notFound(res);
  sendCode(res, parcel.parcelNo, parcel.sendingCode);
}

const sendCode = (res: Response, trackingNumber: string, sendingCode: string): void =>
  void res.json({ shipments: [{ trackingNumber, sendingCode }] });

const notFound = (res: Response) => gatewayError(res, 'NOT_FOUND', 'Shipment not found');
const noData = (res: Response, code: 'NOT_FOUND' | 'CLIENT_ERROR') =>
  gatewayError(res, code, 'Shipment not allowed for helposti code generation, EDI data is missing');

/** Six characters of 0-9A-F (posti.md 5.5). */
function codeOf(booking: string, parcelNo: string): string {
  return createHash('sha256').update(`${booking} ${parcelNo}`).digest('hex').slice(0, 6).toUpperCase();
}
