import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Booking, PickupPointQuery } from '../../src/booking/carrier.ts';
import type { Exchange } from '../../src/exchanges/exchange.ts';
import { createHttpSender, type HttpSender } from '../../src/http-sender/sender.ts';
import { createPostiCarrier, type PostiCarrier } from '../../src/posti/carrier.ts';
import { startServer, type Received, type Reply, type TestServer } from './server.ts';

const call = { about: { storeHash: 'abc123', orderId: 100, shipment: 1 } };
const pdf = Buffer.from('%PDF-1.7 simulated');

let replies: [pattern: RegExp, reply: Reply | ((request: Received) => Reply)][];
let server: TestServer;
let sender: HttpSender;
let posti: PostiCarrier;
let log: Exchange[];
let now: Date;

beforeEach(async () => {
  log = [];
  replies = [];
  now = new Date('2026-11-22T10:00:00Z');
  server = await startServer((request, { url }) => {
    const reply = replies.find(([pattern]) => pattern.test(`${request.method} ${request.path}`))?.[1];
    if (typeof reply === 'function') return reply(request);
    return reply ?? (request.path === '/auth/api/v1/token' ? token(url) : { status: 404 });
  });
  sender = createHttpSender({ timeouts: { total: 2_000 } });
  posti = carrier();
});
afterEach(async () => {
  await server.close();
  await sender.close();
});

const carrier = (fields: object = {}) =>
  createPostiCarrier({
    account: { id: 'posti-1', clientId: 'client', clientSecret: 'secret-canary' },
    urls: { auth: `${server.url}/auth/api/v1/token`, tracking: `${server.url}/tracking/7` },
    labelHosts: [server.host],
    userAgent: 'lahetti-test',
    sender,
    log: (exchange) => log.push(exchange),
    clock: { now: () => now },
    ...fields,
  });

let issued = 0;
const token = (url: string, targets: string[] = ['shippingapi', '2026-04']): Reply => ({
  status: 200,
  body: {
    access_token: `token-canary-${++issued}`,
    token_type: 'Bearer',
    expires_in: 3600,
    posti_fi: { targets: Object.fromEntries(targets.map((name) => [name, { url: `${url}/${name}/api`, tier: 1 }])) },
  },
});
const created: Reply = {
  status: 200,
  body: [
    {
      id: 'S1',
      parcels: [{ parcelNo: 'JJFI65432100000000001' }],
      prints: [
        { href: 'https://x.example/1', media: 'laser-a5', pdf_type: 'ADDRESSLABEL', data: pdf.toString('base64') },
      ],
    },
  ],
};
const sentTo = (pattern: RegExp) => server.received.filter((it) => pattern.test(`${it.method} ${it.path}`));

const booking: Booking = {
  reference: '1-10482-1-1',
  contractNumber: '654321',
  service: 'PO2103',
  addons: ['FRAG'],
  sender: party({ name: 'Kauppa Oy', postcode: '33100', city: 'Tampere' }),
  receiver: party({ name: 'Aino Esimerkki', postcode: '22100', city: 'Maarianhamina', country: 'AX' }),
  pickupPointId: '001003230',
  parcels: [{ weightGrams: 1250, contents: 'Mittens' }],
  labelSize: '107x225',
  freeText: 'Order 10482',
};
function party(fields: object) {
  const anyone = { contact: null, address1: 'Kuvitteellinen katu 1', address2: null, state: null, country: 'FI' };
  return {
    ...anyone,
    name: '',
    postcode: '',
    city: '',
    phone: '+358401234567',
    mobile: '+358401234567' as string | null,
    email: 'aino@esimerkki.example',
    ...fields,
  };
}

