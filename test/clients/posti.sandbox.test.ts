import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/start.ts';
import type { Booking, PickupPointQuery } from '../../src/carriers/port.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import { createPostiCarrier, type PostiCarrier } from '../../src/carriers/posti/carrier.ts';
import { control } from './control.ts';

const call = { about: {} };
const sender = createHttpSender();
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let posti: PostiCarrier;
let serial = 0;
let booking: Booking;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  await sender.close();
});
beforeEach(() => {
  posti = carrier('sandbox-secret');
  const someone = {
    contact: null,
    address1: 'Kuvitteellinen katu 1',
    address2: null,
    state: null,
    country: 'FI',
    phone: '+358401234567',
    mobile: '+358401234567',
    email: null,
  };
  booking = {
    reference: `1-100-1-${++serial}`,
    contractNumber: '654321',
    service: 'PO2103',
    addons: [],
    sender: { ...someone, name: 'Kauppa Oy', postcode: '33100', city: 'Tampere' },
    receiver: { ...someone, name: 'Aino Esimerkki', postcode: '00100', city: 'Helsinki' },
    pickupPointId: null,
    parcels: [
      { weightGrams: 1200, contents: null },
      { weightGrams: 800, contents: 'Mittens' },
    ],
    labelSize: 'A5',
    freeText: null,
  };
});

const carrier = (clientSecret: string) =>
  createPostiCarrier({
    account: { id: 'posti-1', clientId: 'sandbox', clientSecret },
    urls: { auth: `${sandbox.posti}/auth/api/v1/token`, tracking: `${sandbox.posti}/tracking/7` },
    labelHosts: [new URL(sandbox.posti).host],
    userAgent: 'lahetti-test',
    sender,
    log: () => {},
    clock: { now: () => new Date() },
  });

const harm = (fault: object) => control(sandbox.posti, 'POST', '/faults', fault);
const booked = async () => {
  const { bookings } = await control<{ bookings: { reference: string }[] }>(sandbox.posti, 'GET', '/books');
  return bookings.filter((it) => it.reference === booking.reference);
};

test('a booking brings a number for each parcel and a label, also by its link', async () => {
  const answer = await posti.book(booking, call);
  if (answer.outcome !== 'created') expect.fail(JSON.stringify(answer));
  expect(answer.trackingNumbers).toHaveLength(2);
  expect(answer.labels[0]?.pdf).not.toBeNull();
  const label = await posti.fetchLabel(answer.labels[0]!.link!, call);
  expect(Buffer.from(label.subarray(0, 5)).toString()).toBe('%PDF-');
  expect(await booked()).toHaveLength(1);

  const [first] = await posti.lookup(booking.reference, call);
  expect(first).toMatchObject({
    trackingNumber: answer.trackingNumbers[0],
    contractNumber: '654321',
    destinationPostcode: '00100',
  });
  await control(sandbox.posti, 'POST', `/parcels/${answer.trackingNumbers[0]}/scans`, { status: 'RECEIVED' });
  const tracked = await posti.track([...answer.trackingNumbers, 'JJFI65432199999999999'], call);
  expect(tracked.map((it) => it.trackingNumber).sort()).toEqual([...answer.trackingNumbers].sort());
  const scans = tracked.find((it) => it.trackingNumber === answer.trackingNumbers[0])!.scans;
  expect(scans.map((scan) => scan.status)).toContain('received');
});

test('a booking whose answer is lost has an unknown outcome, although Posti booked', async () => {
  await harm({ path: '/shipping/order', kind: 'hangup-after' });
  expect(await posti.book(booking, call)).toMatchObject({ outcome: 'unknown' });
  expect(await booked()).toHaveLength(1);
});

test.each([
  ['half-answer', 'unknown', 1],
  ['garbage', 'unknown', 1],
  ['html', 'unknown', 1],
  ['hangup-before', 'unknown', 0],
  ['throttle', 'not_created', 0],
])('the fault %s makes a booking %s', async (kind, outcome, count) => {
  await posti.checkCredentials(call);
  await harm({ path: '/shipping/order', kind });
  expect(await posti.book(booking, call)).toMatchObject({ outcome });
  expect(await booked()).toHaveLength(count);
});

test('a pickup point that is not in use is refused, and a near one is offered', async () => {
  const query: PickupPointQuery = {
    ...{ country: 'FI', postcode: '00100', street: null, city: null, limit: 5, product: '2103' },
    ...{ lockers: 'any', limitedQuantities: false },
  };
  const points = await posti.nearestPickupPoints(query, call);
  expect(points.length).toBeGreaterThan(1);
  const { id } = points[0]!;
  expect(await posti.pickupPoint('FI', id, call)).toMatchObject({ id });
  await control(sandbox.posti, 'PUT', `/pickup-points/${id}`, { active: false });
  expect(await posti.book({ ...booking, pickupPointId: id }, call)).toMatchObject({
    outcome: 'refused',
    code: 'pickup_point_inactive',
  });
  expect(await booked()).toEqual([]);
});

test('a token that Posti withdrew is replaced, and the call succeeds', async () => {
  await posti.checkCredentials(call);
  await control(sandbox.posti, 'POST', '/tokens/revoke', {});
  expect(await posti.book(booking, call)).toMatchObject({ outcome: 'created' });
  expect(await booked()).toHaveLength(1);
});

test('a wrong secret is refused at log-in', async () => {
  expect(await carrier('wrong').book(booking, call)).toMatchObject({
    outcome: 'not_let_in',
    code: 'posti_credentials_refused',
  });
});
