import { Router } from 'express';
import { z } from 'zod';
import type { Posti } from './books.ts';
import { readStrictly } from './strict-body.ts';
import { needsToken } from './tokens.ts';

const place = z.strictObject({
  countryCode: z.string(),
  postcode: z.string().optional(),
  pupCode: z.string().optional(),
  gln: z.string().optional(),
});

const estimateRequest = z.strictObject({
  estimate: z.strictObject({
    time: z.iso.datetime({ offset: true }),
    origin: place,
    destination: place,
    product: z.strictObject({ code: z.string(), additionalServicesCodes: z.array(z.string()).optional() }),
    logisticsPhase: z.strictObject({ event: z.string(), reason: z.string() }).optional(),
    shipmentSeq: z.string().optional(),
    senderAgreement: z.string().optional(),
    payerAgreement: z.string().optional(),
    shipmentType: z.string().optional(),
    partyName: z.string().optional(),
  }),
});

/** Business days on the way, by product; the real ones depend on the route. */
const businessDays: Record<string, number> = { '2102': 1, '2103': 2, '2104': 2, '2461': 3, '2331': 4, '2711': 5 };

/** Delivery estimates (posti.md 5.4): a time, or null for a product without any. */
export function estimateRoutes(posti: Posti, release: string): Router {
  const router = Router();
  router.post(`/${release}/estimate`, needsToken(posti, release), (req, res) => {
    const body = readStrictly(req, res, estimateRequest);
    if (body === undefined) return;
    const { time, product } = body.estimate;
    const days = businessDays[product.code];
    res.json({ estimates: [{ time: days === undefined ? null : afterBusinessDays(new Date(time), days) }] });
  });
  return router;
}

function afterBusinessDays(from: Date, days: number): string {
  const date = new Date(from);
  for (let left = days; left > 0;) {
    date.setUTCDate(date.getUTCDate() + 1);
    if (date.getUTCDay() !== 0 && date.getUTCDay() !== 6) left -= 1;
  }
  date.setUTCHours(13, 0, 0, 0);
  return date.toISOString();
}
