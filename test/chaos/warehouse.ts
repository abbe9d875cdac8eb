import { ask } from '../../demo/ask.ts';
import type { Topology } from '../../demo/topology.ts';

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
      const { rows } = await parts.pool.query<{ reference: string }>(
        `select distinct a.reference from lahetti.booking_attempts a join lahetti.labels l on l.attempt_id = a.id
         where a.state = 'live' and l.pdf is not null`,
      );
      const labelled = new Set(rows.map(({ reference }) => reference).filter((each) => !handedOver.has(each)));
      if (labelled.size === 0) return;
      for (const { id, reference } of await posti.bookings()) {
        if (reference === null || !labelled.has(reference)) continue;
        await ask('POST', `${urls.posti}/_control/bookings/${id}/hand-over`);
        handedOver.add(reference);
      }
    },
  };
}
