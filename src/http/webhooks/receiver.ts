import { randomBytes, randomUUID } from 'node:crypto';
import type { NewHint } from '../../inbox/inbox.sql.ts';
import type { Logger } from '../../log.ts';
import type { WebhookVerification } from '../../stores/store.ts';
import type { Uninstalled, UninstalledOutcome } from '../../stores/uninstalled.ts';
import type { Counters } from '../../metrics/webhook-counters.ts';
import { carriesSecret, signatureOf, type ReadHeader, type SignatureFinding } from './authenticity.ts';
import { parsePayload, type WebhookPayload } from './payload.ts';

/** One delivery as it came, from whatever server. */
export interface Delivery {
  readonly storeHash: string;
  readonly header: ReadHeader;
  /** The bytes as they came: the signature is over them. */
  readonly body: Buffer;
}

/**
 * - 200: kept, or nothing to keep. Anything else makes BigCommerce deliver again, and block our domain for all stores
 *   when it happens often (bigcommerce.md 4.3), so that an authentic delivery is refused only where we cannot keep it.
 * - 400: authentic, but not a webhook
 * - 401: not authentic, whatever the reason
 * - 503: authentic or not, we could not tell or not keep it: deliver again
 */
export type ReceiverStatus = 200 | 400 | 401 | 503;

export interface ReceiverDeps {
  verification(storeHash: string): Promise<WebhookVerification | null>;
  /** Says whether the hint is new. */
  keepHint(hint: NewHint): Promise<boolean>;
  /** The shop says that it uninstalled us. Gives what was found out about that. */
  uninstalled(said: Uninstalled): Promise<UninstalledOutcome>;
  /** Something about the shop itself changed. */
  informationChanged(storeHash: string): Promise<void>;
  readonly counters: Counters;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Milliseconds after which the database counts as away: the shop waits for an answer. Default 5000. */
  readonly patienceMs?: number;
}

export type WebhookReceiver = (delivery: Delivery) => Promise<ReceiverStatus>;

/** Verifies, keeps and answers; nothing is done about the order here. Knows no framework. */
export function createWebhookReceiver(deps: ReceiverDeps): WebhookReceiver {
  const { counters, log, clock = Date.now, patienceMs = 5_000 } = deps;
  // A store that is not ours is compared with this, so that its answer takes as long as a wrong secret's.
  const nobodysSecrets = [randomBytes(32).toString('base64url')];

  return async (delivery) => {
    const { status, outcome } = await soon(receive(delivery), patienceMs).catch((err: unknown) => {
      log.error({ err, store: delivery.storeHash }, 'a webhook could not be kept; the shop will deliver it again');
      return { status: 503, outcome: 'not_kept' } as const;
    });
    counters.count('webhooks', outcome);
    return status;
  };

  async function receive(delivery: Delivery): Promise<{ status: ReceiverStatus; outcome: string }> {
    const known = isStoreHash(delivery.storeHash) ? await deps.verification(delivery.storeHash) : null;
    const secretFits = carriesSecret(delivery.header, known?.secrets ?? nobodysSecrets);
    if (known === null) return { status: 401, outcome: 'unknown_store' };
    if (!secretFits) return { status: 401, outcome: 'wrong_secret' };
    // Only now: it takes time by the length of the body, which would tell a sender without the secret that the store is ours.
    const signature = signatureFor(delivery, known);
    if (!isEnough(signature, known)) return { status: 401, outcome: `signature_${signature}` };

    const payload = parsePayload(delivery.body);
    if (payload === null) return { status: 400, outcome: 'not_a_webhook' };
    const outcome = await keep(delivery, known, payload, signature === 'valid');
    return { status: outcome === 'uninstalled_not_looked_at' ? 503 : 200, outcome };
  }

  /** Without the key no signature can be checked: where one is required, the answer is no. */
  function signatureFor({ header, body }: Delivery, { signingKey }: WebhookVerification): SignatureFinding {
    return signingKey === null ? 'absent' : signatureOf(header, body, signingKey, clock());
  }

  function isEnough(signature: SignatureFinding, { requireSigned }: WebhookVerification): boolean {
    return signature === 'valid' || (signature === 'absent' && !requireSigned);
  }

  async function keep(
    { header }: Delivery,
    { store }: WebhookVerification,
    payload: WebhookPayload,
    signed: boolean,
  ): Promise<string> {
    if (payload.scope === 'store/app/uninstalled') {
      const { storeHash } = store;
      const outcome = await deps.uninstalled({ storeHash, at: payload.createdAt, signed });
      switch (outcome) {
        case 'uninstalled':
          return 'uninstalled';
        case 'still_installed':
          log.info({ store: storeHash }, 'a webhook says that we were uninstalled, and our token still works');
          return 'uninstalled_not_so';
        case 'not_looked_at':
          return 'uninstalled_not_looked_at';
        default:
          return outcome satisfies never;
      }
    }
    if (payload.scope === 'store/information/updated') {
      await deps.informationChanged(store.storeHash);
      return 'about_the_store';
    }
    if (payload.orderId === null) return 'about_no_order';
    if (store.state === 'disconnected') return 'store_disconnected';
    const fresh = await deps.keepHint({
      storeId: store.id,
      orderId: payload.orderId,
      source: 'webhook',
      deliveryKey: deliveryKey(header),
      scope: payload.scope,
    });
    return fresh ? 'kept' : 'duplicate';
  }
}

const isStoreHash = (text: string): boolean => /^[a-z0-9]{1,40}$/.test(text);

/** Without a `webhook-id` a repeat is another hint, which is harmless; the payload's `hash` is no substitute (design 3.2). */
function deliveryKey(header: ReadHeader): string {
  const id = header('webhook-id');
  return id && id.length <= 200 ? id : `unnamed:${randomUUID()}`;
}

/** What takes longer than the shop waits goes on alone: a hint that is kept after all does no harm. */
async function soon<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The database did not answer within ${limitMs} ms.`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
