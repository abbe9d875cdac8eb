import type { PostiCarrier } from '../carriers/posti/carrier.ts';

/** A client of Posti, and the account as `system_health` knows it. */
export interface PostiAccount {
  readonly carrier: Pick<
    PostiCarrier,
    | 'checkCredentials'
    | 'checkTrackingLogIn'
    | 'hasTrackingLogIn'
    | 'probe'
    | 'nearestPickupPoints'
    | 'track'
    | 'lookup'
  >;
  readonly account: string;
}

/** As configured, to be named where one of them is wrong. */
export interface PostiAddresses {
  readonly authUrl: string;
  readonly gatewayUrl: string;
  readonly trackingUrl: string;
  readonly trackingAuthUrl: string;
}
