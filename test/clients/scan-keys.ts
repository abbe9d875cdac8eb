import { readTracking } from '../../src/carriers/posti/tracking.ts';
import { eventKey } from '../../src/tracking/event-key.ts';

/** Prints the keys of the scans of one answer of Posti, as the machine that this runs on makes them. */
const events = [
  { eventCode: 'VAS', timeStamp: '1.6.2026 14.05' },
  { eventCode: 'KUL', timeStamp: '2026-10-25T03:30:00' },
  { eventCode: 'LUO', timeStamp: '2026-12-01 14:05:00' },
  { eventCode: 'LAJ', timeStamp: '1/6/2026' },
];
const text = JSON.stringify({ parcelShipments: [{ trackingNumber: 'JJFI1', events }] });
const answer = { status: 200, headers: {}, text, bytes: Buffer.from(text) };
const [parcel] = readTracking('track', answer, new Date('2026-12-02T00:00:00Z'));
process.stdout.write(JSON.stringify(parcel?.scans.map(eventKey)));
