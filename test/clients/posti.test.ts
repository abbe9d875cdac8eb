import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Booking, PickupPointQuery } from '../../src/carriers/port.ts';
import type { Exchange } from '../../src/exchanges/exchange.ts';
import { createHttpSender, type HttpSender } from '../../src/http-client/sender.ts';
import { createPostiCarrier, type PostiCarrier } from '../../src/carriers/posti/carrier.ts';
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
const created = {
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

/** A log-in that names another host as the address of the API; what is sent there. */
async function namesAnotherHost(url: (other: TestServer) => string) {
  const other = await startServer(() => created);
  replies = [[/token/, token(url(other))]];
  const answer = await posti.book(booking, call);
  const points = await posti.pickupPoint('FI', '1', call).catch((error: unknown) => error);
  await other.close();
  return { answer, points, sent: other.received };
}

test.each([
  ['another port', (other: TestServer) => other.url],
  ['another name of this machine', ({ url }: TestServer) => url.replace('127.0.0.1', 'localhost')],
])('a token goes to no host that is not configured, also where the log-in names it: %s', async (_, url) => {
  const { answer, points, sent } = await namesAnotherHost(url);
  expect(sent).toEqual([]);
  expect(answer).toMatchObject({ outcome: 'not_let_in', code: 'posti_address_not_configured' });
  expect(points).toMatchObject({ code: 'posti_address_not_configured' });
});

test('a token goes over plain http to this machine alone, whatever is configured', async () => {
  const sent: string[] = [];
  const spy: HttpSender = {
    send: (request) => (sent.push(request.url), sender.send(request)),
    close: () => Promise.resolve(),
  };
  replies = [[/token/, token('http://gateway.example')]];
  const urls = { auth: `${server.url}/auth/api/v1/token`, tracking: 'http://tracking.example/7' };
  const loose = carrier({ urls: { ...urls, gatewayFallback: 'http://gateway.example' }, sender: spy });
  await expect(loose.book(booking, call)).resolves.toMatchObject({ code: 'posti_address_not_configured' });
  await expect(loose.track(['JJFI1'], call)).rejects.toMatchObject({ code: 'posti_address_not_configured' });
  expect(sent.filter((url) => url.includes('.example'))).toEqual([]);
});

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

describe('a log-in of its own for tracking', () => {
  const trackingLogIn = () => ({ url: `${server.url}/oauth/token`, id: 'tracker', secret: 'tracking-canary' });
  const trackingToken = { status: 200, body: { token_type: 'bearer', access_token: 'of-tracking', expires_in: 3599 } };
  const found = { status: 200, body: { parcelShipments: [] } };

  test('tracking asks with its own log-in, nothing else uses it, and no secret is logged', async () => {
    replies = [
      [/oauth\/token/, trackingToken],
      [/tracking\/7/, found],
      [/shipping\/order/, created],
    ];
    posti = carrier({ trackingLogIn: trackingLogIn() });
    await posti.track(['JJFI65432100000000001'], call);
    await posti.lookup('1-10482-1-1', call);
    await posti.book(booking, call);
    const basic = Buffer.from('tracker:tracking-canary').toString('base64');
    expect(sentTo(/oauth\/token/).map(({ headers }) => headers.authorization)).toEqual([`Basic ${basic}`]);
    expect(sentTo(/tracking\/7/).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer of-tracking',
      'Bearer of-tracking',
    ]);
    expect(sentTo(/shipping\/order/)[0]!.headers.authorization).toBe(`Bearer token-canary-${issued}`);
    expect(JSON.stringify(log)).not.toMatch(new RegExp(`canary|${basic}|of-tracking`));
  });

  test('a tracking log-in that is refused is told apart from the account’s own, which books on', async () => {
    replies = [
      [/oauth\/token/, { status: 401, body: { error: 'Unauthorized', message: 'Bad credentials' } }],
      [/shipping\/order/, created],
    ];
    posti = carrier({ trackingLogIn: trackingLogIn() });
    await expect(posti.track(['JJFI65432100000000001'], call)).rejects.toMatchObject({
      ...{ kind: 'credentials', code: 'posti_tracking_login_refused' },
    });
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'created' });
    expect(log[0]).toMatchObject({ purpose: 'log in for tracking', errorCode: 'posti_tracking_login_refused' });
  });

  test('an account without a tracking log-in asks with its own', async () => {
    replies = [[/tracking\/7/, found]];
    await posti.track(['JJFI65432100000000001'], call);
    expect(sentTo(/tracking\/7/)[0]!.headers.authorization).toBe(`Bearer token-canary-${issued}`);
  });
});