describe('booking', () => {
  test('sends what Posti wants, in its units and words', async () => {
    replies = [[/shipping\/order/, created]];
    expect(await posti.book(booking, call)).toMatchObject({
      outcome: 'created',
      carrierShipmentId: 'S1',
      trackingNumbers: ['JJFI65432100000000001'],
    });
    const sent = sentTo(/shipping\/order/)[0]!;
    expect(sent.path).toBe('/shippingapi/api/v2/shipping/order?returnFile=true');
    expect(sent.headers).toMatchObject({
      authorization: `Bearer token-canary-${issued}`,
      'user-agent': 'lahetti-test',
    });
    const someone = {
      address1: 'Kuvitteellinen katu 1',
      phone: '+358401234567',
      mobile: '+358401234567',
      email: 'aino@esimerkki.example',
    };
    expect(JSON.parse(sent.body)).toEqual({
      printConfig: { target1Media: 'thermo-225' },
      shipment: {
        senderPartners: [{ id: 'POSTI', custNo: '654321' }],
        sender: { name: 'Kauppa Oy', zipcode: '33100', city: 'Tampere', country: 'FI', ...someone },
        receiver: { name: 'Aino Esimerkki', zipcode: '22100', city: 'Maarianhamina', country: 'FI', ...someone },
        agent: { quickId: '001003230' },
        service: { id: 'PO2103', addons: [{ id: 'FRAG' }] },
        parcels: [{ copies: 1, weight: 1.25, packageCode: 'PKT', contents: 'Mittens', valuePerParcel: true }],
        senderReference: '1-10482-1-1',
        orderNo: '1-10482-1-1',
        freeText1: 'Order 10482',
      },
    });
  });

  test('names Åland as configured', async () => {
    replies = [[/shipping\/order/, created]];
    await carrier({ alandAs: 'AX' }).book(booking, call);
    expect(sentTo(/shipping\/order/)[0]!.body).toContain('"country":"AX"');
  });

  test('sends a landline as phone and not as mobile, and the state of an address that has one', async () => {
    replies = [[/shipping\/order/, created]];
    const receiver = party({ phone: '+35891234567', mobile: null, city: 'Boston, MA', state: 'MA', country: 'US' });
    await posti.book({ ...booking, receiver }, call);
    const sent = (JSON.parse(sentTo(/shipping\/order/)[0]!.body) as { shipment: { receiver: object } }).shipment;
    expect(sent.receiver).toMatchObject({ phone: '+35891234567', city: 'Boston, MA', state: 'MA' });
    expect(sent.receiver).not.toHaveProperty('mobile');
  });

  test('an answer that is lost is unknown, and never asked for again', async () => {
    replies = [[/shipping\/order/, { harm: 'reset' }]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'unknown', code: 'posti_reset' });
    expect(sentTo(/shipping\/order/)).toHaveLength(1);
  });

  test('a cached token that was withdrawn is renewed, and the booking sent once more', async () => {
    replies = [[/shipping\/order/, created]];
    await posti.book(booking, call);
    const old = `Bearer token-canary-${issued}`;
    replies = [[/shipping\/order/, (it) => (it.headers.authorization === old ? { status: 401 } : created)]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'created' });
    expect(log.map((it) => [it.purpose, it.errorCode])).toEqual([
      ['log in', null],
      ['book shipment', null],
      ['book shipment', 'posti_token_refused'],
      ['log in', null],
      ['book shipment', null],
    ]);
  });

  test('a new token that is refused is not tried again', async () => {
    replies = [[/shipping\/order/, { status: 401 }]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', status: 401 });
    expect(sentTo(/shipping\/order/)).toHaveLength(1);
  });

  test('wrong credentials are not let in, and nothing is sent', async () => {
    replies = [[/token/, { status: 401, body: { error: 'invalid_client' } }]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', code: 'posti_credentials_refused' });
    expect(sentTo(/shipping\/order/)).toEqual([]);
  });

  test('a missing role is not let in, and says so', async () => {
    replies = [[/token/, () => token(server.url, ['2026-04'])]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', code: 'posti_role_missing' });
  });

  test.each([
    ['is down', { status: 500 }],
    ['does not answer', { harm: 'reset' }],
  ] as [string, Reply][])('when the log-in %s nothing is created', async (_name, reply) => {
    replies = [[/token/, reply]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_created' });
  });

  test('the demo’s secret goes with every call but the log-in', async () => {
    replies = [[/shipping\/order/, created]];
    await carrier({ gatewaySecret: 'gate' }).book(booking, call);
    expect(server.received.map((it) => it.headers['x-gateway-secret'])).toEqual([undefined, 'gate']);
  });
});

describe('logging in', () => {
  test('happens once for many calls at the same time', async () => {
    replies = [[/shipping\/order/, created]];
    await Promise.all(Array.from({ length: 5 }, () => posti.book(booking, call)));
    expect(sentTo(/token/)).toHaveLength(1);
  });

  test('happens again before the token ends', async () => {
    await posti.checkCredentials(call);
    now = new Date(now.getTime() + 3_550_000);
    await posti.track(['JJFI1'], call);
    expect(sentTo(/token/)).toHaveLength(2);
  });

  test('is not repeated for a minute after a refusal, since five of them lock the account', async () => {
    replies = [[/token/, { status: 401, body: { error: 'invalid_client' } }]];
    for (let n = 0; n < 4; n++) await posti.book(booking, call);
    expect(sentTo(/token/)).toHaveLength(1);
    now = new Date(now.getTime() + 61_000);
    await posti.book(booking, call);
    expect(sentTo(/token/)).toHaveLength(2);
  });

  describe('with a token that lacks a role', () => {
    const elsewhere = ['2026-04'];
    const forbidden: Reply = { status: 403, body: { errorCode: 'FORBIDDEN', message: 'no', details: null } };

    test('a role that was added since is found by the next call, by one more log-in', async () => {
      replies = [
        [/token/, () => token(server.url, elsewhere)],
        [/shipping\/order/, created],
      ];
      expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', code: 'posti_role_missing' });
      replies.shift();
      expect(await posti.book(booking, call)).toMatchObject({ outcome: 'created' });
      expect(sentTo(/token/)).toHaveLength(2);
    });

    test('so is one that the API did not know of, although the log-in named it', async () => {
      await posti.checkCredentials(call);
      const old = `Bearer token-canary-${issued}`;
      replies = [[/shipping\/order/, (it) => (it.headers.authorization === old ? forbidden : created)]];
      expect(await posti.book(booking, call)).toMatchObject({ outcome: 'created' });
      expect(sentTo(/shipping\/order/)).toHaveLength(2);
    });

    test('many calls at once ask for one new token', async () => {
      await posti.checkCredentials(call);
      const old = `Bearer token-canary-${issued}`;
      replies = [[/shipping\/order/, (it) => (it.headers.authorization === old ? forbidden : created)]];
      const answers = await Promise.all(Array.from({ length: 10 }, () => posti.book(booking, call)));
      expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'created'));
      expect(sentTo(/token/)).toHaveLength(2);
    });

    test('an account that really lacks it logs in for it once a minute at most, however much is asked', async () => {
      replies = [[/token/, () => token(server.url, elsewhere)]];
      for (let n = 0; n < 20; n++) await posti.book(booking, call);
      expect(sentTo(/token/)).toHaveLength(2);
      now = new Date(now.getTime() + 61_000);
      for (let n = 0; n < 20; n++) await posti.book(booking, call);
      expect(sentTo(/token/)).toHaveLength(3);
    });

    test('a secret that is refused meanwhile is tried once a minute at most', async () => {
      await posti.checkCredentials(call);
      replies = [
        [/token/, { status: 401, body: { error: 'invalid_client' } }],
        [/shipping\/order/, forbidden],
      ];
      for (let n = 0; n < 20; n++)
        expect(await posti.book(booking, call)).toMatchObject({ code: 'posti_credentials_refused' });
      expect(sentTo(/token/)).toHaveLength(2);
    });

    test('a gateway that turns everybody away is asked for no other token', async () => {
      await posti.checkCredentials(call);
      replies = [[/shipping\/order/, { status: 403, body: '<HTML>403 ERROR</HTML>' }]];
      expect(await posti.book(booking, call)).toMatchObject({ code: 'posti_gateway_refused' });
      expect(sentTo(/token/)).toHaveLength(1);
    });
  });

  test('says when the account is locked', async () => {
    replies = [[/token/, { status: 401, body: { error: 'Unauthorized', message: 'User account is locked' } }]];
    await expect(posti.checkCredentials(call)).rejects.toMatchObject({
      code: 'posti_credentials_refused',
      message: 'Posti has locked the account for now.',
    });
  });

  test('tells which roles the account has', async () => {
    expect(await posti.checkCredentials(call)).toEqual({ roles: ['shippingapi', '2026-04'] });
  });
});

