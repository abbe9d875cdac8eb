import { AppError } from '../../errors.ts';
import { isLoopback } from '../../loopback.ts';

export interface TokenHosts {
  /** @throws AppError `posti_address_not_configured` where our token must not be shown to that address */
  expect(url: string): void;
}

/**
 * Where a token may be sent: to addresses that are configured, and to others of the same owner (`gateway2.posti.fi` beside
 * `gateway.posti.fi`), so that a carrier that moves within its own domain stops no store. By TLS, unless it stays on this
 * machine or the host is said to be a stand-in. A log-in's answer names the addresses of the API (posti.md 3.1): that is
 * data, as links to labels are.
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

/** `posti.fi` of `gateway.posti.fi`. None of a number, of this machine, or of what has no dot. Posti's own end in .fi and .com. */
function domainOf(url: URL): string | undefined {
  const labels = url.hostname.split('.');
  if (isLoopback(url) || labels.length < 2 || /^\d+$/.test(labels.at(-1)!)) return undefined;
  return labels.slice(-2).join('.');
}
