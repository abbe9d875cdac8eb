import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { anOrder, postiClient, type OrderReply, type TrackingReply } from '../conformance/posti-client.ts';
import { createClock } from '../../sandbox/clock.ts';
import { createPosti } from '../../sandbox/posti/app.ts';
import { listen } from '../../sandbox/stand-in.ts';

const HOUR = 3_600_000;
const clock = createClock();
const standIn = await listen(createPosti, { clock, stateDir: undefined, log: () => {} }, 0);
const credentials = { clientId: 'shop', secret: 'shop-secret', contract: '654321' };
const posti = postiClient({ baseUrl: standIn.url, control: standIn.url, credentials, close: standIn.close });

interface BookedParcel {
  parcelNo: string;
  status: string;
}
interface Books {
  bookings: {
    id: string;
    reference: string;
    answered: string;
    labelFetched: boolean;
    usableLabel: boolean;
    handedOver: boolean;
    parcels: BookedParcel[];
  }[];
  requests: { throttled: number; busiestSecond: number; byRoute: Record<string, number> };
}
const books = async () => (await posti.control('GET', '/books')) as Books;
const advance = (hours: number) => posti.control('PUT', '/clock', { advanceMs: hours * HOUR });
const account = (change: object = {}) =>
  posti.control('POST', '/accounts', {
    clientId: 'shop',
    secret: 'shop-secret',
    roles: ['shippingapi', '2026-04'],
    contracts: ['654321'],
    ...change,
  });

beforeEach(async () => {
  await posti.control('DELETE', '/state');
  posti.forgetToken();
  await account();
});
afterAll(() => standIn.close());

test('a parcel whose label came through is handed over and delivered to its pickup point in two days', async () => {
  await posti.order({ shipment: { agent: { quickId: '331003256' } } }, '?returnFile=true');
  const seen: (string | undefined)[] = [];
  for (const hours of [0, 3, 10, 20, 24]) {
    await advance(hours);
    seen.push((await books()).bookings[0]?.parcels[0]?.status);
  }
  expect(seen).toEqual(['WAITING', 'RECEIVED', 'IN_TRANSPORT', 'READY_FOR_PICKUP', 'DELIVERED']);
});

test('a booking whose answer was lost is in the books, and its parcel never moves', async () => {
  await posti.control('POST', '/faults', { kind: 'hangup-after', path: '/shipping/order' });
  await expect(posti.order({}, '?returnFile=true')).rejects.toThrow();
  await advance(24 * 30);
  expect((await books()).bookings).toMatchObject([
    { answered: 'cut', usableLabel: false, handedOver: false, parcels: [{ status: 'WAITING' }] },
  ]);
});

test('a label that is left out of the answer can be fetched by its link alone', async () => {
  await posti.control('POST', '/faults', { kind: 'without', names: ['data'], path: '/shipping/order' });
  const [shipment] = (await posti.order({}, '?returnFile=true')).json() as OrderReply;
  expect(shipment?.prints[0]).not.toHaveProperty('data');
  expect((await books()).bookings).toMatchObject([{ usableLabel: false }]);
  await posti.asUs('GET', shipment?.prints[0]?.href ?? '');
  expect((await books()).bookings).toMatchObject([{ usableLabel: true }]);
});

test('an answer that comes twice books once', async () => {
  await posti.control('POST', '/faults', { kind: 'answer-twice', path: '/shipping/order' });
  const [shipment] = (await posti.order({}, '?returnFile=true')).json() as OrderReply;
  expect(shipment?.parcels).toHaveLength(1);
  expect((await books()).bookings).toMatchObject([{ answered: 'whole', usableLabel: true }]);
});

test('the books can be filtered by orders, and the parcels with their references be handed over', async () => {
  for (const reference of ['1-100-1-1', '1-101-1-1', '2-100-1-1']) {
    await posti.order({ shipment: { senderReference: reference } }, '?returnFile=true');
  }
  const some = (await posti.control('GET', '/books?of=1-100-&of=2-100-')) as Books;
  expect(some.bookings.map(({ reference }) => reference)).toEqual(['1-100-1-1', '2-100-1-1']);
  await posti.control('PUT', '/scripts', { handOverAfterHours: 1_000 });
  expect(await posti.control('POST', '/hand-over', { references: ['1-101-1-1', '9-9-9-9'] })).toEqual({
    references: ['1-101-1-1'],
  });
  await advance(1);
  const handedOver = (await books()).bookings.filter((booking) => booking.handedOver);
  expect(handedOver.map(({ reference }) => reference)).toContain('1-101-1-1');
});

