import type { Carriers } from '../../activities/deps.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { ExchangeSink } from '../exchanges/exchange.ts';
import type { HttpSender } from '../http-client/sender.ts';
import { createPostiCarrier, type PostiCarrier } from '../carriers/posti/carrier.ts';
import type { CarrierAccount, Stores } from '../stores/store.ts';

const version = '0.1.0';

export interface CarriersDeps {
  readonly config: Pick<Config, 'posti'>;
  readonly stores: Pick<Stores, 'carrierAccount'>;
  readonly sender: HttpSender;
  readonly log: ExchangeSink;
}

export interface PostiCarriers extends Carriers {
  /** The store's client and account, or null where it has none. */
  find(storeHash: string): Promise<{ readonly carrier: PostiCarrier; readonly account: string } | null>;
}

/** One client per Posti account, so that stores which share one share its token too. */
export function createCarriers({ config, stores, sender, log }: CarriersDeps): PostiCarriers {
  const known = new Map<string, PostiCarrier>();
  const open = (account: CarrierAccount): PostiCarrier =>
    createPostiCarrier({
      account: { id: String(account.id), clientId: account.clientId, clientSecret: account.clientSecret },
      urls: {
        auth: `${config.posti.authUrl}/api/v1/token`,
        tracking: config.posti.trackingUrl,
        shippingFallback: `${config.posti.gatewayUrl}/shippingapi/api`,
        gatewayFallback: `${config.posti.gatewayUrl}/2026-04`,
      },
      labelHosts: account.labelHosts,
      plainHttpHosts: config.posti.plainHttpHosts,
      trackingElsewhere: account.trackingElsewhere,
      ...(account.gatewaySecret === null ? {} : { gatewaySecret: account.gatewaySecret }),
      ...(account.trackingLogIn && {
        trackingLogIn: {
          ...{ url: config.posti.trackingAuthUrl, id: account.trackingLogIn.clientId },
          secret: account.trackingLogIn.clientSecret,
        },
      }),
      userAgent: `lahetti/${version}`,
      alandAs: config.posti.alandAs,
      sender,
      log,
      clock: { now: () => new Date() },
    });

  async function find(storeHash: string) {
    const account = await stores.carrierAccount(storeHash);
    if (!account) return null;
    // A changed secret is a new client; the old one's token ends by itself.
    const { clientId, clientSecret, gatewaySecret, trackingLogIn, trackingElsewhere, labelHosts } = account;
    const tracking = [trackingLogIn?.clientId, trackingLogIn?.clientSecret, trackingElsewhere?.message];
    const key = [account.id, clientId, clientSecret, gatewaySecret, ...tracking, ...labelHosts].join('\n');
    const carrier = known.get(key) ?? open(account);
    known.set(key, carrier);
    return { carrier, account: String(account.id) };
  }

  return {
    find,
    async of(storeHash) {
      const found = await find(storeHash);
      if (found) return found;
      throw new AppError(`Store ${storeHash} has no Posti account yet.`, {
        kind: 'credentials',
        code: 'carrier_account_missing',
        advice: 'Connect it again with the Posti client id and secret.',
      });
    },
  };
}
