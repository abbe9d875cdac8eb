import type { Booking, BookingAnswer, Carrier, TrackedParcel } from '../port.ts';
import { isAppError, type AppError } from '../../errors.ts';
import type { Call, ExchangeSink } from '../../exchanges/exchange.ts';
import type { HttpSender } from '../../http-client/sender.ts';
import { createAuthorised } from './authorised.ts';
import { countryName, toWireOrder, type WireChoices } from './booking.ts';
import { codeOfForbidden, toPostiError } from './errors.ts';
import { checkLabelLink, isNotFound, maxLabelBytes, readLabel } from './labels.ts';
import { readBookingAnswer } from './outcome.ts';
import { readPickupPoints, toSearch } from './pickup-points.ts';
import { createPostiRequests, type PostiResult } from './requests.ts';
import { createTokenHosts } from './token-hosts.ts';
import { createTokenSource, targetOf, type LogIn, type PostiToken } from './token.ts';
import { readTracking } from './tracking.ts';

export interface PostiDeps {
  /** `id` is ours; the rest is the application account of Posti's developer portal. */
  readonly account: { readonly id: string; readonly clientId: string; readonly clientSecret: string };
  readonly urls: {
    /** Of the token endpoint, like https://gateway-auth.posti.fi/api/v1/token */
    readonly auth: string;
    /** Like https://api.posti.fi/tracking/7 */
    readonly tracking: string;
    /** For log-ins whose answer names no addresses at all, like https://gateway.posti.fi/shippingapi/api */
    readonly shippingFallback?: string;
    readonly gatewayFallback?: string;
  };
  /** For Tracking, where it has a log-in of its own (posti.md 3.3); otherwise it gets the account's token. */
  readonly trackingLogIn?: { readonly url: string; readonly id: string; readonly secret: string };
  /** Hosts (with port, where it is not the scheme's own) that our token may be shown to as well: labels lie there. */
  readonly labelHosts: readonly string[];
  /** Stand-ins elsewhere than on this machine that have no TLS. */
  readonly plainHttpHosts?: readonly string[];
  /** Why nothing is asked of tracking, where it must not be: its address is another than when the account was connected. */
  readonly trackingElsewhere?: AppError | null;
  readonly gatewaySecret?: string;
  readonly userAgent: string;
  /** Default `FI` [I]: see booking.ts. */
  readonly alandAs?: WireChoices['alandAs'];
  readonly sender: HttpSender;
  readonly log: ExchangeSink;
  readonly clock: { now(): Date };
}

export interface PostiCarrier extends Carrier {
  /** Logs in anew and says which roles the account has. @throws AppError `credentials`, `retryable` */
  checkCredentials(call: Call): Promise<{ readonly roles: readonly string[] }>;
  /** Logs in anew for tracking, where that has a log-in of its own. @throws AppError `credentials`, `retryable` */
  checkTrackingLogIn(call: Call): Promise<void>;
  /** Whether it has one. */
  readonly hasTrackingLogIn: boolean;
}

const shippingRoles = ['shippingapi'];
/** The newest first; each release lives for three years (posti.md 1). */
const gatewayRoles = ['2026-04', '2025-04'];
const numbersPerQuestion = 50;