test('a label that is fetched makes the parcel move, also when it was not in the answer', async () => {
  const [shipment] = (await posti.order()).json() as OrderReply;
  expect((await books()).bookings).toMatchObject([{ answered: 'whole', labelFetched: false, usableLabel: false }]);
  await posti.asUs('GET', shipment?.prints[0]?.href ?? '');
  await advance(3);
  expect((await books()).bookings).toMatchObject([{ labelFetched: true, usableLabel: true, handedOver: true }]);
});

test('a fault before the work leaves no booking behind', async () => {
  await posti.control('POST', '/faults', { kind: 'hangup-before', path: '/shipping/order' });
  await expect(posti.order()).rejects.toThrow();
  expect((await books()).bookings).toEqual([]);
});

test('a rule gives the bookings that match it another script', async () => {
  await posti.control('PUT', '/scripts', { rules: [{ referencePrefix: 'BACK', script: 'returned' }] });
  await posti.order({ shipment: { senderReference: 'BACK1' } }, '?returnFile=true');
  await posti.order({ shipment: { senderReference: 'OTHER' } }, '?returnFile=true');
  await advance(24 * 12);
  const { bookings } = await books();
  expect(bookings.map((each) => each.parcels[0]?.status)).toEqual(['RETURNED_TO_SENDER', 'DELIVERED']);
});

test('scans can be added late, twice and from the future', async () => {
  const number = ((await posti.order()).json() as OrderReply)[0]?.parcels[0]?.parcelNo ?? '';
  const scan = { code: 'LUO', at: '2020-01-01T10:00:00Z', place: 'TURKU' };
  for (const each of [scan, scan, { status: 'IN_TRANSPORT', at: '2099-01-01T10:00:00Z' }]) {
    await posti.control('POST', `/parcels/${number}/scans`, each);
  }
  const answer = await posti.asUs('GET', `/tracking/7/shipments/trackingnumber/${number}?order=ASC`);
  const [shipment] = (answer.json() as TrackingReply).parcelShipments;
  expect(shipment?.events.map((each) => each.eventCode)).toEqual(['LUO', 'LUO', 'ETT', 'KUL']);
});

test('an account without a role is told that it is forbidden', async () => {
  await account({ roles: ['2026-04'] });
  const answer = await posti.order();
  expect(answer.status).toBe(403);
  expect(answer.json()).toMatchObject({ errorCode: 'FORBIDDEN', details: null });
});

test('a call of an account with a gateway secret is refused without it', async () => {
  await account({ gatewaySecret: 'open sesame' });
  const answer = await posti.order();
  expect(answer.status).toBe(403);
  expect(answer.type).toContain('text/html');
  const points = await posti.asUs('GET', '/2026-04/pickuppoints/FI', undefined, { 'x-gateway-secret': 'open sesame' });
  expect(points.status).toBe(200);
});

test('a call of a demo account is refused without the gateway secret before its token is checked', async () => {
  await account({ gatewaySecret: 'open sesame' });
  const url = '/2026-04/pickuppoints/FI';
  for (const headers of [{}, { authorization: 'Bearer unknown' }] as Record<string, string>[]) {
    expect(await posti.ask('GET', url, { headers })).toMatchObject({
      status: 403,
      type: expect.stringContaining('text/html') as string,
    });
    const answer = await posti.ask('GET', url, { headers: { ...headers, 'x-gateway-secret': 'open sesame' } });
    expect(answer.status).toBe(401);
  }
});

test('a call without a token is refused because of its token where no gateway secret is set', async () => {
  const answer = await posti.ask('GET', '/2026-04/pickuppoints/FI');
  expect(answer.json()).toMatchObject({ errorCode: 'UNAUTHORIZED' });
});

test('requests above the limit per second are throttled, and only the others are booked', async () => {
  await account({ rateLimit: 3 });
  const answers = await Promise.all(Array.from({ length: 6 }, () => posti.order()));
  const throttled = answers.filter((answer) => answer.status === 429).length;
  expect(throttled).toBeGreaterThan(0);
  const { bookings, requests } = await books();
  expect(bookings).toHaveLength(6 - throttled);
  expect(requests.throttled).toBe(throttled);
  expect(requests.busiestSecond).toBe(3);
});

test('revoked tokens are refused until the caller logs in again', async () => {
  await posti.order();
  await posti.control('POST', '/tokens/revoke');
  expect((await posti.order()).json()).toMatchObject({ errorCode: 'INVALID_TOKEN' });
  posti.forgetToken();
  expect((await posti.order()).status).toBe(200);
});

