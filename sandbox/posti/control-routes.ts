import { Router } from 'express';
import { z } from 'zod';
import { bodyJson } from '../body.ts';
import { toAccount, usualLabels, type Posti } from './books.ts';
import { describeBooks } from './describe-books.ts';
import { findPoint } from './points/catalogue.ts';
import { sendingCodeChange, sendingCodesOf } from './sending-code-habits.ts';
import { findEventKind } from './tracking/events.ts';
import { scriptNames } from './tracking/scripts.ts';

const account = z.strictObject({
  clientId: z.string().min(1),
  secret: z.string(),
  roles: z.array(z.string()).optional(),
  contracts: z.array(z.string().regex(/^6\d{5}$/)).optional(),
  trackingAccess: z.union([z.boolean(), z.enum(['contract', 'public', 'none'])]).optional(),
  serviceAccount: z.strictObject({ id: z.string(), secret: z.string() }).optional(),
  gatewaySecret: z.string().optional(),
  tokenSeconds: z.number().positive().optional(),
  rateLimit: z.number().min(0).optional(),
});

const script = z.enum(scriptNames);
const scripts = z.strictObject({
  default: script.optional(),
  handOverAfterHours: z.number().min(0).optional(),
  rules: z
    .array(
      z.strictObject({
        service: z.string().optional(),
        receiverNameContains: z.string().optional(),
        referencePrefix: z.string().optional(),
        script,
      }),
    )
    .optional(),
});

const addedScan = z.strictObject({
  code: z.string().optional(),
  status: z.string().optional(),
  at: z.coerce.date().optional(),
  place: z.string().optional(),
  countryCode: z.string().optional(),
  reason: z.string().optional(),
});

/** What can be asked of this Posti from behind the counter. No log-in: loopback only. Wrong input answers 400. */
export function postiControlRoutes(posti: Posti): Router {
  const router = Router();
  const { books, clock } = posti;
  const findBooking = (id: string) => books.data.bookings.find((each) => each.id === id);

  router.get('/_control/books', (req, res) => {
    const of = z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional();
    res.json(describeBooks(books.data, clock.now(), of.parse(req.query.of)));
  });

  router.get('/_control/accounts', (_req, res) => void res.json(books.data.accounts));
  router.post('/_control/accounts', (req, res) => {
    const given = toAccount(defined(account.parse(bodyJson(req))) as Parameters<typeof toAccount>[0]);
    books.data.accounts = [...books.data.accounts.filter((each) => each.clientId !== given.clientId), given];
    books.touch();
    res.status(201).json(given);
  });

  router.put('/_control/pickup-points/:id', (req, res) => {
    const id = req.params.id;
    if (findPoint(id) === undefined) return void res.status(404).json({ message: `There is no pickup point ${id}.` });
    const change = z.strictObject({
      active: z.boolean().optional(),
      listed: z.boolean().optional(),
      reservable: z.boolean().optional(),
    });
    books.data.points[id] = Object.assign(books.data.points[id] ?? {}, defined(change.parse(bodyJson(req))));
    books.touch();
    res.json({ id, ...books.data.points[id] });
  });

  router.put('/_control/labels', (req, res) => {
    const change = z.strictObject({
      contact: z.boolean().optional(),
      state: z.boolean().optional(),
      longLines: z.enum(['cut', 'wrapped']).optional(),
      files: z
        .array(
          z.strictObject({ receiverNameContains: z.string().min(1), file: z.enum(['plain', 'turned', 'late header']) }),
        )
        .optional(),
    });
    books.data.labels = Object.assign({ ...usualLabels }, books.data.labels, defined(change.parse(bodyJson(req))));
    books.touch();
    res.json(books.data.labels);
  });

  router.put('/_control/sending-codes', (req, res) => {
    const change = defined(sendingCodeChange.parse(bodyJson(req)));
    books.data.sendingCodes = Object.assign({ ...sendingCodesOf(books.data) }, change);
    books.touch();
    res.json(books.data.sendingCodes);
  });

  router.get('/_control/scripts', (_req, res) => void res.json({ ...books.data.scripts, names: scriptNames }));
  router.put('/_control/scripts', (req, res) => {
    Object.assign(books.data.scripts, defined(scripts.parse(bodyJson(req))));
    books.touch();
    res.json(books.data.scripts);
  });

  router.post('/_control/bookings/:id/script', (req, res) => {
    const booking = findBooking(req.params.id);
    if (booking === undefined) return void res.status(404).json({ message: `There is no booking ${req.params.id}.` });
    booking.script = z.strictObject({ script }).parse(bodyJson(req)).script;
    books.touch();
    res.json({ id: booking.id, script: booking.script });
  });

  router.post('/_control/bookings/:id/hand-over', (req, res) => {
    const booking = findBooking(req.params.id);
    if (booking === undefined) return void res.status(404).json({ message: `There is no booking ${req.params.id}.` });
    booking.handedOverAt = clock.now().toISOString();
    books.touch();
    res.json({ id: booking.id, handedOverAt: booking.handedOverAt });
  });

  /** Many at once, by their references: what a warehouse gives to the van. */
  router.post('/_control/hand-over', (req, res) => {
    const given = new Set(z.strictObject({ references: z.array(z.string()) }).parse(bodyJson(req)).references);
    const handedOver = books.data.bookings.filter(({ reference = '' }) => given.has(reference));
    for (const booking of handedOver) booking.handedOverAt = clock.now().toISOString();
    books.touch();
    res.json({ references: handedOver.map(({ reference }) => reference) });
  });

  router.post('/_control/parcels/:no/scans', (req, res) => {
    const { no } = req.params;
    const booking = books.data.bookings.find((each) => each.parcels.some((parcel) => parcel.parcelNo === no));
    const parcel = booking?.parcels.find((each) => each.parcelNo === no);
    if (!booking || !parcel) return void res.status(404).json({ message: `There is no parcel ${no}.` });
    const given = addedScan.parse(bodyJson(req));
    const now = clock.now();
    // An unknown code or status is taken as it is: carriers do invent new ones.
    const kind = findEventKind(given.code ?? given.status ?? '');
    const scan = {
      code: given.code ?? kind?.code ?? 'XXX',
      status: given.status ?? kind?.status ?? 'IN_TRANSPORT',
      at: (given.at ?? now).toISOString(),
      ...(given.at !== undefined && { wallAt: given.at.toISOString() }),
      recordedAt: now.toISOString(),
      city: given.place ?? booking.receiver.city,
      countryCode: given.countryCode ?? booking.receiver.country,
      ...(given.reason !== undefined && { reason: given.reason }),
    };
    parcel.addedScans.push(scan);
    books.touch();
    res.status(201).json(scan);
  });

  router.post('/_control/tokens/revoke', (_req, res) => {
    books.data.tokens = {};
    books.touch();
    res.status(204).end();
  });
  return router;
}

function defined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}
