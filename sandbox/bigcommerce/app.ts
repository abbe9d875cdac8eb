import express from 'express';
import { rawBody } from '../body.ts';
import { controlRoutes } from '../control.ts';
import { createFaults, faultMiddleware } from '../faults.ts';
import type { StandIn, StandInDeps } from '../stand-in.ts';

/** A BigCommerce on this machine. */
export function createBigCommerce(deps: StandInDeps): StandIn {
  const app = express();
  const faults = createFaults();
  app.use(rawBody());
  app.use(controlRoutes({ clock: deps.clock, faults, empty: () => {} }));
  app.use(faultMiddleware(faults));
  return { app, close: () => Promise.resolve() };
}
