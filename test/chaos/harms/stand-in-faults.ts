import { ask } from '../../../harness/ask.ts';
import type { Topology } from '../../../harness/topology.ts';

export type StandInName = 'posti' | 'bigcommerce';

/** Faults of the harness's own in the stand-ins; those that a scenario is about are left alone. */
export interface StandInFaults {
  /** As sandbox/faults.ts takes it. */
  add(of: StandInName, fault: Readonly<Record<string, unknown>>): Promise<void>;
  /** Takes back what has met nobody. */
  removeAll(): Promise<void>;
}

const ours = 'chaos-';

export function createStandInFaults({ urls }: Pick<Topology, 'urls'>): StandInFaults {
  let added = 0;
  return {
    add: (of, fault) => ask('POST', `${urls[of]}/_control/faults`, { ...fault, id: `${ours}${++added}` }),
    async removeAll() {
      for (const of of ['posti', 'bigcommerce'] as const) {
        const waiting = await ask<{ id: string }[]>('GET', `${urls[of]}/_control/faults`);
        for (const { id } of waiting) {
          if (id.startsWith(ours)) await ask('DELETE', `${urls[of]}/_control/faults/${id}`);
        }
      }
    },
  };
}
