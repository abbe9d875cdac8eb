import type { Timings } from '../../workflows/contract.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * How long the relay gathers hints of an order that it handed over before. The floor keeps a fast demo from looking at an
 * order more often than its hints can gather.
 */
export const gatherHintsMs = (speed: number): number => Math.max(200, Math.round((2 * second) / speed));

/**
 * The durations of the workflows, `speed` times faster than real, and those between two looks at a parcel `pollSpeed`
 * times. Floors keep a fast demo from turning waits into busy loops.
 */
export function timingsAt(speed: number, pollSpeed = speed): Timings {
  const faster = (ms: number, floor = 20, times = speed) => Math.max(floor, Math.round(ms / times));
  const nextLook = (ms: number) => faster(ms, 20, pollSpeed);
  return {
    // The relay gathers: a timer in the workflow would be one more thing that the engine has to do for each look.
    gatherHints: 0,
    linger: faster(15 * minute, 500),
    poll: {
      beforeFirstScan: nextLook(30 * minute),
      inTransit: nextLook(2 * hour),
      nearTheEnd: nextLook(1 * hour),
    },
    silence: { beforeFirstScan: faster(3 * day), betweenScans: faster(7 * day) },
    // The longest stays seconds: while a system is away every order tries again, and the engine has to carry all of that.
    retry: { first: faster(1 * second, 200), longest: faster(60 * second, 2_000) },
    // Not a wait of ours: another system takes the time that it takes, however fast a demo runs.
    tryTimeout: minute,
  };
}