describe('a label', () => {
  test('is fetched by its link, with the token', async () => {
    replies = [[/pdfs/, { status: 200, headers: { 'content-type': 'application/pdf' }, body: pdf }]];
    expect(Buffer.from(await posti.fetchLabel(`${server.url}/shipments/654321/pdfs/1`, call))).toEqual(pdf);
    expect(sentTo(/pdfs/)[0]!.headers.authorization).toMatch(/^Bearer /);
  });

  test.each([
    ['another host', 'http://elsewhere.example/pdfs/1'],
    ['another scheme', 'https://127.0.0.1/pdfs/1'],
    ['a host in disguise', 'http://127.0.0.1:1@elsewhere.example/pdfs/1'],
    ['no address at all', 'pdfs/1'],
  ])('is not fetched from %s', async (_name, link) => {
    await expect(posti.fetchLabel(link, call)).rejects.toMatchObject({
      kind: 'refused',
      code: 'posti_label_link_refused',
    });
    expect(sentTo(/pdfs/)).toEqual([]);
  });

  test.each([
    ['gone', { status: 404 }, 'refused'],
    ['a page instead of a PDF', { status: 200, body: '<html></html>' }, 'retryable'],
    ['cut', { harm: 'half', status: 200, body: '%PDF-' }, 'retryable'],
    ['forbidden', { status: 403 }, 'credentials'],
  ] as [string, Reply, string][])('that is %s', async (_name, reply, kind) => {
    replies = [[/pdfs/, reply]];
    await expect(posti.fetchLabel(`${server.url}/pdfs/1`, call)).rejects.toMatchObject({ kind });
  });
});

