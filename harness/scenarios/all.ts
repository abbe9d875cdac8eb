import type { Scenario } from '../scenario.ts';
import { changed } from './changed.ts';
import { commanded } from './commanded.ts';
import { contents } from './contents.ts';
import { deliveries } from './deliveries.ts';
import { journeys } from './journeys.ts';
import { lostAnswers } from './lost-answers.ts';
import { notShipped } from './not-shipped.ts';
import { oddLabels } from './odd-labels.ts';
import { oddShops } from './odd-shops.ts';
import { refusals } from './refusals.ts';
import { toldLater } from './told-later.ts';
import { fromTwoWarehouses } from './warehouses.ts';
import { whatIsSent } from './what-is-sent.ts';

/** Every scenario that the demo deals from. */
export const scenarios: readonly Scenario[] = [
  ...deliveries,
  ...contents,
  ...notShipped,
  ...changed,
  ...refusals,
  ...lostAnswers,
  ...commanded,
  ...toldLater,
  ...journeys,
  ...fromTwoWarehouses,
  ...whatIsSent,
  ...oddShops,
  ...oddLabels,
];

export const findScenario = (name: string): Scenario | undefined => scenarios.find((each) => each.name === name);
