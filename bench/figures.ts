import { bigcommerceCalls } from './bigcommerce-calls.ts';
import { bundleSize } from './bundle-size.ts';
import { engineActions } from './engine-actions.ts';
import type { Figure } from './figure.ts';
import { labelsMerged } from './labels-merged.ts';
import { latency } from './latency.ts';
import { liveState } from './live-state.ts';
import { memory } from './memory.ts';
import { throughput, throughputProductionLike } from './throughput.ts';
import { webhooks } from './webhooks.ts';

/** In the order of the table. */
export const figures: readonly Figure[] = [
  latency,
  throughput,
  throughputProductionLike,
  webhooks,
  bigcommerceCalls,
  engineActions,
  labelsMerged,
  liveState,
  bundleSize,
  memory,
];
