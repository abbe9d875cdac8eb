import { createHash } from 'node:crypto';
import { Router, type Response } from 'express';
import { z } from 'zod';
import { gatewayError } from './answers.ts';
import type { Account, Booking, Parcel, Posti } from './books.ts';
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
  const find = (fits: (parcel: Parcel) => boolean, account: Account) => {
    for (const booking of posti.books.data.bookings) {
      if (!account.contracts.includes(booking.contract)) continue;
      const parcel = booking.parcels.find(fits);
      if (parcel) return { booking, parcel };
    }
    return undefined;
  };

  router.post(`/${release}/labelless`, allowed, (req, res) => {
    const body = readStrictly(req, res, codeRequest);
    if (body === undefined) return;
    const { trackingNumber } = body.searchCriteria;
    const found = find((parcel) => parcel.parcelNo === trackingNumber, res.locals.account as Account);
    if (found === undefined) return notFound(res);
    if (!found.booking.addons.includes('3196')) {
      const message = 'Shipment not allowed for helposti code generation, Additional service 3196 is missing';
      return gatewayError(res, 'NOT_FOUND', message);
    }
    found.parcel.sendingCode ??= codeOf(found.booking, found.parcel);
    posti.books.touch();
    sendCode(res, found.parcel);
  });

  router.get(`/${release}/labelless/:trackingNumber`, allowed, (req, res) => {
    const { trackingNumber } = req.params;
    const found = find((parcel) => parcel.parcelNo === trackingNumber, res.locals.account as Account);
    sendCode(res, found?.parcel);
  });

  router.get(`/${release}/labelless/shipment/:sendingCode`, allowed, (req, res) => {
    const { sendingCode } = req.params;
    sendCode(res, find((parcel) => parcel.sendingCode === sendingCode, res.locals.account as Account)?.parcel);
  });
  return router;
}

function sendCode(res: Response, parcel: Parcel | undefined): void {
  if (parcel?.sendingCode === undefined) return notFound(res);
  res.json({ shipments: [{ trackingNumber: parcel.parcelNo, sendingCode: parcel.sendingCode }] });
}

const notFound = (res: Response) => gatewayError(res, 'NOT_FOUND', 'Shipment not found');

/** Six characters of 0-9A-F (posti.md 5.5). */
function codeOf(booking: Booking, parcel: Parcel): string {
  return createHash('sha256').update(`${booking.id} ${parcel.parcelNo}`).digest('hex').slice(0, 6).toUpperCase();
}
