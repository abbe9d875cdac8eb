import type { TrackedParcel } from '../port.ts';
import { parseJson } from '../../http-client/body-text.ts';
import { toPostiError } from './errors.ts';
import type { PostiResult } from './requests.ts';
import { readScanTime } from './scan-time.ts';
import { statusOfEvent, statusOfWord, type Scan } from './statuses.ts';
import { first, isRecord, listOf, localised, numberOf, textOf, type Json } from './tolerant-fields.ts';

/**
 * Reads an answer of Tracking v7. Its property names are not public and no field is required (posti.md 6.1), so each value
 * is looked for under the names that Posti's other answers have for it (6.3). What cannot be placed is left out.
 * @throws AppError
 */
export function readTracking(purpose: string, result: PostiResult, now: Date): TrackedParcel[] {
  if ('failure' in result) throw toPostiError(purpose, result, now);
  // Tracking's own answers have no body but with 200 (posti.md 6.1): a page or an object is somebody else's.
  if (result.status === 204 || (result.status === 404 && result.text.trim() === '')) return [];
  if (result.status !== 200) throw toPostiError(purpose, result, now);
  const body = parseJson(result.text);
  const shipments = Array.isArray(body)
    ? listOf(body)
    : isRecord(body)
      ? [...listOf(body.parcelShipments), ...listOf(body.freightShipments), ...listOf(body.shipments)]
      : undefined;
  if (shipments === undefined) throw toPostiError(purpose, { ...result, text: 'not JSON' }, now);
  return shipments.flatMap(readShipment);
}

function readShipment(shipment: Json): TrackedParcel[] {
  const numbers = numbersOf(shipment);
  const parcel = {
    scans: readScans(shipment),
    measuredWeightGrams: weightOf(shipment),
    service: serviceOf(shipment),
    contractNumber: contractOf(shipment),
    destinationPostcode:
      textOf(first(shipment, 'destinationPostcode', 'destinationPostalCode', 'receiverPostcode')) ??
      textOf(inside(shipment, ['destination', 'receiver', 'consignee'], 'postcode', 'postalCode', 'zipcode')),
  };
  return numbers.map((trackingNumber) => ({ trackingNumber, ...parcel }));
}

function numbersOf(shipment: Json): string[] {
  const one = textOf(first(shipment, 'trackingNumber', 'trackingCode', 'parcelNumber', 'parcelNo', 'displayId'));
  const many = first(shipment, 'trackingNumbers', 'parcelNumbers');
  const nested = listOf(first(shipment, 'packages', 'parcels', 'goodsItems')).map((item) =>
    textOf(first(item, 'trackingNumber', 'trackingCode', 'parcelNo', 'id')),
  );
  const all = [one, ...(Array.isArray(many) ? many.map(textOf) : []), ...(one === null ? nested : [])];
  return [...new Set(all.filter((number) => number !== null))];
}

function readScans(shipment: Json): Scan[] {
  const events = listOf(first(shipment, 'events', 'trackingEvents', 'parcelEvents', 'eventList')).flatMap(readScan);
  const scans = events.filter(isDated).toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const undated = events.filter((scan) => !isDated(scan));
  const word = statusWordOf(first(shipment, 'status', 'shipmentStatus', 'phase', 'statusCode'));
  const status = statusOfWord(word);
  const latest = scans.at(-1);
  const at = readScanTime(first(shipment, 'statusTimestamp', 'lastModified', 'modified')) ?? latest?.at ?? null;
  // Events need not say what they mean. What the shipment as a whole is called then makes a scan of its own. That it is so
  // is certain even where it is not said since when.
  if (status === null || scans.findLast((scan) => scan.status !== null)?.status === status)
    return [...undated, ...scans];
  return [...undated, ...scans, { code: `STATUS:${word}`, status, at, place: null, texts: {} }];
}

function readScan(event: Json): Scan[] {
  const time = first(event, 'timeStamp', 'timestamp', 'eventTimestamp', 'eventTime', 'time', 'date');
  // What is to happen is listed by some without a time: it is no scan.
  if (time === undefined) return [];
  const at = readScanTime(time);
  const statusWord = statusWordOf(first(event, 'status', 'statusCode', 'phase'));
  const code = textOf(first(event, 'eventCode', 'code', 'status_code', 'type')) ?? statusWord ?? '';
  const texts = localised(
    first(event, 'eventShortName', 'eventDescription', 'description', 'name', 'names', 'descriptions'),
  );
  const place =
    textOf(first(event, 'city', 'locationName', 'place', 'location')) ??
    textOf(inside(event, ['location', 'place'], 'city', 'name', 'locationName'));
  if (at !== null) return [{ code, status: statusOfEvent({ statusWord, code, texts }), at, place, texts }];
  // It is kept with its time as it came, and does not count: it may be of a time to come.
  return [{ code, status: null, at, atRaw: rawText(time), place, texts }];
}

function weightOf(shipment: Json): number | null {
  const weight = first(shipment, 'measuredWeight', 'weight', 'totalWeight');
  const value = isRecord(weight) ? numberOf(first(weight, 'value', 'amount')) : numberOf(weight);
  if (value === null || value <= 0) return null;
  const unit = isRecord(weight) ? textOf(first(weight, 'unit', 'massUnit')) : null;
  return Math.round(unit !== null && /^g/i.test(unit) ? value : value * 1000);
}

/** As our bookings name it: 2103 is PO2103 (posti.md 8). */
function serviceOf(shipment: Json): string | null {
  const product = first(shipment, 'product', 'productCode', 'service');
  const code = isRecord(product) ? textOf(first(product, 'code', 'id', 'productCode')) : textOf(product);
  return code !== null && /^\d{4}$/.test(code) ? `PO${code}` : code;
}

function contractOf(shipment: Json): string | null {
  const names = ['contractNumber', 'agreementNumber', 'invoicingCode', 'senderAgreement'] as const;
  return textOf(first(shipment, ...names)) ?? textOf(inside(shipment, ['references', 'sender', 'parties'], ...names));
}

function statusWordOf(value: unknown): string | null {
  return isRecord(value) ? textOf(first(value, 'code', 'main', 'status', 'name')) : textOf(value);
}

function inside(owner: Json, holders: readonly string[], ...names: string[]): unknown {
  const holder = first(owner, ...holders);
  return isRecord(holder) ? first(holder, ...names) : undefined;
}

const isDated = (scan: Scan): scan is Scan & { readonly at: Date } => scan.at !== null;

const rawText = (value: unknown): string =>
  (typeof value === 'string' ? value.trim() : JSON.stringify(value)).slice(0, 60);
