import { Router, type Response } from 'express';
import { z } from 'zod';
import { gatewayError } from '../answers.ts';
import type { Posti } from '../books.ts';
import { readStrictly } from '../strict-body.ts';
import { findProduct, goesTo } from '../order/services.ts';
import { needsToken } from '../tokens.ts';
import { isReservable, listedPoints } from './catalogue.ts';
import { languageOf, pointWire } from './point-wire.ts';
import { searchPoints } from './search.ts';
import type { Point } from './seed.ts';

const PAGE = 250;

/** Unknown fields are refused (posti.md 5 [V-obs]). */
const searchBody = z.strictObject({
  searchCriteria: z.strictObject({
    location: z
      .strictObject({
        street: z.string().optional(),
        postcode: z.string().optional(),
        city: z.string().optional(),
        countryCode: z.string().optional(),
        coordinates: z.strictObject({ latitude: z.number(), longitude: z.number() }).optional(),
        radius: z.strictObject({ unit: z.literal('m'), value: z.number() }).optional(),
      })
      .optional(),
    rectangle: z
      .strictObject({
        swLatitude: z.number(),
        swLongitude: z.number(),
        neLatitude: z.number(),
        neLongitude: z.number(),
      })
      .optional(),
    parcelLocker: z.boolean().optional(),
    serviceFilters: z
      .strictObject({
        outdoorLocker: z.boolean().optional(),
        wheelchairAccessibility: z.boolean().optional(),
        openOnWeekends: z.boolean().optional(),
        ADRLimitedQuantities: z.boolean().optional(),
        saturdayDelivery: z.boolean().optional(),
        lockerReservable: z.boolean().optional(),
        product: z.strictObject({ code: z.string() }).optional(),
      })
      .optional(),
  }),
  extensions: z
    .strictObject({
      estimate: z
        .strictObject({
          time: z.string().optional(),
          origin: z
            .strictObject({
              postcode: z.string().optional(),
              countryCode: z.string().optional(),
              pickuppointId: z.string().optional(),
              gln: z.string().optional(),
            })
            .optional(),
          product: z
            .strictObject({ code: z.string(), additionalServicesCodes: z.array(z.string()).optional() })
            .optional(),
        })
        .optional(),
      averageLockerOccupancyRate: z.boolean().optional(),
    })
    .optional(),
  limit: z.number().int().min(1).max(100).optional(),
});

/** Pickup points of one release of the gateway, `2026-04` or `2025-04` (posti.md 5.1–5.3). */
export function pointRoutes(posti: Posti, release: string): Router {
  const router = Router();
  const allowed = needsToken(posti, release);
  const listed = () => listedPoints(posti.books.data);

  router.post(`/${release}/pickuppoints`, allowed, (req, res) => {
    const body = readStrictly(req, res, searchBody);
    if (body === undefined) return;
    const { location, rectangle, parcelLocker, serviceFilters } = body.searchCriteria;
    let candidates = listed();
    if (serviceFilters?.ADRLimitedQuantities === true)
      candidates = candidates.filter((each) => each.kind === 'staffed');
    // No point of ours takes parcels in on Saturdays (capability saturdayDelivery).
    if (serviceFilters?.saturdayDelivery === true) candidates = [];
    // The name and type of the filter are known [V]; that `true` leaves what can be reserved, and `false` everything, as with
    // wheelchairAccessibility, is inferred (posti.md 5.1).
    if (serviceFilters?.lockerReservable === true) {
      candidates = candidates.filter((each) => isReservable(posti.books.data, each));
    }
    if (serviceFilters?.product) {
      const product = findProduct(serviceFilters.product.code);
      candidates = candidates.filter((each) => product !== undefined && goesTo(product, each.country));
    }
    const found = searchPoints(candidates, {
      postcode: location?.postcode,
      city: location?.city,
      countryCode: location?.countryCode,
      coordinates: location?.coordinates,
      radiusMeters: location?.radius?.value,
      rectangle,
      parcelLocker,
      outdoorLocker: serviceFilters?.outdoorLocker,
      wheelchairAccessibility: serviceFilters?.wheelchairAccessibility,
      openOnWeekends: serviceFilters?.openOnWeekends,
      limit: body.limit ?? 20,
    });
    const language = languageOf(req.get('accept-language'));
    res.json({ pickupPoints: found.map((each) => pointWire(each, language)) });
  });

  // One path for a point's id and for a country: nine digits are an id.
  router.get(`/${release}/pickuppoints/:idOrCountry`, allowed, (req, res) => {
    const wanted = req.params.idOrCountry ?? '';
    const language = languageOf(req.get('accept-language'));
    if (/^\d+$/.test(wanted))
      return sendOne(
        res,
        listed().find((each) => each.id === wanted),
        language,
      );
    if (!/^[a-zA-Z]{2,3}([0-9][0-9a-zA-Z]*)?$/.test(wanted)) {
      return gatewayError(res, 'VALIDATION_ERROR', 'countryCode: String should match the pattern');
    }
    const country = wanted.replace(/\d.*$/, '').toUpperCase();
    const prefix = wanted.slice(country.length);
    const all = listed().filter((each) => each.country === country && each.id.startsWith(prefix));
    // The parameter that takes the token back is not known; the same name is the natural reading (posti.md 5.2 [I]).
    const { pagingContinuationToken: token } = req.query;
    const start = typeof token === 'string' ? Number(Buffer.from(token, 'base64url').toString()) || 0 : 0;
    const next = start + PAGE;
    res.json({
      pickupPoints: all.slice(start, next).map((point) => pointWire({ point }, language)),
      ...(next < all.length && { pagingContinuationToken: Buffer.from(String(next)).toString('base64url') }),
    });
  });

  router.get(`/${release}/pickuppoints/:country/:pupCode`, allowed, (req, res) => {
    const { country, pupCode } = req.params;
    const point = listed().find((each) => each.id === pupCode && each.country === country?.toUpperCase());
    sendOne(res, point, languageOf(req.get('accept-language')));
  });
  return router;
}

function sendOne(res: Response, point: Point | undefined, language: string): void {
  if (point === undefined) return gatewayError(res, 'NOT_FOUND', 'Pickup point not found');
  res.json({ pickupPoints: [pointWire({ point }, language)] });
}
