import type { PickupPointQuery } from '../carriers/port.ts';
import { isAppError } from '../errors.ts';
import { connectPostiAgain } from './connect-again.ts';
import { findingsOf, type Finding } from './finding.ts';
import type { PostiAccount, PostiAddresses } from './posti-account.ts';

/** Any tracking number of the right form that was given to nobody. */
const nobodysParcel = 'JJFI00000000000000000';

export interface RolesAsked {
  readonly carrier: PostiAccount['carrier'];
  /** The roles that the log-in's answer names; none, where such an answer names none. */
  readonly named: readonly string[];
  readonly addresses: PostiAddresses;
  /** How long nobody is to log in for tracking, since it was refused a moment ago: five refusals lock that too. */
  readonly trackingWaitsMs: number;
}

/** Each access that we use, with an account that was let in: booking, pickup points, tracking. */
export async function examinePostiRoles(storeHash: string, asked: RolesAsked): Promise<Finding[]> {
  const { carrier, named, addresses } = asked;
  const call = { about: { storeHash } };
  const found = findingsOf('posti_roles', storeHash);
  const findings: Finding[] = [];

  if (named.length > 0 && !named.includes('shippingapi')) {
    findings.push(
      found.wrong(
        'posti_role_shipping_missing',
        'The Posti account lacks the role shippingapi: nothing can be booked.',
        inPortal('shippingapi'),
      ),
    );
  }

  const points = await refusalOf(() => carrier.nearestPickupPoints(anyPlace, call));
  if (points?.code === 'posti_gateway_refused') {
    findings.push(
      found.wrong(
        'posti_gateway_secret_wrong',
        "Posti's gateway turns us away before it looks at the account: the demo wants a gateway secret.",
        `Connect again with it in LAHETTI_CONNECT_POSTI_GATEWAY_SECRET: ${connectPostiAgain(storeHash)}.`,
      ),
    );
  } else if (points?.kind === 'credentials') {
    findings.push(
      found.wrong(
        'posti_role_gateway_missing',
        'The Posti account lacks the role 2026-04: pickup points can be neither found nor checked.',
        inPortal('2026-04 (or 2025-04)'),
      ),
    );
  } else if (points) {
    const advice = `Check POSTI_GATEWAY_URL (${addresses.gatewayUrl}): leave it out for production. Bookings wait until it answers.`;
    findings.push(found.notLooked(points, advice));
  }

  const notIn = await whyTrackingIsNotIn(storeHash, asked);
  if (notIn) return [...findings, notIn];

  const tracking = await refusalOf(() => carrier.track([nobodysParcel], call));
  const byReference = tracking ?? (await refusalOf(() => carrier.lookup('doctor', call)));
  if (tracking?.kind === 'credentials') {
    findings.push(
      found.wrong(
        'posti_tracking_missing',
        'The Posti account has no access to Tracking: parcels are booked, but nobody follows them.',
        'Ask Posti (LogEDI@posti.com) for the Tracking API for this account, with the contract number. Where they give a service account for it: connect again with --posti-tracking-client-id.',
      ),
    );
  } else if (byReference?.kind === 'credentials') {
    findings.push(
      found.wrong(
        'posti_tracking_public_only',
        'The Posti account tracks as the public does: parcels are followed, but lost bookings cannot be looked up by reference.',
        'Ask Posti (LogEDI@posti.com) to give the account Tracking with its contract data.',
      ),
    );
  } else if (byReference) {
    const advice = `Check POSTI_TRACKING_URL (${addresses.trackingUrl}): leave it out for production. Parcels are booked, and followed when it answers.`;
    findings.push(found.notLooked(byReference, advice));
  }

  const withOwn = carrier.hasTrackingLogIn ? ' Tracking logs in by itself.' : '';
  return findings.length > 0
    ? findings
    : [found.right(`The Posti account may book, find pickup points, and track.${withOwn}`)];
}

/** Of tracking's own log-in; undefined where it lets us in, or there is none: then the account's does. */
async function whyTrackingIsNotIn(
  storeHash: string,
  { carrier, addresses, trackingWaitsMs }: RolesAsked,
): Promise<Finding | undefined> {
  if (!carrier.hasTrackingLogIn) return undefined;
  const found = findingsOf('posti_roles', storeHash);
  const connectAgain = `connect again with it in LAHETTI_CONNECT_POSTI_TRACKING_SECRET: ${connectPostiAgain(storeHash)} --posti-tracking-client-id <id>, or "none" to ask with the account's own log-in.`;
  if (trackingWaitsMs > 0) {
    return found.wrong(
      'posti_tracking_login_refused',
      `Posti refused tracking's own log-in a moment ago, and is not asked again for ${Math.ceil(trackingWaitsMs / 60_000)} minutes: five wrong log-ins lock it for an hour.`,
      `Check its client id and secret, and ${connectAgain} Then: doctor --again.`,
    );
  }
  const refusal = await refusalOf(() => carrier.checkTrackingLogIn({ about: { storeHash } }));
  if (refusal === undefined) return undefined;
  if (refusal.code === 'posti_tracking_login_refused') {
    return found.wrong(
      refusal.code,
      `${refusal.message} Parcels are booked, but nobody follows them.`,
      /locked/i.test(refusal.message)
        ? 'Wait for an hour, and check the secret before anything logs in again.'
        : `Check its client id and secret, and ${connectAgain}`,
    );
  }
  if (refusal.kind === 'credentials' || /^posti_(address_unknown|unreadable)$/.test(refusal.code)) {
    return found.wrong(
      'posti_tracking_auth_url_wrong',
      `There is no log-in for tracking at ${addresses.trackingAuthUrl} (HTTP ${refusal.status ?? 'unknown'}): nobody follows parcels.`,
      'Correct POSTI_TRACKING_AUTH_URL: leave it out for production.',
    );
  }
  const advice = `Check POSTI_TRACKING_AUTH_URL (${addresses.trackingAuthUrl}). Parcels are booked, and followed when it answers.`;
  return found.notLooked(refusal, advice);
}

const anyPlace: PickupPointQuery = {
  country: 'FI',
  postcode: '00100',
  street: null,
  city: null,
  limit: 1,
  product: null,
  lockers: 'any',
  limitedQuantities: false,
};

const inPortal = (role: string): string =>
  `Pick ${role} for the application account in Posti's developer portal; what waits goes on when doctor finds it there. No new secret is needed.`;

/** What it failed with; undefined where it did not. @throws what is no AppError: a bug */
async function refusalOf(ask: () => Promise<unknown>) {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error;
  }
}
