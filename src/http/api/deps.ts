import type { Pool } from '../../db/pool.ts';
import type { Engine } from '../../temporal/client.ts';
import type { Logger } from '../../log.ts';
import type { Stores } from '../../stores/store.ts';
import type { RequestLimits } from '../rate-limits.ts';
import type { EventDeps } from './events/routes.ts';
import type { StoreDeps } from './stores/routes.ts';

/** What the routes are made from; passed in src/http/app.ts, and by test/http/served-app.ts. */
export interface ApiDeps extends Pick<StoreDeps, 'bigcommerce' | 'publicUrl' | 'examineStore'>, EventDeps {
  readonly pool: Pool;
  readonly engine: Pick<Engine, 'liveState' | 'health'>;
  readonly stores: Stores;
  readonly log: Logger;
  /** Milliseconds that a command's sender waits for its outcome, before the answer is 202. Default 5000. */
  readonly commandPatienceMs?: number;
  /** Default: none. */
  readonly limits?: RequestLimits;
}
