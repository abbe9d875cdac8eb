import { SendFailure } from '../http-client/send-failure.ts';
import type { HttpSender } from '../http-client/sender.ts';
import { hookPath } from '../stores/hooks.ts';
import { findingsOf, type Finding } from './finding.ts';

export interface PublicAddressDeps {
  readonly publicUrl: string | null;
  readonly sender: Pick<HttpSender, 'send'>;
  /** Real shops deliver to HTTPS on port 443 alone (bigcommerce.md 4.1); stand-ins to anything. */
  readonly httpsOnly: boolean;
}

const found = findingsOf('public_address', null);

/** Whether webhooks would reach us: asks our own public address whether we are behind it. */
export async function examinePublicAddress({ publicUrl, sender, httpsOnly }: PublicAddressDeps): Promise<Finding> {
  if (publicUrl === null) {
    return found.unproven(
      'PUBLIC_URL is not set: shops cannot tell us of orders, and the sweep alone finds them.',
      'Set it to an address that BigCommerce reaches, or leave it so: orders then come some minutes later.',
    );
  }
  const { protocol, port, hostname } = new URL(publicUrl);
  if (httpsOnly && (protocol !== 'https:' || port !== '')) {
    return found.wrong(
      'public_address_not_https',
      `PUBLIC_URL (${publicUrl}) is not HTTPS on port 443, and BigCommerce delivers nowhere else.`,
      'Put a proxy with a certificate in front, and name its address.',
    );
  }
  try {
    // Of no shop that there is: our receiver refuses it as not authentic.
    const { status } = await sender.send({ ...delivery, url: `${publicUrl}${hookPath('doctor')}` });
    if (status === 401) return found.right(`Webhooks reach us at ${publicUrl}.`);
    if (status === 503)
      return found.unproven(`${publicUrl} answers 503: our database is away, or a proxy finds no API.`);
    return found.wrong(
      'public_address_elsewhere',
      `Behind PUBLIC_URL (${publicUrl}) is something else: a webhook is answered with ${status} instead of 401.`,
      'Let the proxy hand /webhooks/… to the API as it is, or correct PUBLIC_URL.',
    );
  } catch (error) {
    if (!(error instanceof SendFailure)) throw error;
    const reason = error.message.replace(' (nothing was sent)', '');
    if (error.reason === 'tls') {
      return found.wrong(
        'public_address_certificate',
        `The certificate of ${hostname} is not trusted: ${reason}.`,
        'Renew it, with the whole chain: BigCommerce does not deliver without.',
      );
    }
    return found.wrong(
      'public_address_unreachable',
      `PUBLIC_URL (${publicUrl}) is not reached from here: ${reason}.`,
      'Check name service, firewall and proxy, and that the API runs; where only this machine cannot see its own public address, ask from outside.',
    );
  }
}

const delivery = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' } as const;
