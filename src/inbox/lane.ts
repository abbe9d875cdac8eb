import { isAppError } from '../errors.ts';
import type { Incident } from './incident.ts';

export interface LaneDeps<Item> {
  /** At most so many items under way. */
  readonly concurrency: number;
  /** The trouble with each, shared by all lanes. */
  readonly database: Incident;
  readonly engine: Incident;
  readonly lease: (limit: number) => Promise<Item[]>;
  readonly dispatch: (item: Item) => Promise<void>;
  /** After a dispatch that failed, to be tried again later. */
  readonly giveBack: (item: Item, error: unknown) => Promise<void>;
}

export interface Lane {
  open(): void;
  /** Leases as many as fit, and goes on as long as there are more. Cheap to call often. */
  look(): void;
  /** Leases nothing more, and waits for what is under way, at most `graceMs`. */
  close(graceMs: number): Promise<void>;
  inFlight(): number;
}

/** Leases items and dispatches them, a bounded number at a time. A failure never ends it. */
export function createLane<Item>(deps: LaneDeps<Item>): Lane {
  const { concurrency, database, engine, lease, dispatch, giveBack } = deps;
  const underWay = new Set<Promise<void>>();
  let open = false;
  let leasing: Promise<void> | undefined;
  let lookAgain = false;

  function look(): void {
    if (leasing) {
      lookAgain = true; // what was told while we lease may have come too late for it
      return;
    }
    leasing = leaseWhatFits().finally(() => {
      leasing = undefined;
      if (lookAgain) look();
    });
  }

  async function leaseWhatFits(): Promise<void> {
    lookAgain = false;
    const limit = open ? database.allowed(engine.allowed(concurrency - underWay.size)) : 0;
    if (limit <= 0) return;
    let items: Item[];
    try {
      items = await lease(limit);
      database.over();
    } catch (error) {
      database.failed(error);
      return;
    }
    for (const item of items) {
      const done = carryOut(item).finally(() => {
        underWay.delete(done);
        look();
      });
      underWay.add(done);
    }
  }

  async function carryOut(item: Item): Promise<void> {
    const beganAt = performance.now();
    try {
      await dispatch(item);
    } catch (error) {
      // A busy engine, or one item that it does not take, is no reason to hold back the others.
      if (isAppError(error) && error.code === 'engine_away') engine.failed(error, beganAt);
      // If this fails too, the lease ends by itself.
      await giveBack(item, error).catch(() => {});
    }
  }

  return {
    open: () => void (open = true),
    look,
    async close(graceMs) {
      open = false;
      await leasing;
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
      await Promise.race([Promise.all(underWay), grace]);
      clearTimeout(timer);
    },
    inFlight: () => underWay.size,
  };
}
