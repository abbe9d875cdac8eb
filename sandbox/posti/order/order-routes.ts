import { randomUUID } from 'node:crypto';
import { Router, type Response } from 'express';
import { bodyJson } from '../../body.ts';
import { whenAnswered } from '../../faults.ts';
import { gatewayError } from '../answers.ts';
import { planHandOver, type Account, type Booking, type Parcel, type Party, type Posti } from '../books.ts';
import type { DrawLabels } from '../label/label-pdf.ts';
import { labelFile, labelPages } from '../label/label-pages.ts';
import { isActive } from '../points/catalogue.ts';
import { needsToken } from '../tokens.ts';
import { chooseScript } from '../tracking/scripts.ts';
import { parcelNumber } from './numbers.ts';
import { readOrder, type OrderRequest, type WireParty } from './order-request.ts';
import { judgeOrder } from './order-rules.ts';
import { orderAnswer } from './order-answer.ts';
import type { Service } from './services.ts';

/** POST …/shipping/order (posti.md 4). No idempotency key, no list, no cancel: the same request books again (4.7). */
export function orderRoutes(posti: Posti, drawLabels: DrawLabels): Router {
  const router = Router();
  const { books } = posti;

  router.post('/shippingapi/api/v2/shipping/order', needsToken(posti, 'shippingapi'), async (req, res) => {
    const account = res.locals.account as Account;
    let body: unknown;
    try {
      body = bodyJson(req);
    } catch {
      return gatewayError(res, 'JSON_DECODE_ERROR', 'Request body is not valid JSON');
    }
    const read = readOrder(body);
    // Logical errors come with HTTP 200 (posti.md 4.6 [V CLI]).
    if ('errors' in read) return void res.json({ errors: read.errors });
    const judged = judgeOrder(read.order, account);
    if ('errors' in judged) return void res.json({ errors: judged.errors });
    const agent = read.order.shipment.agent?.quickId;
    if (agent !== undefined && !isActive(books.data, agent)) return inactivePoint(res);

    const booking = book(posti, account, read.order, judged.service);
    const withFile = req.query.returnFile === 'true';
    booking.labelInAnswer = withFile;
    // From here on it exists, whatever becomes of the answer.
    whenAnswered(res, (answered) => {
      booking.answered = answered;
      planHandOver(posti, booking);
      books.touch();
    });
    const { labels } = books.data;
    const file = withFile
      ? await drawLabels(booking.media, labelPages(booking, labels), labelFile(booking, labels))
      : undefined;
    res.json(orderAnswer(booking, posti.baseUrl(), file));
  });
  return router;
}

function book(posti: Posti, account: Account, { printConfig, shipment }: OrderRequest, service: Service): Booking {
  const { books, clock } = posti;
  const contract = shipment.senderPartners[0]?.custNo ?? '';
  const addons = (shipment.service.addons ?? []).map((addon) => addon.id);
  const given = [toParty(shipment.sender), toParty(shipment.receiver)] as const;
  // A return is ordered in the outbound orientation; the parties are swapped here (posti.md 4.8).
  const [sender, receiver] = service.isReturn ? [given[1], given[0]] : given;
  const agent = shipment.agent?.quickId;

  const booking: Booking = {
    id: randomUUID(),
    clientId: account.clientId,
    contract,
    service: service.id,
    addons,
    ...(agent !== undefined && { agent }),
    ...(shipment.senderReference !== undefined && { reference: shipment.senderReference }),
    ...(shipment.orderNo !== undefined && { orderNo: shipment.orderNo }),
    ...(shipment.freeText1 !== undefined && { freeText: shipment.freeText1 }),
    sender,
    receiver,
    parcels: shipment.parcels.flatMap((row) =>
      toParcels(row, () => parcelNumber(service, contract, ++books.data.serial)),
    ),
    media: printConfig.target1Media,
    labelId: randomUUID(),
    createdAt: clock.now().toISOString(),
    answered: 'none',
    labelInAnswer: false,
    labelFetched: false,
    script: 'default',
  };
  booking.script = chooseScript(books.data.scripts, booking);
  books.data.bookings.push(booking);
  books.touch();
  return booking;
}

/** One parcel, with a number of its own, for each copy of a row (posti.md 4.8). */
function toParcels(row: OrderRequest['shipment']['parcels'][number], nextNumber: () => string): Parcel[] {
  const weight = (row.weight ?? 0) / (row.valuePerParcel ? 1 : row.copies);
  return Array.from({ length: row.copies }, () => ({
    parcelNo: nextNumber(),
    weightKg: Math.round(weight * 1000) / 1000,
    ...(row.contents !== undefined && { contents: row.contents }),
    addedScans: [],
  }));
}

function toParty({ quickId, name, address1, zipcode, city, country, ...rest }: WireParty): Party {
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    name: name ?? quickId ?? '',
    address1: address1 ?? '',
    zipcode: zipcode ?? '',
    city: city ?? '',
    country: country ?? '',
    ...known,
  };
}

/** A refusal in the dress of a server error (posti.md 4.6 [V-obs]). */
function inactivePoint(res: Response): void {
  const message = 'E41: Inactive pickup point, please choose an alternative pickup point';
  res.status(500).json({ error: { message } });
}
