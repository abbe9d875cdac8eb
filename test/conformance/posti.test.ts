import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anOrder, postiClient, type OrderReply, type TrackingReply } from './posti-client.ts';
import { postiTarget, type PostiCredentials, type Target } from './target.ts';

/** What we believe of Posti. Each name ends with the section of posti.md that says so and how sure it is. */
const target: Target<PostiCredentials> = await postiTarget();
const posti = postiClient(target);
// A real Posti keeps no control interface, and can't be asked to misbehave: there these are no tests at all.
const onStandIn = (name: string, run: () => Promise<void>): void => {
  if (target.control !== undefined) test(name, run);
};

afterAll(() => target.close());

describe('the token', () => {
  test('a token is a Bearer token with a life and the base URL of each role (3.1 [V])', async () => {
    const answer = await posti.logIn();
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      access_token: expect.stringMatching(/^PostiExt\.1\./),
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      posti_fi: { targets: { shippingapi: { url: expect.stringMatching(/^https?:/) } } },
    });
  });

  test('a token is refused with OAuth terms for a wrong secret (3.1 [I])', async () => {
    const answer = await posti.logIn('not the secret');
    expect(answer.status).toBe(401);
    expect(answer.json()).toMatchObject({ error: 'invalid_client', error_description: expect.any(String) });
  });

  test('a token is needed for an order (4.6)', async () => {
    const answer = await posti.ask('POST', '/shippingapi/api/v2/shipping/order', { body: anOrder('654321') });
    expect([401, 403]).toContain(answer.status);
  });
});

describe('a token that has ended', () => {
  onStandIn('stays EXPIRED, also after the next log-in (5.6 [V])', async () => {
    const account = { clientId: 'brief', secret: 'brief-secret', roles: ['shippingapi'], tokenSeconds: 0.001 };
    await posti.control('POST', '/accounts', account);
    const form = { grant_type: 'client_credentials', client_id: account.clientId, client_secret: account.secret };
    const logIn = () => posti.ask('POST', '/auth/api/v1/token', { body: new URLSearchParams(form) });
    const { access_token: token } = (await logIn()).json() as { access_token: string };
    await logIn();
    const headers = { authorization: `Bearer ${token}` };
    const answer = await posti.ask('POST', '/shippingapi/api/v2/shipping/order', { headers, body: {} });
    expect(answer.status).toBe(401);
    expect(answer.json()).toMatchObject({ errorCode: 'EXPIRED' });
  });
});

describe('an order', () => {
  test('an order is answered with an array: a tracking number for the parcel and a link to the label (4.5 [V-obs])', async () => {
    const answer = await posti.order();
    expect(answer.status).toBe(200);
    const [shipment] = answer.json() as OrderReply;
    expect(shipment).toMatchObject({
      id: expect.any(String),
      status: 'PRINTED',
      parcels: [{ parcelNo: expect.stringMatching(/^JJFI\d{17}$/) }],
      prints: [
        {
          href: expect.stringMatching(/\/shipments\/\d{6}\/pdfs\/[0-9a-f-]{36}$/),
          media: 'laser-a5',
          pdf_type: 'ADDRESSLABEL',
        },
      ],
    });
    expect(shipment?.prints[0]).not.toHaveProperty('data');
  });

  test('an order carries its contract in the tracking number (9 [V])', async () => {
    const [shipment] = (await posti.order()).json() as OrderReply;
    expect(shipment?.parcels[0]?.parcelNo.slice(4, 10)).toBe(target.credentials.contract);
  });

  test('an order brings the label along when asked for the file (4.1 [V])', async () => {
    const [shipment] = (await posti.order({}, '?returnFile=true')).json() as OrderReply;
    const file = Buffer.from(shipment?.prints[0]?.data ?? '', 'base64');
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('an order has one tracking number for each copy of each row (4.8 [I])', async () => {
    const row = { weight: 1, packageCode: 'PKT', contents: 'Kahvia', valuePerParcel: true };
    const parcels = [
      { ...row, copies: 2 },
      { ...row, copies: 1 },
    ];
    const [shipment] = (await posti.order({ shipment: { parcels } })).json() as OrderReply;
    expect(new Set(shipment?.parcels.map((parcel) => parcel.parcelNo)).size).toBe(3);
  });

  test('an order may hold unknown fields (4.2 [V-obs])', async () => {
    const answer = await posti.order({ whatever: 1, shipment: { orderColour: 'red' } });
    expect(answer.json()).toBeInstanceOf(Array);
  });

  test('an order that is sent twice is booked twice: there is no idempotency key (4.7)', async () => {
    const [one, two] = [await posti.order(), await posti.order()].map((each) => (each.json() as OrderReply)[0]);
    expect(one?.parcels[0]?.parcelNo).not.toBe(two?.parcels[0]?.parcelNo);
  });

  test('an order that makes no sense is refused with HTTP 200 and errors (4.6 [V])', async () => {
    const answer = await posti.order({ shipment: { senderPartners: [{ id: 'POSTI', custNo: '600000' }] } });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ errors: [expect.anything()] });
  });

  onStandIn('to an inactive pickup point is refused with HTTP 500 and E41 (4.6 [V-obs])', async () => {
    const answer = await posti.order({ shipment: { agent: { quickId: '001003232' } } });
    expect(answer.status).toBe(500);
    const { error } = answer.json() as { error: { message: string } };
    expect(error.message).toMatch(/^E41: /);
  });

  onStandIn('abroad by Priority gets an S10 number with a valid check digit (9 [V])', async () => {
    const receiver = { name: 'Ann Invented', address1: '1 Elm St', zipcode: '02101', city: 'BOSTON', country: 'US' };
    const answer = await posti.order({ shipment: { service: { id: 'ITPR' }, receiver } });
    const number = (answer.json() as OrderReply)[0]?.parcels[0]?.parcelNo ?? '';
    expect(number).toMatch(/^CC\d{9}FI$/);
    const sum = [8, 6, 4, 2, 3, 5, 9, 7].reduce((total, weight, i) => total + weight * Number(number[2 + i]), 0);
    expect({ 10: 0, 11: 5 }[11 - (sum % 11)] ?? 11 - (sum % 11)).toBe(Number(number[10]));
  });
});

