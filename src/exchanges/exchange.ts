/** One HTTP call with another system, as the clients report it: already redacted when it reaches a sink. */
export interface Exchange {
  readonly system: 'bigcommerce' | 'posti';
  /** The account that called: a store hash, or the id of a Posti account. */
  readonly account: string;
  readonly at: Date;
  readonly method: string;
  /** Path with query, without host, people and secrets. */
  readonly path: string;
  /** What the call was for, in our words: `read order`, `book shipment`. */
  readonly purpose: string;
  readonly status: number | null;
  readonly durationMs: number;
  readonly errorCode: string | null;
  /** The other side's id of the request. */
  readonly requestId: string | null;
  readonly request: unknown;
  readonly response: unknown;
  readonly about: ExchangeSubject;
}

/** Whose order the call was about, where it was about one. */
export interface ExchangeSubject {
  readonly storeHash?: string;
  readonly orderId?: number;
  readonly shipment?: number;
}

/** Keeps an exchange. Never throws and is not awaited by the caller's answer: a log must not decide a booking. */
export type ExchangeSink = (exchange: Exchange) => void;

/** Whether somebody, or an order, waits for it; sweeps and the like go after those. */
export type Urgency = 'urgent' | 'background';

/** What every call to another system is given: what it is about, and when to give up. */
export interface Call {
  readonly about: ExchangeSubject;
  /** `urgent` where it is left out. */
  readonly urgency?: Urgency;
  readonly signal?: AbortSignal;
}
