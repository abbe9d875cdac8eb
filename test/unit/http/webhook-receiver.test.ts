import { expect, test } from 'vitest';
import { createWebhookReceiver, type ReceiverDeps } from '../../../src/http/webhooks/receiver.ts';

const never = () => Promise.reject(new Error('not asked for here'));
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

test.each([
  ['of a store that is ours', 'kauppa1'],
  ['of a stranger', 'stranger9'],
])('the body of a delivery %s is not read before its secret is checked', async (_, storeHash) => {
  const receive = createWebhookReceiver({
    counters: { count: () => undefined },
    log: silent,
    verification: (asked: string) =>
      Promise.resolve(
        asked === 'kauppa1'
          ? { store: { id: 1, storeHash: asked }, secrets: ['right'], signingKey: 'key', requireSigned: false }
          : null,
      ),
    keepHint: never,
    uninstalled: never,
    informationChanged: never,
  } as unknown as ReceiverDeps);
  const given: Record<string, string> = {
    'x-lahetti-secret': 'wrong',
    'webhook-id': 'msg_1',
    'webhook-timestamp': `${Math.floor(Date.now() / 1000)}`,
    'webhook-signature': 'v1,AAAA',
  };
  // A signature is computed over the whole body: the time that takes would tell which stores there are.
  const status = await receive({
    storeHash,
    header: (name) => given[name],
    get body(): Buffer {
      throw new Error('The body was looked at.');
    },
  });
  expect(status).toBe(401);
});