/** Posti through OmaPosti Pro's order API v2, the versioned gateway and Tracking v7. Never books twice by itself. */
export function createPostiCarrier(deps: PostiDeps): PostiCarrier {
  const { clock, urls } = deps;
  const choices: WireChoices = { alandAs: deps.alandAs ?? 'FI' };
  const requests = createPostiRequests({ ...deps, accountId: deps.account.id });
  const source = (logIn: LogIn) => createTokenSource({ requests, logIn, clock });
  const tokens = source({ kind: 'gateway', url: urls.auth, ...deps.account });
  const trackingTokens = deps.trackingLogIn ? source({ kind: 'service_account', ...deps.trackingLogIn }) : tokens;

  const { gatewaySecret, plainHttpHosts = [] } = deps;
  // A label's link is shown our token, so it must be as safe as the log-in.
  const { protocol } = new URL(urls.auth);
  const hostsOf = (...configured: readonly (string | undefined)[]) =>
    createTokenHosts(
      configured.filter((url) => url !== undefined),
      plainHttpHosts,
    );
  const gatewayHosts = hostsOf(
    ...[urls.auth, urls.shippingFallback, urls.gatewayFallback],
    ...deps.labelHosts.map((host) => `${protocol}//${host}`),
  );
  const gateway = createAuthorised({ requests, tokens, gatewaySecret, hosts: gatewayHosts });
  const tracking = createAuthorised({
    ...{ requests, tokens: trackingTokens, gatewaySecret },
    hosts: hostsOf(urls.tracking),
  });

  const orderUrl = (token: PostiToken) => `${targetOf(token, shippingRoles, urls.shippingFallback)}/v2/shipping/order`;

  async function book(booking: Booking, call: Call): Promise<BookingAnswer> {
    const order = toWireOrder(booking, choices);
    return gateway.ask(
      call,
      (token) => ({
        method: 'POST',
        // With the label's bytes in the answer: its link is not needed then, which ends after an hour (posti.md 4.1).
        url: `${orderUrl(token)}?returnFile=true`,
        purpose: 'book shipment',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
        logged: order,
        maxBytes: maxLabelBytes * 2,
      }),
      (result) => readBookingAnswer(result, booking.parcels.length, clock.now()),
      (answer) => (answer.outcome === 'created' ? null : answer.code),
    );
  }

  /** Whether the page before the gateway, which turned an order away, is passed by a question without anybody's texts. */
  function letsOthersIn(call: Call): Promise<boolean> {
    return gateway.ask(
      call,
      (token) => ({ method: 'GET', url: orderUrl(token), purpose: 'probe', headers: {} }),
      (result) =>
        answersAtAll(result) &&
        !('status' in result && result.status === 403 && codeOfForbidden(result.text) === 'posti_gateway_refused'),
    );
  }

  function expectTrackingHere(): void {
    if (deps.trackingElsewhere) throw deps.trackingElsewhere;
  }

  async function askTracking(purpose: string, path: string, call: Call): Promise<TrackedParcel[]> {
    expectTrackingHere();
    return tracking.ask(
      call,
      () => ({ method: 'GET', url: `${urls.tracking}/shipments/${path}?limit=100`, purpose, headers: {} }),
      (result) => readTracking(purpose, result, clock.now()),
    );
  }

  return {
    // What this API can tell or undo: posti.md 4.1 and 4.7. Unhanded labels are not billed (posti.md 2).
    abilities: { lookup: true, labelRefetch: false, void: false, chargedAtBooking: false },

    async book(booking, call) {
      try {
        const answer = await book(booking, call);
        const turnedAway = answer.outcome === 'not_let_in' && answer.code === 'posti_gateway_refused';
        return turnedAway && (await letsOthersIn(call)) ? turnedAwayAlone : answer;
      } catch (error) {
        // Only the log-in throws AppErrors here, so no order was sent.
        if (isAppError(error)) return notLoggedIn(error);
        throw error;
      }
    },

    async probe(call) {
      await tokens.renew(call);
      return gateway.ask(
        call,
        (token) => ({
          method: 'GET',
          url: orderUrl(token),
          purpose: 'probe',
          headers: {},
        }),
        (result) => {
          if (!answersAtAll(result)) throw toPostiError('probe', result, clock.now());
        },
      );
    },

    fetchLabel(link, call) {
      return gateway.ask(
        call,
        () => ({
          method: 'GET',
          url: checkLabelLink(link, deps.labelHosts, protocol),
          purpose: 'fetch label',
          headers: { accept: 'application/pdf' },
          maxBytes: maxLabelBytes,
        }),
        (result) => readLabel(result, clock.now()),
      );
    },

    async track(trackingNumbers, call) {
      const found: TrackedParcel[] = [];
      for (let from = 0; from < trackingNumbers.length; from += numbersPerQuestion) {
        const some = trackingNumbers.slice(from, from + numbersPerQuestion).map(encodeURIComponent);
        found.push(...(await askTracking('track parcels', `trackingnumbers/${some.join(',')}`, call)));
      }
      return found.filter((parcel) => trackingNumbers.includes(parcel.trackingNumber));
    },

    lookup: (reference, call) =>
      askTracking('look up by reference', `senderreference/${encodeURIComponent(reference)}`, call),

    async pickupPoint(country, id, call) {
      const purpose = 'read pickup point';
      try {
        const points = await gateway.ask(
          call,
          (token) => {
            const base = targetOf(token, gatewayRoles, urls.gatewayFallback);
            const path = `${encodeURIComponent(countryName(country, choices))}/${encodeURIComponent(id)}`;
            return { method: 'GET', url: `${base}/pickuppoints/${path}`, purpose, headers: {} };
          },
          (result) => readPickupPoints(purpose, result, clock.now()),
        );
        return points.find((point) => point.id === id);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    nearestPickupPoints(query, call) {
      const purpose = 'find pickup points';
      const search = toSearch(query, choices);
      return gateway.ask(
        call,
        (token) => ({
          method: 'POST',
          url: `${targetOf(token, gatewayRoles, urls.gatewayFallback)}/pickuppoints`,
          purpose,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(search),
          logged: search,
        }),
        (result) => readPickupPoints(purpose, result, clock.now()),
      );
    },

    async checkCredentials(call) {
      const token = await tokens.renew(call);
      return { roles: Object.keys(token.targets ?? {}) };
    },

    hasTrackingLogIn: deps.trackingLogIn !== undefined,
    async checkTrackingLogIn(call) {
      expectTrackingHere();
      if (trackingTokens !== tokens) await trackingTokens.renew(call);
    },
  };
}

/**
 * Whether the order API is up, by its answer to a question that it does not know: nothing is documented to be read there,
 * so that a gateway may answer 403, 404 or 405 to it [U]. What the account may, the log-in before has told.
 */
const answersAtAll = (result: PostiResult): boolean =>
  'status' in result && result.status < 500 && ![401, 408, 429].includes(result.status);

/** A filter against attacks reads the texts of an order. */
const turnedAwayAlone: BookingAnswer = {
  outcome: 'refused',
  code: 'posti_order_filtered',
  words:
    'the page before its API turned this order away, and lets others pass. Something in its texts looks like an attack, such as <, ; or -- in a name or street.',
};

/** A log-in that failed, as the answer to a booking that was therefore never sent. */
function notLoggedIn(error: AppError): BookingAnswer {
  const { kind, code, status, words, message, retryAfterMs } = error;
  return kind === 'credentials'
    ? { outcome: 'not_let_in', code, status: status ?? 401, words: words ?? message }
    : { outcome: 'not_created', code, retryAfterMs: retryAfterMs ?? null };
}