describe('tracking', () => {
  test('leaves out numbers that Posti does not know', async () => {
    const parcelShipments = [
      {
        trackingNumbers: ['JJFI1'],
        events: [{ eventCode: 'LUO', timeStamp: '2026-11-20T08:00:00Z', city: 'HELSINKI' }],
      },
    ];
    replies = [[/tracking/, { status: 200, body: { parcelShipments } }]];
    const [parcel, ...more] = await posti.track(['JJFI1', 'JJFI2'], call);
    expect(more).toEqual([]);
    expect(parcel).toMatchObject({
      trackingNumber: 'JJFI1',
      scans: [{ code: 'LUO', status: 'delivered', place: 'HELSINKI' }],
    });
    expect(sentTo(/tracking/)[0]!.path).toBe('/tracking/7/shipments/trackingnumbers/JJFI1,JJFI2?limit=100');
  });

  test('a reference without access is a matter of credentials', async () => {
    replies = [[/senderreference/, { status: 403 }]];
    await expect(posti.lookup('1-10482-1-1', call)).rejects.toMatchObject({ kind: 'credentials' });
  });
});

describe('pickup points', () => {
  const point = {
    id: '001003230',
    publicName: { fi: 'Kaupan automaatti', en: 'Shop locker' },
    parcelLocker: true,
    distanceInMeters: 300,
    location: { countryCode: 'FI', street: 'Kuvitteellinen katu 2', postcode: '00100', city: 'HELSINKI' },
  };

  const query: PickupPointQuery = {
    ...{ country: 'FI', postcode: '00100', street: null, city: null, limit: 5, product: '2103' },
    ...{ lockers: 'any', limitedQuantities: false },
  };

  test('are found by an address, nearest first', async () => {
    replies = [
      [
        /POST .*pickuppoints/,
        { status: 200, body: { pickupPoints: [{ ...point, id: '2', distanceInMeters: 900 }, point] } },
      ],
    ];
    expect((await posti.nearestPickupPoints(query, call)).map((it) => it.id)).toEqual(['001003230', '2']);
    expect(JSON.parse(sentTo(/pickuppoints/)[0]!.body)).toEqual({
      searchCriteria: {
        location: { countryCode: 'FI', postcode: '00100' },
        serviceFilters: { product: { code: '2103' } },
      },
      limit: 5,
    });
  });

  test('are sought as the parcel needs them', async () => {
    replies = [[/POST .*pickuppoints/, { status: 200, body: { pickupPoints: [] } }]];
    await posti.nearestPickupPoints({ ...query, lockers: 'indoors', limitedQuantities: true }, call);
    await posti.nearestPickupPoints({ ...query, lockers: 'none' }, call);
    const criteria = sentTo(/pickuppoints/).map(
      ({ body }) => (JSON.parse(body) as { searchCriteria: object }).searchCriteria,
    );
    expect(criteria).toMatchObject([
      { serviceFilters: { product: { code: '2103' }, outdoorLocker: false, ADRLimitedQuantities: true } },
      { parcelLocker: false },
    ]);
  });

  test('on Åland are sought by the country that is configured for it', async () => {
    const onAland = { ...query, country: 'AX', postcode: '22100' };
    replies = [[/pickuppoints/, { status: 200, body: { pickupPoints: [] } }]];
    await posti.nearestPickupPoints(onAland, call);
    await posti.pickupPoint('AX', '221004100', call);
    await carrier({ alandAs: 'AX' }).nearestPickupPoints(onAland, call);
    await carrier({ alandAs: 'AX' }).pickupPoint('AX', '221004100', call);
    const [first, one, third, another] = sentTo(/pickuppoints/);
    expect(first!.body).toContain('"countryCode":"FI"');
    expect(one!.path).toContain('/pickuppoints/FI/');
    expect(third!.body).toContain('"countryCode":"AX"');
    expect(another!.path).toContain('/pickuppoints/AX/');
  });

  test.each([
    ['bare', point],
    ['in a list', { pickupPoints: [point] }],
  ])('one that comes %s is read', async (_name, body) => {
    replies = [[/GET .*pickuppoints\/FI\/001003230/, { status: 200, body }]];
    expect(await posti.pickupPoint('FI', '001003230', call)).toMatchObject({ name: 'Kaupan automaatti', locker: true });
  });

  test('one that does not exist is undefined', async () => {
    expect(await posti.pickupPoint('FI', '999999999', call)).toBeUndefined();
  });
});

test('each call is written down once, without people, secrets or labels', async () => {
  replies = [[/shipping\/order/, created]];
  await posti.book(booking, call);
  expect(log).toHaveLength(2);
  expect(log[1]).toMatchObject({
    system: 'posti',
    account: 'posti-1',
    method: 'POST',
    path: '/shippingapi/api/v2/shipping/order?returnFile=true',
    purpose: 'book shipment',
    status: 200,
    errorCode: null,
    about: call.about,
    request: { shipment: { service: { id: 'PO2103' }, receiver: { country: 'FI', zipcode: '22•' } } },
  });
  expect(JSON.stringify(log)).not.toMatch(/Esimerkki|Kuvitteellinen|aino@|canary|JVBERi|\+358/);
});
