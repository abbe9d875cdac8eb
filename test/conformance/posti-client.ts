import type { PostiCredentials, Target } from './target.ts';

/** One answer of Posti, read once. */
export interface Answer {
  status: number;
  type: string;
  text: string;
  bytes: Uint8Array;
  /** The body as JSON; throws when it is none. */
  json(): unknown;
}

/**
 * Asks as plainly as can be: these suites judge the wire, so they go through no client of ours.
 * A real Posti logs in on a host of its own (CONFORMANCE_POSTI_AUTH_URL, e.g. https://gateway-auth.demo.posti.fi), and
 * its demo wants one more secret (CONFORMANCE_POSTI_GATEWAY_SECRET; posti.md 2).
 */
export function postiClient(target: Target<PostiCredentials>) {
  const { baseUrl, credentials } = target;
  const { CONFORMANCE_POSTI_AUTH_URL: authUrl, CONFORMANCE_POSTI_GATEWAY_SECRET: gatewaySecret } = process.env;
  const isReal = target.control === undefined;
  const tokenUrl = `${(isReal && authUrl) || `${baseUrl}/auth`}/api/v1/token`;
  const atTheDoor = isReal && gatewaySecret ? { 'x-gateway-secret': gatewaySecret } : {};
  let token: string | undefined;

  const ask = async (method: string, url: string, init: { headers?: Record<string, string>; body?: unknown } = {}) => {
    const { body, headers } = init;
    const isForm = body instanceof URLSearchParams;
    const answer = await fetch(url.startsWith('http') ? url : baseUrl + url, {
      method,
      headers: { ...(body !== undefined && !isForm && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, type, text, bytes, json: () => JSON.parse(text) as unknown } satisfies Answer;
  };
  const logIn = (secret = credentials.secret) =>
    ask('POST', tokenUrl, {
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: credentials.clientId,
        client_secret: secret,
      }),
    });
  const asUs = async (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) => {
    token ??= ((await logIn()).json() as { access_token: string }).access_token;
    return ask(method, url, { body, headers: { authorization: `Bearer ${token}`, ...atTheDoor, ...headers } });
  };
  return {
    ask,
    logIn,
    asUs,
    forgetToken: () => (token = undefined),
    order: (change: OrderChange = {}, query = '') =>
      asUs('POST', `/shippingapi/api/v2/shipping/order${query}`, anOrder(credentials.contract, change)),
    /** Asks the control interface of the stand-in. */
    control: async (method: string, path: string, body?: unknown) => {
      const answer = await ask(method, `${target.control}/_control${path}`, { body });
      if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
      return answer.text === '' ? undefined : answer.json();
    },
  };
}

interface OrderChange {
  shipment?: Record<string, unknown>;
  [field: string]: unknown;
}

/** A domestic parcel of invented people; `change` replaces fields of the order and of its shipment. */
export function anOrder(contract: string, { shipment, ...change }: OrderChange = {}): object {
  return {
    printConfig: { target1Media: 'laser-a5' },
    ...change,
    shipment: {
      senderPartners: [{ id: 'POSTI', custNo: contract }],
      sender: party('Kahvipaahtimo Öljynen Oy', 'Tehtaankatu 1', '00150', 'HELSINKI'),
      receiver: { ...party('Aino Keksitty', 'Hämeenkatu 5', '33100', 'TAMPERE'), mobile: '+358401234567' },
      service: { id: 'PO2103' },
      parcels: [{ copies: 1, weight: 1.2, packageCode: 'PKT', contents: 'Kahvia', valuePerParcel: true }],
      orderNo: 'CONFORM1',
      senderReference: 'CONFORM1',
      ...shipment,
    },
  };
}

export const party = (name: string, address1: string, zipcode: string, city: string, country = 'FI') => ({
  name,
  address1,
  zipcode,
  city,
  country,
});

/** The reply to an order as far as these suites look at it. */
export type OrderReply = {
  id: string;
  status: string;
  parcels: { parcelNo: string }[];
  prints: { href: string; media: string; pdf_type: string; data?: string }[];
}[];

export interface TrackingReply {
  parcelShipments: {
    trackingNumbers: string[];
    status?: { code: string };
    events: { eventCode: string; timeStamp: string }[];
    references?: { senderReferenceNumbers: string[] };
  }[];
  freightShipments: unknown[];
}
