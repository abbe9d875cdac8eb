import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { SandboxClock } from '../clock.ts';
import type { StateFile } from '../state.ts';
import { createBlockedDomains } from './blocked-domains.ts';
import { unixSeconds } from './format.ts';
import { switchOff, switchOffIdle } from './idle-hooks.ts';
import type { BigCommerceState, Delivery, Hook, Store } from './model.ts';

/** Seconds between the tries of one delivery; after the last, the hook is switched off (bigcommerce.md 4.3). */
const retrySeconds = [60, 180, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 50_400, 86_400];
/** The real timeout is not published (bigcommerce.md 4.3); receivers are told to answer within a second or two. */
const RESPONSE_TIMEOUT_MS = 10_000;
/** Tells of what became of other hooks (bigcommerce.md 4.2). */
const exceptionScope = 'store/hook/deliveryException';
const retryToldEveryMs = 600_000;
const MOST_IN_FLIGHT = 32;
const HELD_BACK_MS = 300;

export interface Webhooks {
  /** Something happened in a store: a delivery for each active hook that asked for it. */
  emit(store: Store, scope: string, data: Record<string, unknown>): void;
  /** Looks anew at what is due, after the switches changed. */
  wake(): void;
  stop(): void;
}

/** Delivers webhooks as BigCommerce does: late, repeatedly, unordered if asked, until acknowledged or given up. */
export function createWebhooks(deps: { state: StateFile<BigCommerceState>; clock: SandboxClock }): Webhooks {
  const { state, clock } = deps;
  const blocked = createBlockedDomains(deps);
  const inFlight = new Set<Delivery>();
  const toldOfRetry = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let emitted = 0;

  const later = (realMs: number) => clock.now().getTime() + realMs * clock.speed;

  const pump = () => {
    clearTimeout(timer);
    if (stopped || state.data.webhooks.paused) return;
    const now = clock.now().getTime();
    let next = Infinity;
    for (const delivery of state.data.pending) {
      if (inFlight.size >= MOST_IN_FLIGHT) return; // each end of a try pumps again
      if (inFlight.has(delivery)) continue;
      if (delivery.dueAt <= now) void attempt(delivery);
      else next = Math.min(next, delivery.dueAt);
    }
    if (next < Infinity) timer = setTimeout(pump, Math.min(60_000, Math.max(1, clock.realDelay(next - now))));
  };

  const attempt = async (delivery: Delivery) => {
    const store = state.data.stores[delivery.storeHash];
    const hook = store?.hooks.find(({ id }) => id === delivery.hookId);
    if (store === undefined || hook?.isActive !== true) return forget(delivery);
    const blockedUntil = blocked.blockedUntil(hook.clientId, hook.destination);
    if (blockedUntil !== undefined) return putOff(delivery, blockedUntil);
    inFlight.add(delivery);
    store.deliveries.sent++;
    const failure = await post(store, hook, delivery);
    inFlight.delete(delivery);
    // A stopped stand-in keeps what it cannot know to be acknowledged, and delivers it again after its restart.
    if (stopped && failure !== undefined) return;
    settle(store, hook, delivery, failure === undefined);
    if (blocked.count(hook.clientId, hook.destination, failure)) tellOfBlock(store, hook);
    pump();
  };

  /** What is due while its domain is blocked waits as if it had failed; that it spends none of its tries is an assumption. */
  const putOff = (delivery: Delivery, until: number) => {
    const wait = retrySeconds[Math.min(delivery.failures, retrySeconds.length - 1)]!;
    delivery.dueAt = Math.max(until, clock.now().getTime() + wait * 1000);
    state.touch();
  };

  const tellOfBlock = (store: Store, hook: Hook) => {
    const message = 'The domain is blocked: too many of its webhooks failed.';
    emit(store, exceptionScope, { type: 'webhook', id: hook.id, error_code: 90003, message });
  };

  /**
   * At most once in ten minutes for a destination (bigcommerce.md 4.2). Not for the hook that tells of it: it would tell of
   * itself without end [I]. Counted anew after a restart.
   */
  const tellOfRetry = (store: Store, hook: Hook) => {
    const now = clock.now().getTime();
    const key = `${store.hash} ${hook.clientId} ${hook.destination}`;
    if (hook.scope === exceptionScope || now - (toldOfRetry.get(key) ?? -Infinity) < retryToldEveryMs) return;
    toldOfRetry.set(key, now);
    const message = 'The delivery failed and will be tried again.';
    emit(store, exceptionScope, { type: 'webhook', id: hook.id, error_code: 90001, message });
  };

  const settle = (store: Store, hook: Hook, delivery: Delivery, acknowledged: boolean) => {
    state.touch();
    if (acknowledged) {
      store.deliveries.acknowledged++;
      return forget(delivery);
    }
    store.deliveries.failed++;
    const wait = retrySeconds[delivery.failures++];
    if (wait !== undefined) {
      delivery.dueAt = clock.now().getTime() + wait * 1000;
      return tellOfRetry(store, hook);
    }
    store.deliveries.exhausted++;
    switchOff(hook);
    state.data.pending = state.data.pending.filter(
      ({ hookId, storeHash }) => hookId !== hook.id || storeHash !== store.hash,
    );
    const message = 'The retries are exhausted. The webhook was switched off.';
    emit(store, exceptionScope, { type: 'webhook', id: hook.id, error_code: 90002, message });
  };

  const forget = (delivery: Delivery) => {
    const index = state.data.pending.indexOf(delivery);
    if (index >= 0) state.data.pending.splice(index, 1);
    state.touch();
  };

  const emit = (store: Store, scope: string, data: Record<string, unknown>) => {
    const body = payload(store, scope, data);
    const orderId = scope.startsWith('store/order/metafield/') ? data.resource_id : data.type === 'order' && data.id;
    if (store.orders[String(orderId)]?.losesHooks === true) {
      store.deliveries.dropped++;
      return;
    }
    switchOffIdle(store, clock);
    for (const hook of store.hooks) {
      if (!hook.isActive || !wants(hook, scope)) continue;
      hook.lastEventAt = clock.now().getTime();
      enqueue(store, hook, body);
    }
    pump();
  };

  const enqueue = (store: Store, hook: Hook, body: string) => {
    const { webhooks, pending } = state.data;
    state.touch();
    if (webhooks.drop > 0) {
      webhooks.drop--;
      store.deliveries.dropped++;
      return;
    }
    const heldBackMs = webhooks.reorder && emitted++ % 2 === 0 ? HELD_BACK_MS : 0;
    const delivery: Delivery = {
      storeHash: store.hash,
      hookId: hook.id,
      messageId: `msg_${randomUUID().replaceAll('-', '')}`,
      body,
      failures: 0,
      dueAt: later(webhooks.delayMs + heldBackMs),
    };
    pending.push(delivery);
    if (webhooks.duplicate > 0) {
      webhooks.duplicate--;
      pending.push({ ...delivery });
    }
  };

  const unsubscribe = clock.onChange(pump);
  setImmediate(pump); // what an earlier process left behind
  return {
    emit,
    wake: pump,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

function wants(hook: Hook, scope: string): boolean {
  return hook.scope.endsWith('/*') ? scope.startsWith(hook.scope.slice(0, -1)) : hook.scope === scope;
}

/** The payload in real key order; its `hash` is the same for the same event in the same second (bigcommerce.md 4.2). */
function payload(store: Store, scope: string, data: Record<string, unknown>): string {
  const producer = `stores/${store.hash}`;
  const created_at = unixSeconds(Date.now());
  const store_id = String(store.storeId);
  const hash = createHash('sha1').update(JSON.stringify({ producer, created_at, store_id, scope, data })).digest('hex');
  return JSON.stringify({ producer, hash, created_at, store_id, scope, data });
}

/** Why it was not acknowledged; undefined if it was. */
async function post(store: Store, hook: Hook, delivery: Delivery): Promise<string | undefined> {
  const secret = store.accounts.find(({ clientId }) => clientId === hook.clientId)?.clientSecret;
  try {
    const answer = await fetch(hook.destination, {
      method: 'POST',
      body: delivery.body,
      headers: {
        ...hook.headers,
        'content-type': 'application/json',
        ...(store.signs && secret !== undefined && signature(secret, delivery)),
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
    await answer.arrayBuffer();
    return answer.ok ? undefined : `HTTP status ${answer.status}`;
  } catch {
    return 'No answer';
  }
}

/** Standard Webhooks; the key is the client secret's raw bytes, the time is the try's real one (bigcommerce.md 4.4). */
function signature(secret: string, { messageId, body }: Delivery): Record<string, string> {
  const timestamp = String(unixSeconds(Date.now()));
  const digest = createHmac('sha256', secret).update(`${messageId}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': messageId, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` };
}
