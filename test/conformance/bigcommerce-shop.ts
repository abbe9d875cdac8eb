/* eslint-disable @typescript-eslint/no-unsafe-member-access -- wire bodies: the assertions are what checks them */
import { type BigCommerceCredentials, bigCommerceTarget, type Target } from './target.ts';

/** What came over the wire, as it is: the suites look at status, headers and the parsed body. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- the assertions are the types here
}

export interface Shop {
  target: Target<BigCommerceCredentials>;
  /** A call of the store's API, path from /v2 or /v3. */
  call(method: string, path: string, body?: unknown, opts?: { token?: string }): Promise<Answer>;
  /** The merchant's and shopper's side; absent on a real store. */
  control?: Control;
}

export interface Control {
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Makes an order and says its id. */
  order(draft: object): Promise<number>;
  /** Gives the store another API account. */
  account(draft: { token: string; clientId: string; scopes?: string[]; quota?: number }): Promise<void>;
}

/** The shop under test, and the way into its back office where there is one. */
export async function openShop(): Promise<Shop> {
  const target = await bigCommerceTarget();
  const { storeHash, token } = target.credentials;
  const call: Shop['call'] = (method, path, body, opts) =>
    send(method, `${target.baseUrl}/stores/${storeHash}${path}`, body, opts?.token ?? token);
  if (target.control === undefined) return { target, call };

  const base = target.control;
  const controlCall: Control['call'] = (method, path, body) => send(method, `${base}/_control${path}`, body);
  return {
    target,
    call,
    control: {
      call: controlCall,
      order: async (draft) => (await controlCall('POST', `/stores/${storeHash}/orders`, draft)).body.id as number,
      account: async (draft) => {
        const { quota, ...account } = draft;
        const store = { hash: storeHash, clientSecret: `${draft.clientId}-secret`, ...account };
        await controlCall('POST', '/stores', { ...store, ...(quota !== undefined && { quota }) });
      },
    },
  };
}

async function send(method: string, url: string, body?: unknown, token?: string): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(token !== undefined && { 'x-auth-token': token }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}

/** `4 decimals` and `RFC-2822 with +0000`, as V2 writes them. */
export const moneyText = /^-?\d+\.\d{4}$/;
export const rfc2822Text = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/;
