import { AppError } from '../../errors.ts';
import { isLoopback } from '../../loopback.ts';

export interface TokenHosts {
  /** @throws AppError `posti_address_not_configured` where our token must not be shown to that address */
  expect(url: string): void;
}

/**
 * Where a token may be sent: to addresses that are configured, and, where one of these is in a domain of Posti's, to others
 * in it (`gateway2.posti.fi` beside `gateway.posti.fi`): Posti may move within its domain without stopping a store. By TLS,
 * unless it stays on this machine or the host is said to be a stand-in. A log-in's answer names the addresses of the API
 * (posti.md 3.1): that is data, as links to labels are.
 */
export function createTokenHosts(configured: readonly string[], plainHttpHosts: readonly string[]): TokenHosts {
  const origins = new Set(configured.map((url) => new URL(url).origin));
  const domains = new Set(configured.flatMap((url) => domainOf(new URL(url)) ?? []));
  return {
    expect(given) {
      const url = new URL(given);
      const isSafe = url.protocol === 'https:' || isLoopback(url) || plainHttpHosts.includes(url.host);
      if (isSafe && origins.has(url.origin)) return;
      if (url.protocol === 'https:' && url.port === '' && domains.has(domainOf(url) ?? '')) return;
      throw new AppError(
        isSafe
          ? `The address ${url.origin} is none that is configured for Posti: our token is not sent there.`
          : `The address ${url.origin} is not protected by TLS: our token is not sent there.`,
        {
          kind: 'credentials',
          code: 'posti_address_not_configured',
          advice:
            'Ask Posti whether it has moved there. Then set POSTI_GATEWAY_URL to it, or add its host to POSTI_LABEL_HOSTS, and connect the store again.',
        },
      );
    },
  };
}

/** Posti's own domains (posti.md 2). Of another one, like a proxy's, we do not know who else has addresses in it. */
const ownDomains = ['posti.fi', 'posti.com'];

const domainOf = ({ hostname }: URL): string | undefined =>
  ownDomains.find((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
