import { createBigCommerce } from '../../sandbox/bigcommerce/app.ts';
import { createClock } from '../../sandbox/clock.ts';
import { createPosti } from '../../sandbox/posti/app.ts';
import { listen, type StandIn, type StandInDeps } from '../../sandbox/stand-in.ts';

/** Where a conformance suite asks its questions: our stand-in by default, the real system when the environment says so. */
export interface Target<Credentials> {
  baseUrl: string;
  credentials: Credentials;
  /** The control interface's base URL; absent on a real system, and with it the tests that need it. */
  control?: string;
  close(): Promise<void>;
}

export interface BigCommerceCredentials {
  storeHash: string;
  token: string;
  /** An order of a real store that the suite may read, and nothing else. */
  orderId?: number;
}

export interface PostiCredentials {
  clientId: string;
  secret: string;
  contract: string;
}

/** A real store through CONFORMANCE_BIGCOMMERCE_URL, _STORE, _TOKEN (and _ORDER: an order that may be read). */
export async function bigCommerceTarget(): Promise<Target<BigCommerceCredentials>> {
  const env = process.env;
  const { CONFORMANCE_BIGCOMMERCE_URL: baseUrl, CONFORMANCE_BIGCOMMERCE_STORE: storeHash } = env;
  const { CONFORMANCE_BIGCOMMERCE_TOKEN: token, CONFORMANCE_BIGCOMMERCE_ORDER: order } = env;
  if (baseUrl && storeHash && token) {
    const credentials = { storeHash, token, ...(order && { orderId: Number(order) }) };
    return { baseUrl, credentials, close: () => Promise.resolve() };
  }
  const standIn = await start(createBigCommerce);
  const credentials = { storeHash: 'conform1', token: 'token-conform1' };
  const store = { hash: 'conform1', token: 'token-conform1', clientId: 'client-1', clientSecret: 'secret-1' };
  await post(`${standIn.url}/_control/stores`, store);
  return { baseUrl: standIn.url, credentials, control: standIn.url, close: () => standIn.close() };
}

/** Posti's demo environment through CONFORMANCE_POSTI_URL, _CLIENT, _SECRET, _CONTRACT. */
export async function postiTarget(): Promise<Target<PostiCredentials>> {
  const env = process.env;
  const { CONFORMANCE_POSTI_URL: baseUrl, CONFORMANCE_POSTI_CLIENT: clientId } = env;
  const { CONFORMANCE_POSTI_SECRET: secret, CONFORMANCE_POSTI_CONTRACT: contract } = env;
  if (baseUrl && clientId && secret && contract) {
    return { baseUrl, credentials: { clientId, secret, contract }, close: () => Promise.resolve() };
  }
  const standIn = await start(createPosti);
  const account = { clientId: 'conform-client', secret: 'conform-secret', contracts: ['654321'] };
  await post(`${standIn.url}/_control/accounts`, {
    ...account,
    roles: ['shippingapi', '2026-04'],
    trackingAccess: true,
  });
  const credentials = { clientId: account.clientId, secret: account.secret, contract: '654321' };
  return { baseUrl: standIn.url, credentials, control: standIn.url, close: () => standIn.close() };
}

function start(create: (deps: StandInDeps) => StandIn): Promise<{ url: string; close(): Promise<void> }> {
  return listen(create, { clock: createClock(), stateDir: undefined, log: () => {} }, 0);
}

async function post(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}
