import type { PlacedOrders } from '../../harness/placed-orders.ts';
import type { Topology } from '../../harness/topology.ts';

/** Of each order that was judged and is not right: what is wrong, and how it came about. */
export async function complaintsAboutOrders(orders: PlacedOrders, { api }: Pick<Topology, 'api'>): Promise<string[]> {
  const complaints: string[] = [];
  for (const { storeHash, orderId, scenario, complaints: wrong } of orders.all.filter(({ isRight }) => !isRight)) {
    const timeline = await api.timeline(storeHash, orderId).catch(() => []);
    complaints.push(
      [
        `Order ${storeHash}/${orderId} (${scenario.name}) did not end as it should:`,
        ...wrong.map((complaint) => `  ${complaint}`),
        ...timeline.map(({ at, n, words }) => `    ${at} ${n === null ? '' : `shipment ${n}: `}${words}`),
      ].join('\n'),
    );
  }
  return complaints;
}
