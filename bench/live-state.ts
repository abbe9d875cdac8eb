import autocannon from 'autocannon';
import type { Bench, Figure } from './figure.ts';
import { withSystem, type BenchStore, type BenchSystem } from './system.ts';

export const liveState: Figure = {
  name: 'live-state',
  title: 'Live state of one order over the API',
  measure: (bench) => withSystem(bench, {}, (system) => measure(bench, system)),
};

async function measure({ quick, say }: Bench, system: BenchSystem) {
  const [store] = (await system.openStores(1, 0)) as [BenchStore];
  const orderIds = await Promise.all(Array.from({ length: quick ? 5 : 50 }, () => system.place(store)));
  await Promise.all(orderIds.map((orderId) => system.landmarks.reached('told', store.hash, orderId)));
  const path = (orderId: number) => `/api/v1/orders/${store.hash}/${orderId}`;
  const view = await system.api.order(store.hash, orderIds[0]!);
  if (view?.source !== 'workflow') throw new Error('The order does not run: there is nothing live to ask for.');

  const ask = async (connections: number, duration: number) => {
    const result = await autocannon({
      ...{ url: system.urls.api, connections, duration },
      headers: { authorization: `Bearer ${system.memory.data.apiToken}` },
      requests: orderIds.map((orderId) => ({ path: path(orderId) })),
    });
    if (result.non2xx + result.errors > 0)
      throw new Error(`${result.non2xx + result.errors} were not answered with 2xx.`);
    return result;
  };
  await ask(1, quick ? 1 : 5);
  say('asking, one after the other and ten at a time …');
  const alone = await ask(1, quick ? 3 : 30);
  const many = await ask(10, quick ? 3 : 30);
  return {
    rows: [
      { what: 'one after the other, p50', value: alone.latency.p50, unit: 'ms' },
      {
        ...{ what: 'one after the other, p99', value: alone.latency.p99, unit: 'ms', target: 'at most 50' },
        met: alone.latency.p99 <= 50,
      },
      { what: 'ten at a time, p50', value: many.latency.p50, unit: 'ms' },
      { what: 'ten at a time, p99', value: many.latency.p99, unit: 'ms' },
      { what: 'ten at a time', value: Math.round(many.requests.average), unit: 'per s' },
    ],
    notes: [
      `${orderIds.length} orders that are followed, asked of their workflows: a description and a query each; the worker keeps them in its cache.`,
    ],
    raw: { alone: alone.latency, many: many.latency },
  };
}
