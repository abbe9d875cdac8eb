import { createBookingActivities } from './booking.ts';
import { createCommandActivities } from './commands.ts';
import type { StepDeps } from './deps.ts';
import { createLabelActivities } from './labels.ts';
import { createOrderActivities } from './orders.ts';
import { createTrackingActivities } from './tracking.ts';
import { createWithdrawActivities } from './withdraw.ts';
import { createWriteBackActivities } from './write-back.ts';

/** Every activity, built from its dependencies: those of the shop and our own, and those that talk to the carrier. */
export function createActivities(deps: StepDeps) {
  return { ...createShopActivities(deps), ...createCarrierActivities(deps) };
}

/** Task queue `lahetti`. */
export const createShopActivities = (deps: StepDeps) => ({
  ...createOrderActivities(deps),
  ...createWriteBackActivities(deps),
  ...createCommandActivities(deps),
  ...createWithdrawActivities(deps),
});

/** Task queue `lahetti-posti`. */
export const createCarrierActivities = (deps: StepDeps) => ({
  ...createBookingActivities(deps),
  ...createLabelActivities(deps),
  ...createTrackingActivities(deps),
});
