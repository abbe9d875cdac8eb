import { join } from 'node:path';
import { createBigCommerce } from './bigcommerce/app.ts';
import { createClock, type ClockSnapshot } from './clock.ts';
import { createPosti } from './posti/app.ts';
import { listen, type Place } from './stand-in.ts';
import { openState } from './state.ts';

export interface SandboxOptions {
  /** Loopback ports; 0 or left out = free ones. */
  bigCommercePort?: number;
  postiPort?: number;
  /** For containers, which reach us by a name; left out = this machine alone. */
  place?: Place;
  /** Folder for the state; left out = in memory only. */
  stateDir?: string;
  /** How many times faster than the wall the clock runs; left out = as it ran before, or 1. */
  speed?: number;
  log?: (message: string) => void;
}

/** Starts both stand-ins in this process, on one clock. */
export async function startSandbox(
  opts: SandboxOptions = {},
): Promise<{ bigcommerce: string; posti: string; close(): Promise<void> }> {
  const { stateDir, speed, place, log = () => {} } = opts;
  const kept = openState<{ clock?: ClockSnapshot }>(stateDir && join(stateDir, 'clock.json'), () => ({}));
  const clock = createClock({ restored: kept.data.clock, ...(speed !== undefined && { speed }) });
  const keepClock = () => {
    kept.data.clock = clock.snapshot();
    kept.touch();
  };
  clock.onChange(keepClock);
  keepClock();

  const deps = { clock, stateDir, log };
  const bigcommerce = await listen(createBigCommerce, deps, opts.bigCommercePort ?? 0, place);
  const posti = await listen(createPosti, deps, opts.postiPort ?? 0, place).catch(async (error: unknown) => {
    await bigcommerce.close();
    throw error;
  });
  return {
    bigcommerce: bigcommerce.url,
    posti: posti.url,
    close: async () => {
      await Promise.all([bigcommerce.close(), posti.close()]);
      await kept.flush();
    },
  };
}
