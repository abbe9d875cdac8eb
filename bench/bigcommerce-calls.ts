import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, Figure } from './figure.ts';
import { rounded } from './statistics.ts';
import { withSystem, type BenchStore, type BenchSystem, type StoreRequests } from './system.ts';

/** Requests per 30 s and per hour (bigcommerce.md 6.1). */
const plans = [
  { name: 'Standard, Plus', perWindow: 150, perHour: 20_000 },
  { name: 'Pro', perWindow: 450, perHour: 60_000 },
];

export const bigcommerceCalls: Figure = {
  name: 'bigcommerce-calls',
  title: 'BigCommerce calls per order with one parcel',
  measure: (bench) => withSystem(bench, {}, (system) => measure(bench, system)),
};

async function measure({ quick, say }: Bench, system: BenchSystem) {
  const silenceMs = quick ? 8_000 : 60_000;
  const orders = quick ? 2 : 20;
  const [store] = (await system.openStores(1, plans[0]!.perWindow)) as [BenchStore];
  const before = await system.requestsOf(store);
  say(`${orders} orders, then ${silenceMs / 1_000} s of silence …`);
  for (let i = 0; i < orders; i++) {
    const orderId = await system.place(store, { viaIncomplete: true });
    await system.landmarks.reached('told', store.hash, orderId);
  }
  const after = await silence(system, store, silenceMs);
  const perOrder = (after.total - before.total) / orders;
  const byRoute = Object.entries(after.byRoute)
    .map(([route, count]) => ({ route, perOrder: (count - (before.byRoute[route] ?? 0)) / orders }))
    .filter((each) => each.perOrder > 0);
  return {
    rows: [
      {
        ...{ what: 'calls per order', value: rounded(perOrder, 2), unit: '', target: 'at most 6' },
        met: perOrder <= 6,
      },
      { what: 'answered with 429', value: after.throttled, unit: '', target: 'none', met: after.throttled === 0 },
      ...plans.map(({ name, perWindow, perHour }) => ({
        what: `orders per hour that this gives a store of the plan ${name}`,
        value: Math.floor(Math.min(perHour, perWindow * 120) / perOrder),
        unit: 'per hour',
      })),
    ],
    notes: [
      `${orders} orders of a store of ${plans[0]!.perWindow} requests per 30 s, one after the other, each from its first webhook at status 0; counted by the shop until it was not asked anything for ${silenceMs / 1_000} s. Real time; the webhooks that our own writes set off are among them.`,
      `Per order: ${byRoute.map((each) => `${each.route} ${rounded(each.perOrder, 2)}`).join(', ')}.`,
      'Not among them: the sweep (one list of orders per page and store each time, every five minutes by default). A plan by contract has its own quota.',
    ],
    raw: { before, after },
  };
}

async function silence(system: BenchSystem, store: BenchStore, silenceMs: number): Promise<StoreRequests> {
  let seen = await system.requestsOf(store);
  for (let since = performance.now(); performance.now() - since < silenceMs;) {
    await delay(500);
    const now = await system.requestsOf(store);
    if (now.total !== seen.total) since = performance.now();
    seen = now;
  }
  return seen;
}