test('five wrong log-ins lock a service account for an hour', async () => {
  await account({ serviceAccount: { id: 'tracker', secret: 'right' } });
  const logIn = (secret: string) =>
    posti.ask('POST', '/oauth/token?grant_type=client_credentials', {
      headers: { authorization: `Basic ${Buffer.from(`tracker:${secret}`).toString('base64')}` },
    });
  for (let i = 0; i < 5; i++) expect((await logIn('wrong')).status).toBe(401);
  expect((await logIn('right')).status).toBe(401);
  await advance(1.1);
  expect((await logIn('right')).json()).toMatchObject({ token_type: 'bearer', expires_in: 3599 });
});

test('an account without tracking access is refused with an empty answer, a public one finds numbers but no references', async () => {
  await account({ trackingAccess: false });
  const refused = await posti.asUs('GET', '/tracking/7/shipments/senderreference/X');
  expect(refused).toMatchObject({ status: 403, text: '' });
  await account({ trackingAccess: 'public' });
  const number = ((await posti.order()).json() as OrderReply)[0]?.parcels[0]?.parcelNo ?? '';
  expect((await posti.asUs('GET', '/tracking/7/shipments/senderreference/CONFORM1')).status).toBe(403);
  const seen = (await posti.asUs('GET', `/tracking/7/shipments/trackingnumber/${number}`)).json() as TrackingReply;
  expect(seen.parcelShipments[0]).not.toHaveProperty('references');
});

test('a search for a product shows only points that the product goes to', async () => {
  const countries = async (code: string) => {
    const searchCriteria = { location: { postcode: '10111' }, serviceFilters: { product: { code } } };
    const answer = await posti.asUs('POST', '/2026-04/pickuppoints', { searchCriteria, limit: 100 });
    const { pickupPoints } = answer.json() as { pickupPoints: { location: { countryCode: string } }[] };
    return [...new Set(pickupPoints.map((point) => point.location.countryCode))].sort();
  };
  expect(await countries('2331')).toEqual(['EE', 'LT', 'LV']);
  expect(await countries('2103')).toEqual(['AX', 'FI']);
});

const found = async (searchCriteria: object) => {
  const answer = await posti.asUs('POST', '/2026-04/pickuppoints', { searchCriteria, limit: 100 });
  expect(answer.status).toBe(200);
  return (answer.json() as { pickupPoints: { id: string; parcelLocker: boolean }[] }).pickupPoints;
};

test('there are partner points in Denmark, listed and found by their postcode', async () => {
  const listed = (await posti.asUs('GET', '/2026-04/pickuppoints/DK')).json() as { pickupPoints: object[] };
  expect(listed.pickupPoints.length).toBeGreaterThan(3);
  const [nearest] = await found({ location: { postcode: '8000', countryCode: 'DK' } });
  expect(nearest).toMatchObject({ id: '080009102' });
  const abroad = { id: 'PO2351' };
  const receiver = { name: 'Mads Opdigtet', address1: 'Gade 1', zipcode: '8000', city: 'Aarhus', country: 'DK' };
  expect(
    (await posti.order({ shipment: { service: abroad, receiver, agent: { quickId: '080009102' } } })).json(),
  ).toMatchObject([{ status: 'PRINTED' }]);
});

test('a search for lockers that can be reserved leaves those alone', async () => {
  const location = { postcode: '33100', countryCode: 'FI' };
  const search = (lockerReservable: boolean) => found({ location, serviceFilters: { lockerReservable } });
  const reservable = await search(true);
  expect(reservable.map(({ id }) => id)).toContain('331003256');
  expect(reservable.every(({ parcelLocker }) => parcelLocker)).toBe(true);
  expect(await search(false)).toEqual(await found({ location }));
  expect(reservable.length).toBeLessThan((await search(false)).length);
  await posti.control('PUT', '/pickup-points/331003256', { reservable: false });
  expect((await search(true)).map(({ id }) => id)).not.toContain('331003256');
});

test('a pickup point can be put out of use and back', async () => {
  const agent = { quickId: '331003256' };
  await posti.control('PUT', '/pickup-points/331003256', { active: false });
  expect((await posti.order({ shipment: { agent } })).status).toBe(500);
  await posti.control('PUT', '/pickup-points/331003256', { active: true });
  expect((await posti.order({ shipment: { agent } })).status).toBe(200);
});

test('a parcel that was booked with 3196 gets a sending code, the same one each time', async () => {
  const numberOf = async (addons: object[]) => {
    const answer = await posti.order({ shipment: { service: { id: 'PO2103', addons } } });
    return (answer.json() as OrderReply)[0]?.parcels[0]?.parcelNo ?? '';
  };
  const code = async (trackingNumber: string) =>
    posti.asUs('POST', '/2026-04/labelless', { searchCriteria: { trackingNumber } });
  const number = await numberOf([{ id: '3196' }]);
  const first = await code(number);
  expect(first.json()).toMatchObject({ shipments: [{ sendingCode: expect.stringMatching(/^[0-9A-F]{6}$/) }] });
  expect((await code(number)).text).toBe(first.text);
  expect((await code(await numberOf([]))).json()).toMatchObject({ message: expect.stringContaining('3196') });
});