describe('booking', () => {
  test('a booking sends what Posti wants, in its units and terms', async () => {
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

  test('a booking to Åland names the country as configured', async () => {
    replies = [[/shipping\/order/, created]];
    await carrier({ alandAs: 'AX' }).book(booking, call);
    expect(sentTo(/shipping\/order/)[0]!.body).toContain('"country":"AX"');
  });

  test('a booking sends a landline as phone and not as mobile, and the state of an address that has one', async () => {
    replies = [[/shipping\/order/, created]];
    const receiver = party({ phone: '+35891234567', mobile: null, city: 'Boston, MA', state: 'MA', country: 'US' });
    await posti.book({ ...booking, receiver }, call);
    const sent = (JSON.parse(sentTo(/shipping\/order/)[0]!.body) as { shipment: { receiver: object } }).shipment;
    expect(sent.receiver).toMatchObject({ phone: '+35891234567', city: 'Boston, MA', state: 'MA' });
    expect(sent.receiver).not.toHaveProperty('mobile');
  });

  test('a booking whose answer is lost has an unknown outcome, and is never sent again', async () => {
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

  test('a booking with a new token that is refused is not tried again', async () => {
    replies = [[/shipping\/order/, { status: 401 }]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', status: 401 });
    expect(sentTo(/shipping\/order/)).toHaveLength(1);
  });

  test('a booking with wrong credentials is not sent', async () => {
    replies = [[/token/, { status: 401, body: { error: 'invalid_client' } }]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', code: 'posti_credentials_refused' });
    expect(sentTo(/shipping\/order/)).toEqual([]);
  });

  test('a booking of an account without the role is refused with that reason', async () => {
    replies = [[/token/, () => token(server.url, ['2026-04'])]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', code: 'posti_role_missing' });
  });

  test.each([
    ['is down', { status: 500 }],
    ['does not answer', { harm: 'reset' }],
  ] as [string, Reply][])('a booking is not created when the log-in %s', async (_name, reply) => {
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
  test('the client logs in once for many calls at the same time', async () => {
    replies = [[/shipping\/order/, created]];
    await Promise.all(Array.from({ length: 5 }, () => posti.book(booking, call)));
    expect(sentTo(/token/)).toHaveLength(1);
  });

  test('the client logs in again before the token ends', async () => {
    await posti.checkCredentials(call);
    now = new Date(now.getTime() + 3_550_000);
    await posti.track(['JJFI1'], call);
    expect(sentTo(/token/)).toHaveLength(2);
  });

  test('the client does not log in for a minute after a refusal, since five of them lock the account', async () => {
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

    test('the client finds a role that was added since by the next call, with one more log-in', async () => {
      replies = [
        [/token/, () => token(server.url, elsewhere)],
        [/shipping\/order/, created],
      ];
      expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', code: 'posti_role_missing' });
      replies.shift();
      expect(await posti.book(booking, call)).toMatchObject({ outcome: 'created' });
      expect(sentTo(/token/)).toHaveLength(2);
    });

    test('the client finds a role that the API did not know, although the log-in had named it', async () => {
      await posti.checkCredentials(call);
      const old = `Bearer token-canary-${issued}`;
      replies = [[/shipping\/order/, (it) => (it.headers.authorization === old ? forbidden : created)]];
      expect(await posti.book(booking, call)).toMatchObject({ outcome: 'created' });
      expect(sentTo(/shipping\/order/)).toHaveLength(2);
    });

    test('the client asks for one new token for many calls at once', async () => {
      await posti.checkCredentials(call);
      const old = `Bearer token-canary-${issued}`;
      replies = [[/shipping\/order/, (it) => (it.headers.authorization === old ? forbidden : created)]];
      const answers = await Promise.all(Array.from({ length: 10 }, () => posti.book(booking, call)));
      expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'created'));
      expect(sentTo(/token/)).toHaveLength(2);
    });

    test('the client logs in for a role that the account lacks once a minute at most, however many calls need it', async () => {
      replies = [[/token/, () => token(server.url, elsewhere)]];
      for (let n = 0; n < 20; n++) await posti.book(booking, call);
      expect(sentTo(/token/)).toHaveLength(2);
      now = new Date(now.getTime() + 61_000);
      for (let n = 0; n < 20; n++) await posti.book(booking, call);
      expect(sentTo(/token/)).toHaveLength(3);
    });

    test('the client tries a secret that is refused meanwhile once a minute at most', async () => {
      await posti.checkCredentials(call);
      replies = [
        [/token/, { status: 401, body: { error: 'invalid_client' } }],
        [/shipping\/order/, forbidden],
      ];
      for (let n = 0; n < 20; n++)
        expect(await posti.book(booking, call)).toMatchObject({ code: 'posti_credentials_refused' });
      expect(sentTo(/token/)).toHaveLength(2);
    });

    test('the client asks for no other token where a gateway refuses every call', async () => {
      await posti.checkCredentials(call);
      replies = [[/shipping\/order/, { status: 403, body: '<HTML>403 ERROR</HTML>' }]];
      expect(await posti.book(booking, call)).toMatchObject({ code: 'posti_gateway_refused' });
      expect(sentTo(/token/)).toHaveLength(1);
    });
  });

  test('the client says when the account is locked', async () => {
    replies = [[/token/, { status: 401, body: { error: 'Unauthorized', message: 'User account is locked' } }]];
    await expect(posti.checkCredentials(call)).rejects.toMatchObject({
      code: 'posti_credentials_refused',
      message: 'Posti has locked the account for now.',
    });
  });

  test('the client tells which roles the account has', async () => {
    expect(await posti.checkCredentials(call)).toEqual({ roles: ['shippingapi', '2026-04'] });
  });
});

describe('a label', () => {
  test('a label is fetched by its link, with the token', async () => {
    replies = [[/pdfs/, { status: 200, headers: { 'content-type': 'application/pdf' }, body: pdf }]];
    expect(Buffer.from(await posti.fetchLabel(`${server.url}/shipments/654321/pdfs/1`, call))).toEqual(pdf);
    expect(sentTo(/pdfs/)[0]!.headers.authorization).toMatch(/^Bearer /);
  });

  test.each([
    ['another host', 'http://elsewhere.example/pdfs/1'],
    ['another scheme', 'https://127.0.0.1/pdfs/1'],
    ['a host in disguise', 'http://127.0.0.1:1@elsewhere.example/pdfs/1'],
    ['no address at all', 'pdfs/1'],
  ])('a label is not fetched from %s', async (_name, link) => {
    await expect(posti.fetchLabel(link, call)).rejects.toMatchObject({
      code: 'posti_label_link_refused',
      ofThisRequest: true,
    });
    expect(sentTo(/pdfs/)).toEqual([]);
  });

  test('a label is gone after its hour', async () => {
    replies = [[/pdfs/, { status: 404 }]];
    await expect(posti.fetchLabel(`${server.url}/pdfs/1`, call)).rejects.toMatchObject({ kind: 'refused' });
  });

  test.each<[string, Reply]>([
    ['a page instead of a PDF', { status: 200, body: '<html></html>' }],
    ['a page that quotes a PDF', { status: 200, body: '<html>%PDF-</html>' }],
    ['empty', { status: 200, body: '' }],
    ['cut', { harm: 'half', status: 200, body: '%PDF-' }],
    // As a link that has ended is answered by file stores; the token has just booked.
    ['forbidden', { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }],
    ['forbidden by the API', { status: 403, body: { errorCode: 'FORBIDDEN', message: 'no', details: null } }],
    ['broken at Posti', { status: 500 }],
  ])('a label that is %s may come later, and says nothing about the account', async (_name, reply) => {
    replies = [[/pdfs/, reply]];
    await expect(posti.fetchLabel(`${server.url}/pdfs/1`, call)).rejects.toMatchObject({
      kind: 'retryable',
      ofThisRequest: true,
    });
  });

  test('a label request that is throttled makes all calls wait', async () => {
    replies = [[/pdfs/, { status: 429 }]];
    await expect(posti.fetchLabel(`${server.url}/pdfs/1`, call)).rejects.toMatchObject({
      kind: 'throttled',
      ofThisRequest: false,
    });
  });

  test('a label is not fetched by an account whose log-in is refused, which holds for all calls', async () => {
    replies = [[/token/, { status: 401, body: { error: 'invalid_client' } }]];
    await expect(posti.fetchLabel(`${server.url}/pdfs/1`, call)).rejects.toMatchObject({
      kind: 'credentials',
      ofThisRequest: false,
    });
  });

  test.each([
    ['after a line of text', `\r\nContent-Type: application/pdf\r\n\r\n${pdf.toString()}`],
    ['after a byte order mark', `\ufeff${pdf.toString()}`],
    ['at the end of the first 1,024 bytes', `${'\0'.repeat(1_019)}${pdf.toString()}`],
  ])('a label is a PDF where its header stands %s', async (_where, body) => {
    replies = [[/pdfs/, { status: 200, body: Buffer.from(body) }]];
    const file = await posti.fetchLabel(`${server.url}/pdfs/1`, call);
    expect(Buffer.from(file)).toEqual(Buffer.from(body));
  });

  test('a file whose header comes after the first 1,024 bytes is no label', async () => {
    replies = [[/pdfs/, { status: 200, body: Buffer.from(`${'\0'.repeat(1_024)}${pdf.toString()}`) }]];
    await expect(posti.fetchLabel(`${server.url}/pdfs/1`, call)).rejects.toMatchObject({ code: 'posti_unreadable' });
  });

  test('a label in the answer to a booking may have bytes before its header, too', async () => {
    const data = Buffer.from(`\n${pdf.toString()}`).toString('base64');
    const body = [{ id: 'S1', parcels: [{ parcelNo: 'JJFI1' }], prints: [{ href: null, data }] }];
    replies = [[/shipping\/order/, { status: 200, body }]];
    expect(await posti.book(booking, call)).toMatchObject({
      outcome: 'created',
      labels: [{ pdf: Buffer.from(`\n${pdf.toString()}`) }],
    });
  });

  test('a receiver’s name that looks like a label leaves the answer to the booking readable', async () => {
    const [shipment] = created.body as [object];
    replies = [[/shipping\/order/, { status: 200, body: [{ rcvName: '%PDF-1.7', ...shipment }] }]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'created' });
  });
});

describe('an address that is not Posti’s', () => {
  const nowhere: [string, Reply][] = [
    ['404 without a word', { status: 404 }],
    ['a page', { status: 404, body: '<html>Not Found</html>' }],
    ['a gateway without such a route', { status: 404, body: { message: 'no Route matched with those values' } }],
    ['405', { status: 405 }],
    ['a move', { status: 301, headers: { location: 'https://elsewhere.example/' } }],
  ];
  const trouble = { kind: 'retryable', code: 'posti_address_unknown', ofThisRequest: false };

  test.each(nowhere)('an address that is not Posti’s refuses no order: %s', async (_name, reply) => {
    replies = [[/shipping\/order/, reply]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_created', code: 'posti_address_unknown' });
  });

  test.each(nowhere)(
    'an address that is not Posti’s does not make a pickup point missing: %s',
    async (_name, reply) => {
      replies = [[/pickuppoints/, reply]];
      await expect(posti.pickupPoint('FI', '001003230', call)).rejects.toMatchObject(trouble);
      const query = {
        country: 'FI',
        postcode: '00100',
        street: null,
        city: null,
        limit: 5,
        product: null,
        lockers: 'any' as const,
        limitedQuantities: false,
      };
      await expect(posti.nearestPickupPoints(query, call)).rejects.toMatchObject(trouble);
    },
  );

  // Tracking's own 404 has no body (posti.md 6.1).
  test.each(nowhere.slice(1))(
    'an address that is not Posti’s does not make a parcel unknown: %s',
    async (_name, reply) => {
      replies = [[/tracking/, reply]];
      await expect(posti.track(['JJFI1'], call)).rejects.toMatchObject(trouble);
    },
  );

  test.each([...nowhere, ['a log-in of another kind', { status: 400, body: { error: 'unsupported_grant_type' } }]] as [
    string,
    Reply,
  ][])('an address that is not Posti’s is no log-in that works: %s', async (_name, reply) => {
    replies = [[/token/, reply]];
    await expect(posti.checkCredentials(call)).rejects.toMatchObject(trouble);
    await expect(posti.probe(call)).rejects.toMatchObject(trouble);
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_created', code: 'posti_address_unknown' });
  });
});

describe('the question whether bookings would be let in', () => {
  test.each([
    [403, { errorCode: 'FORBIDDEN', message: 'Missing Authentication Token', details: null }],
    [403, '<html>403 ERROR</html>'],
    [404, ''],
    [405, ''],
    [200, '{}'],
  ])(
    'the check for bookings asks a path that only takes POST, so that %d %j says that the API is there',
    async (status, body) => {
      replies = [[/GET .*shipping\/order/, { status, body }]];
      await expect(posti.probe(call)).resolves.toBeUndefined();
    },
  );

  test.each<[string, Reply, string]>([
    ['5xx', { status: 503 }, 'retryable'],
    ['429', { status: 429 }, 'throttled'],
    ['a token that is refused', { status: 401 }, 'credentials'],
    ['silence', { harm: 'reset' }, 'retryable'],
  ])('the check for bookings is answered with no by %s', async (_name, reply, kind) => {
    replies = [[/GET .*shipping\/order/, reply]];
    await expect(posti.probe(call)).rejects.toMatchObject({ kind });
  });

  test('the check for bookings answers no where the account lacks the role', async () => {
    replies = [[/token/, () => token(server.url, ['2026-04'])]];
    await expect(posti.probe(call)).rejects.toMatchObject({ code: 'posti_role_missing' });
  });
});

describe('an order that the page before the gateway turns away', () => {
  const page: Reply = { status: 403, body: '<HTML><H1>403 ERROR</H1>Request blocked.</HTML>' };

  test('an order that the page before the gateway turns away is refused where other orders pass', async () => {
    replies = [[/POST .*shipping\/order/, page]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'refused', code: 'posti_order_filtered' });
  });

  test('an order that the page before the gateway turns away is a fault of the account where all orders are', async () => {
    replies = [[/shipping\/order/, page]];
    expect(await posti.book(booking, call)).toMatchObject({ outcome: 'not_let_in', code: 'posti_gateway_refused' });
  });
});

describe('tracking', () => {
  test('tracking leaves out numbers that Posti does not know', async () => {
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

  test('tracking by a reference without access is an error of credentials', async () => {
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
    ...{ lockers: 'any' as const, limitedQuantities: false },
  };

  test('pickup points are found by an address, nearest first', async () => {
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

  test('pickup points are searched for as the parcel needs them', async () => {
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

  test('pickup points on Åland are searched for by the country that is configured for it', async () => {
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
  ])('a pickup point that comes %s is read', async (_name, body) => {
    replies = [[/GET .*pickuppoints\/FI\/001003230/, { status: 200, body }]];
    expect(await posti.pickupPoint('FI', '001003230', call)).toMatchObject({ name: 'Kaupan automaatti', locker: true });
  });

  test('a pickup point that does not exist is undefined', async () => {
    const body = { errorCode: 'NOT_FOUND', message: 'Pickup point not found', details: null };
    replies = [[/pickuppoints/, { status: 404, body }]];
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
