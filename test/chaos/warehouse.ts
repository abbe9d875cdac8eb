import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../../harness/ask.ts';
import type { Topology } from '../../harness/topology.ts';

/** Whoever packs: gives to Posti what has a label that we keep, and nothing else. */
export interface Warehouse {
  handOver(): Promise<void>;
}

/**
 * Posti's stand-in would hand over by itself what it believes to have answered. Where workers are killed as they read,
 * it cannot know: an answer that left it whole may have met nobody. So here it waits for the warehouse, as the real one does.
 */
export async function openWarehouse({ parts, posti, urls }: Topology): Promise<Warehouse> {
  const never = 1_000_000;
  await ask('PUT', `${urls.posti}/_control/scripts`, { handOverAfterHours: never });
  const handedOver = new Set<string>();
  return {
    async handOver() {
      // Those that were scanned have left: what is looked through stays as short as the shelf is.
      const { rows } = await parts.pool.query<{ reference: string }>(
        `select distinct a.reference from lahetti.shipments s
           join lahetti.booking_attempts a on a.shipment_id = s.id and a.state = 'live'
           join lahetti.labels l on l.attempt_id = a.id and l.pdf is not null
          where s.phase = 'booked' and s.delivery_status in ('unknown', 'registered')`,
      );
      const onTheShelf = rows.map(({ reference }) => reference).filter((each) => !handedOver.has(each));
      if (onTheShelf.length === 0) return;
      for (const reference of await posti.handOverAll(onTheShelf)) handedOver.add(reference);
    },
  };
}

const handOverEveryMs = 1_000;

/**
 * Hands over at a pace of its own: packers do not wait for those who look, and a parcel that lay for too long would be a
 * person's matter.
 *
 * @throws `stopAsked`'s reason, as soon as it is asked to stop
 */
export async function packUntil(isOver: () => boolean, warehouse: Warehouse, stopAsked: AbortSignal): Promise<void> {
  while (!isOver()) {
    const began = performance.now();
    // The database may be restarted meanwhile.
    await warehouse.handOver().catch(() => undefined);
    await delay(Math.max(handOverEveryMs, 2 * (performance.now() - began)), undefined, { signal: stopAsked });
  }
}
