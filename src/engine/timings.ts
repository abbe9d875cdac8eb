import type { Timings } from '../../workflows/contract.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The durations of the workflows, `speed` times faster than real. Floors keep a fast demo from turning waits into busy
 * loops, and from looking at an order more often than its hints can gather.
 */
export function timingsAt(speed: number): Timings {
  const faster = (ms: number, floor = 20) => Math.max(floor, Math.round(ms / speed));
  return {
    gatherHints: faster(2 * second, 200),
    linger: faster(15 * minute, 500),
    poll: {
      beforeFirstScan: faster(30 * minute),
      inTransit: faster(2 * hour),
      nearTheEnd: faster(1 * hour),
    },
    silence: { beforeFirstScan: faster(3 * day), betweenScans: faster(7 * day) },
    retry: { first: faster(1 * second, 200), longest: faster(60 * second, 200) },
    // Not a wait of ours: another system takes the time that it takes, however fast a demo runs.
    tryTimeout: minute,
  };
}
