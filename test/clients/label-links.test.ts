import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpSender, type HttpSender } from '../../src/http-client/sender.ts';
import { createPostiCarrier, type PostiCarrier } from '../../src/carriers/posti/carrier.ts';
import { checkLabelLink } from '../../src/carriers/posti/labels.ts';
import { startServer, type Reply, type TestServer } from './server.ts';

const call = { about: { storeHash: 'abc123', orderId: 100, shipment: 1 } };
const pdf: Reply = { status: 200, headers: { 'content-type': 'application/pdf' }, body: Buffer.from('%PDF-1.7') };

let posti: TestServer;
/** Somebody else's, on this machine too: all that it gets, it should not have got. */
let evil: TestServer;
let sender: HttpSender;
let carrier: PostiCarrier;
let label: Reply;

beforeEach(async () => {
  label = pdf;
  posti = await startServer(({ path }, { url }) =>
    path === '/token'
      ? { status: 200, body: { access_token: 'token-canary', expires_in: 3600, posti_fi: { targets: {} }, url } }
      : label,
  );
  evil = await startServer(() => pdf);
  sender = createHttpSender({ timeouts: { total: 2_000 } });
  carrier = createPostiCarrier({
    account: { id: 'posti-1', clientId: 'client', clientSecret: 'secret' },
    urls: { auth: `${posti.url}/token`, tracking: `${posti.url}/tracking` },
    labelHosts: [posti.host, 'gateway.posti.fi'],
    userAgent: 'test',
    sender,
    log: () => undefined,
    clock: { now: () => new Date() },
  });
});
afterEach(async () => {
  await sender.close();
  await posti.close();
  await evil.close();
});

const labelsAskedFor = () => posti.received.filter(({ path }) => path !== '/token');

describe('a link in an answer of Posti is never followed', () => {
  test.each([
    ['to another port of the same machine', () => `http://${evil.host}/pdfs/1`],
    ['to another host behind a user named like ours', () => `http://${posti.host}@${evil.host}/pdfs/1`],
    ['with a user and a password', () => `http://user:word@${posti.host}/pdfs/1`],
    ['with a user alone', () => `http://user@${posti.host}/pdfs/1`],
    ['with a backslash before the host', () => `http://${evil.host}\\@${posti.host}/pdfs/1`],
    ['with our host as its path', () => `http://${evil.host}/${posti.host}/pdfs/1`],
    ['with our host after its fragment', () => `http://${evil.host}#@${posti.host}/pdfs/1`],
    ['to a host that begins like ours', () => `http://gateway.posti.fi.evil.example/pdfs/1`],
    ['to a host that ends like ours', () => `http://evilgateway.posti.fi/pdfs/1`],
    ['to our host with a dot after it', () => `http://gateway.posti.fi./pdfs/1`],
    ['to another loopback address', () => `http://0x7f000002:${posti.host.split(':')[1]}/pdfs/1`],
    ['by another scheme', () => `https://${posti.host}/pdfs/1`],
    ['by a scheme that is no HTTP', () => 'file:///etc/passwd'],
    ['by data', () => 'data:application/pdf,%25PDF-'],
    ['without a scheme', () => `//${evil.host}/pdfs/1`],
    ['to the machine that knows the cloud', () => 'http://169.254.169.254/latest/meta-data/'],
  ])('a label link is refused unfetched: %s', async (_name, link) => {
    await expect(carrier.fetchLabel(link(), call)).rejects.toMatchObject({ code: 'posti_label_link_refused' });
    expect(evil.received).toEqual([]);
    expect(labelsAskedFor()).toEqual([]);
  });

  test.each([301, 302, 303, 307, 308])(
    'a label link is not followed to where a redirection (%i) leads',
    async (status) => {
      label = { status, headers: { location: `${evil.url}/pdfs/1` } };
      await expect(carrier.fetchLabel(`${posti.url}/pdfs/1`, call)).rejects.toThrow();
      expect(labelsAskedFor()).toHaveLength(1);
      expect(evil.received).toEqual([]);
    },
  );
});

test('a link to one of the configured hosts is followed, however it is written', async () => {
  expect(Buffer.from(await carrier.fetchLabel(`${posti.url}/pdfs/1`, call)).toString()).toBe('%PDF-1.7');
  expect(checkLabelLink('HTTPS://GATEWAY.posti.fi:443/a/../pdfs/1', ['gateway.posti.fi'], 'https:')).toBe(
    'https://gateway.posti.fi/pdfs/1',
  );
});