describe('a label', () => {
  let href = '';
  beforeAll(async () => {
    href = ((await posti.order()).json() as OrderReply)[0]?.prints[0]?.href ?? '';
  });

  test('a label is a PDF behind the link as given (4.5 [V-obs])', async () => {
    const answer = await posti.asUs('GET', href);
    expect(answer.status).toBe(200);
    expect(answer.type).toContain('application/pdf');
    expect(answer.text.slice(0, 5)).toBe('%PDF-');
  });

  test('a label cannot be fetched without the token (4.5 [V-obs])', async () => {
    expect([401, 403]).toContain((await posti.ask('GET', href)).status);
  });

  onStandIn('is gone after an hour (2 [V])', async () => {
    const answer = (await posti.order()).json() as OrderReply;
    await posti.control('PUT', '/clock', { advanceMs: 3_601_000 });
    expect((await posti.asUs('GET', answer[0]?.prints[0]?.href ?? '')).status).toBe(404);
  });
});

// The gateway has no demo host (posti.md 2).
describe('pickup points', () => {
  const search = {
    searchCriteria: { location: { postcode: '00100', countryCode: 'FI' }, serviceFilters: {} },
    limit: 5,
  };

  onStandIn('near an address have the fields that a checkout shows (5.3 [V])', async () => {
    const answer = await posti.asUs('POST', '/2026-04/pickuppoints', search, { 'accept-language': 'en' });
    expect(answer.status).toBe(200);
    const { pickupPoints } = answer.json() as { pickupPoints: { availability: { openingHours: unknown[] } }[] };
    expect(pickupPoints.length).toBeGreaterThan(0);
    expect(pickupPoints.length).toBeLessThanOrEqual(5);
    expect(pickupPoints[0]).toMatchObject({
      id: expect.stringMatching(/^\d{9}$/),
      publicName: expect.any(String),
      careOf: expect.stringMatching(/^c\/o /),
      parcelLocker: expect.any(Boolean),
      location: { countryCode: 'FI', coordinates: { latitude: expect.any(Number), longitude: expect.any(Number) } },
      capabilities: expect.any(Array),
    });
    expect(pickupPoints[0]?.availability.openingHours).toHaveLength(7);
  });

  onStandIn('are refused for a field that nobody knows (5 [V-obs])', async () => {
    const answer = await posti.asUs('POST', '/2026-04/pickuppoints', { ...search, colour: 'red' });
    expect(answer.status).toBe(400);
    const error = answer.json();
    expect(error).toMatchObject({ errorCode: 'VALIDATION_ERROR', message: expect.any(String) });
    expect(error).toHaveProperty('details');
  });

  onStandIn('can be lockers only, or staffed only (5.1 [V])', async () => {
    for (const parcelLocker of [true, false]) {
      const searchCriteria = { ...search.searchCriteria, parcelLocker };
      const answer = await posti.asUs('POST', '/2026-04/pickuppoints', { searchCriteria, limit: 5 });
      const { pickupPoints } = answer.json() as { pickupPoints: { parcelLocker: boolean }[] };
      expect(pickupPoints.every((point) => point.parcelLocker === parcelLocker)).toBe(true);
    }
  });
});

describe('tracking', () => {
  const at = (path: string) => posti.asUs('GET', `/tracking/7/shipments/${path}`);

  onStandIn('finds a parcel by its number, with its status and events (6.1 [V], names are a gap)', async () => {
    const number = ((await posti.order()).json() as OrderReply)[0]?.parcels[0]?.parcelNo ?? '';
    const found = (await at(`trackingnumber/${number}`)).json() as TrackingReply;
    expect(found.freightShipments).toEqual([]);
    expect(found.parcelShipments).toMatchObject([{ trackingNumbers: [number], status: { code: 'WAITING' } }]);
  });

  onStandIn('finds a shipment by the reference of its sender, which recovers a lost answer (6.1 [V])', async () => {
    await posti.order({ shipment: { senderReference: 'LOST7', orderNo: 'LOST8' } });
    expect(((await at('senderreference/LOST7')).json() as TrackingReply).parcelShipments).toHaveLength(1);
    expect(((await at('ordernumber/LOST8')).json() as TrackingReply).parcelShipments).toHaveLength(1);
  });

  onStandIn('refuses a call without a token with 401 and no body (6.1 [V])', async () => {
    const answer = await posti.ask('GET', '/tracking/7/shipments/trackingnumber/JJFI65432199999999999');
    expect([answer.status, answer.text]).toEqual([401, '']);
  });

  onStandIn('answers an unknown number with an empty list (6.1)', async () => {
    expect((await at('trackingnumber/JJFI65432199999999999')).json()).toEqual({
      parcelShipments: [],
      freightShipments: [],
    });
  });
});
