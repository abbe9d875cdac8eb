import express, { type Router } from 'express';
import type { Db } from '../db/pool.ts';
import type { Engine } from '../temporal/client.ts';
import { pingDatabase } from './health.sql.ts';

export interface HealthDeps {
  readonly db: Db;
  readonly engine: Pick<Engine, 'health'>;
  /** Milliseconds until the database counts as away. Default 2000. */
  readonly patienceMs?: number;
}

/**
 * `GET /livez`: the process answers. `GET /readyz`: it can take webhooks in, for which it needs the database alone;
 * without the engine it is `degraded`: what comes in is kept and waits.
 */
export function healthRoutes({ db, engine, patienceMs = 2_000 }: HealthDeps): Router {
  const router = express.Router();
  router.get('/livez', (_req, res) => {
    res.json({ status: 'alive' });
  });
  router.get('/readyz', async (_req, res) => {
    const [database, temporal] = await Promise.all([answersWithin(pingDatabase(db), patienceMs), engine.health()]);
    const status = !database ? 'unavailable' : temporal.ok ? 'ready' : 'degraded';
    res.status(database ? 200 : 503).json({ status, database, engine: temporal.ok });
  });
  return router;
}

function answersWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), limitMs);
    work
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(() => clearTimeout(timer));
  });
}
