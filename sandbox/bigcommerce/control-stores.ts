import { Router } from 'express';
import { bodyJson } from '../body.ts';
import type { StateFile } from '../state.ts';
import { storeBooks } from './books.ts';
import { notFound } from './control-answers.ts';
import { type BigCommerceState, initialState, type Store, type WebhookSwitches } from './model.ts';
import type { Webhooks } from './webhooks.ts';

interface StoreDraft {
  hash: string;
  name?: string;
  token: string;
  clientId: string;
  clientSecret: string;
  scopes?: string[];
  quota?: number;
  quotaWindowMs?: number;
  weightUnits?: string;
  currency?: string;
  signs?: boolean;
  rollsUp?: boolean;
  quotesAs?: Store['quotesAs'];
}

const usualScopes = ['store_v2_default', 'store_v2_orders', 'store_v2_information', 'store_v2_products'];

/** Stores, webhook switches and the books. */
export function storeControl(deps: { state: StateFile<BigCommerceState>; webhooks: Webhooks }): Router {
  const { state, webhooks } = deps;
  const router = Router();
  const storeOf = (hash: string) => state.data.stores[hash] ?? notFound(`There is no store ${hash}.`);

  /** The shop tells of them where they are others than before. */
  const changeUnits = (store: Store, change: () => void) => {
    const before = store.weightUnits;
    change();
    state.touch();
    if (store.weightUnits !== before) webhooks.emit(store, 'store/information/updated', { type: 'store' });
  };

  router.post('/_control/stores', (req, res) => {
    const draft = bodyJson(req) as StoreDraft;
    const known = state.data.stores[draft.hash];
    const store = (state.data.stores[draft.hash] ??= newStore(draft.hash, Object.keys(state.data.stores).length));
    if (known === undefined) update(store, draft);
    else changeUnits(store, () => update(store, draft));
    state.touch();
    res.status(known === undefined ? 201 : 200).json(overview(store));
  });
  router.put('/_control/stores/:hash/units', (req, res) => {
    const store = storeOf(req.params.hash);
    const { weightUnits } = bodyJson(req) as { weightUnits: string };
    changeUnits(store, () => (store.weightUnits = weightUnits));
    res.json(overview(store));
  });
  router.get('/_control/stores', (_req, res) => void res.json(Object.values(state.data.stores).map(overview)));
  router.get('/_control/stores/:hash/books', (req, res) => {
    res.json(storeBooks(state.data, storeOf(req.params.hash)));
  });
  router.get('/_control/books', (_req, res) => {
    res.json({ stores: Object.values(state.data.stores).map((store) => storeBooks(state.data, store)) });
  });

  router.put('/_control/webhooks', (req, res) => {
    Object.assign(state.data.webhooks, bodyJson(req) as Partial<WebhookSwitches>);
    state.touch();
    webhooks.wake();
    res.json(state.data.webhooks);
  });
  router.get(
    '/_control/webhooks',
    (_req, res) => void res.json({ ...state.data.webhooks, pending: state.data.pending }),
  );
  router.post('/_control/webhooks/redeliver', (req, res) => {
    const { hash, orderId, scope = 'store/order/updated' } = bodyJson(req) as Record<string, string>;
    webhooks.emit(storeOf(String(hash)), scope, { type: 'order', id: Number(orderId) });
    res.status(202).json({});
  });
  return router;
}

/** Empties everything that the stand-in holds. */
export function emptyState(state: StateFile<BigCommerceState>): void {
  state.data = initialState();
  state.touch();
}

/** The same client id again renews its account (and ends its old token); another one adds an account. */
function update(store: Store, draft: StoreDraft): void {
  const { token, clientId, clientSecret } = draft;
  const before = store.accounts.find((account) => account.clientId === clientId);
  const account = { token, clientId, clientSecret, scopes: draft.scopes ?? before?.scopes ?? usualScopes };
  store.accounts = [...store.accounts.filter((other) => other !== before), account];
  store.name = draft.name ?? store.name;
  store.quota = draft.quota ?? store.quota;
  if (draft.quotaWindowMs !== undefined) store.quotaWindowMs = draft.quotaWindowMs;
  store.weightUnits = draft.weightUnits ?? store.weightUnits;
  store.currency = draft.currency ?? store.currency;
  store.signs = draft.signs ?? store.signs;
  store.rollsUp = draft.rollsUp ?? store.rollsUp;
  store.quotesAs = draft.quotesAs ?? store.quotesAs;
}

function newStore(hash: string, count: number): Store {
  return {
    hash,
    storeId: 1001 + count,
    name: `Store ${hash}`,
    accounts: [],
    quota: 150,
    weightUnits: 'Grams',
    currency: 'EUR',
    signs: true,
    rollsUp: true,
    quotesAs: 'object',
    orders: {},
    hooks: [],
    lastId: { order: 99, line: 0, address: 0, shipment: 0, metafield: 0, hook: 0, refund: 0, quote: 0 },
    requests: { total: 0, throttled: 0, byRoute: {} },
    deliveries: { sent: 0, acknowledged: 0, failed: 0, dropped: 0, exhausted: 0 },
  };
}

function overview(store: Store) {
  const { hash, name, storeId, quota, weightUnits, currency, signs, rollsUp, quotesAs, requests } = store;
  const accounts = store.accounts.map(({ clientId, scopes }) => ({ clientId, scopes }));
  const orders = Object.keys(store.orders).length;
  return { hash, name, storeId, quota, weightUnits, currency, signs, rollsUp, quotesAs, accounts, orders, requests };
}
