import type { Logger } from 'pino';
import type { BigCommerceApi } from '../src/bigcommerce/api.ts';
import type { Carrier } from '../src/carriers/port.ts';
import type { Pool } from '../src/db/pool.ts';
import type { LabelChecker } from '../src/labels/checker.ts';
import type { SystemHealth } from '../src/health/system-health.ts';
import type { TryLimits } from '../src/health/try-limits.ts';
import type { Stores } from '../src/stores/store.ts';

/** What the steps are made from. Each takes the part that it needs. */
export interface StepDeps {
  readonly pool: Pool;
  readonly stores: Stores;
  readonly bigcommerce: BigCommerceApi;
  readonly carriers: Carriers;
  readonly health: SystemHealth;
  readonly limits: TryLimits;
  /** How many times faster than real the waits of steps are; 1 outside of demos and tests. */
  readonly speed: number;
  readonly log: Logger;
  readonly now: () => Date;
  /** Looks at the labels that the carrier sent. Left out: each of the steps that need it has its own. */
  readonly labelChecker?: LabelChecker;
}

/** The carrier that a store ships with. */
export interface Carriers {
  /** @throws AppError `carrier_account_missing` where the store has none yet */
  of(storeHash: string): Promise<StoreCarrier>;
}

export interface StoreCarrier {
  readonly carrier: Carrier;
  /** Name of the account in `system_health`. */
  readonly account: string;
}
