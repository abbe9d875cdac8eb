import type { Scenario } from '../scenario.ts';
import { deliveries } from './deliveries.ts';
import { notShipped } from './not-shipped.ts';

/** Every scenario that the demo deals from. */
export const scenarios: readonly Scenario[] = [...deliveries, ...notShipped];

export const findScenario = (name: string): Scenario | undefined => scenarios.find((each) => each.name === name);