describe('a sending code', () => {
  const code = (trackingNumber: string, validation?: object, headers: Record<string, string> = {}) =>
    posti.asUs('POST', '/2026-04/labelless', { searchCriteria: { trackingNumber }, validation }, headers);
  const booked = async () => {
    const answer = await posti.order({ shipment: { service: { id: 'PO2103', addons: [{ id: '3196' }] } } });
    return (answer.json() as OrderReply)[0]?.parcels[0]?.parcelNo ?? '';
  };

  test.each([
    ['NOT_FOUND', 404],
    ['CLIENT_ERROR', 400],
  ])(
    'a sending code is refused with %s while the data has not come, unless the check for data is switched off',
    async (errorCode, status) => {
      await posti.control('PUT', '/sending-codes', { dataAfterHours: 2, refusalWithoutData: errorCode });
      const number = await booked();
      const early = await code(number, { noEdiCheck: false });
      expect(early.status).toBe(status);
      expect(early.json()).toMatchObject({ errorCode, details: null });
      const unchecked = await code(number, { noEdiCheck: true });
      expect(unchecked.status).toBe(200);
      await advance(3);
      expect((await code(number)).text).toBe(unchecked.text);
    },
  );

  const testing = { 'x-test-environment': 'true' };
  test('a sending code is made up with x-test-environment, by the last digit of a number that was not booked', async () => {
    const ending = (digit: string) => `JJFI6543210000000000${digit}`;
    expect((await code(ending('1'), undefined, testing)).json()).toMatchObject({
      shipments: [{ trackingNumber: ending('1'), sendingCode: expect.stringMatching(/^[0-9A-F]{6}$/) }],
    });
    expect((await code(ending('8'), undefined, testing)).json()).toMatchObject({ message: 'Shipment not found' });
    expect((await code(ending('9'), undefined, testing)).json()).toMatchObject({
      message: expect.stringContaining('EDI'),
    });
    expect((await code(ending('9'), { noEdiCheck: true }, testing)).status).toBe(200);
    await posti.control('PUT', '/sending-codes', { testOutcomes: { '1': 'not found' } });
    expect((await code(ending('1'), undefined, testing)).status).toBe(404);
    expect((await posti.asUs('GET', `/2026-04/labelless/${ending('2')}`, undefined, testing)).status).toBe(200);
    expect((await code(ending('2'))).status).toBe(404);
  });

  test('a sending code is all that x-test-environment mocks: an order with it is booked', async () => {
    const order = anOrder('654321');
    expect((await posti.asUs('POST', '/shippingapi/api/v2/shipping/order', order, testing)).status).toBe(200);
    expect((await books()).bookings).toHaveLength(1);
  });
});

test('a delivery is estimated for known products only', async () => {
  const ask = async (code: string) => {
    const place = { countryCode: 'FI', postcode: '00100' };
    const estimate = { time: '2026-10-02T09:00:00Z', origin: place, destination: place, product: { code } };
    return (await posti.asUs('POST', '/2026-04/estimate', { estimate })).json();
  };
  expect(await ask('2103')).toEqual({ estimates: [{ time: '2026-10-06T13:00:00.000Z' }] });
  expect(await ask('9999')).toEqual({ estimates: [{ time: null }] });
});

test('the home page lists what was booked and shows names as text', async () => {
  await posti.order({ shipment: { senderReference: '<b>R1' } });
  const page = await posti.ask('GET', '/');
  expect(page.text).toContain('1 bookings');
  expect(page.text).not.toContain('<b>');
});

test('bookings are still there after a restart, and numbers go on where they were', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'posti-'));
  const start = () => listen(createPosti, { clock, stateDir, log: () => {} }, 0);
  const before = await start();
  const sandboxAccount = { clientId: 'sandbox', secret: 'sandbox-secret', contract: '654321' };
  const target = (url: string) => ({ baseUrl: url, control: url, credentials: sandboxAccount, close: before.close });
  const first = postiClient(target(before.url));
  const number = ((await first.order()).json() as OrderReply)[0]?.parcels[0]?.parcelNo ?? '';
  await before.close();

  const after = await start();
  const second = postiClient(target(after.url));
  const [shipment] = (await second.order()).json() as OrderReply;
  expect(Number(shipment?.parcels[0]?.parcelNo.slice(10))).toBe(Number(number.slice(10)) + 1);
  expect(((await second.control('GET', '/books')) as Books).bookings).toHaveLength(2);
  await after.close();
  await rm(stateDir, { recursive: true });
});
