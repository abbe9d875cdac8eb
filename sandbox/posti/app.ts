import { join } from 'node:path';
import express, { type ErrorRequestHandler } from 'express';
import { ZodError } from 'zod';
import { rawBody } from '../body.ts';
import { controlRoutes } from '../control.ts';
import { createFaults, faultMiddleware } from '../faults.ts';
import type { StandIn, StandInDeps } from '../stand-in.ts';
import { openState } from '../state.ts';
import { gatewayError } from './answers.ts';
import { emptyBooks, type Books, type Posti } from './books.ts';
import { postiControlRoutes } from './control-routes.ts';
import { estimateRoutes } from './estimate-routes.ts';
import { homePage } from './home-page.ts';
import { createLabelPrinter } from './label/label-pdf.ts';
import { labelRoutes } from './label/label-routes.ts';
import { orderRoutes } from './order/order-routes.ts';
import { pointRoutes } from './points/point-routes.ts';
import { sendingCodeRoutes } from './sending-code-routes.ts';
import { tokenRoutes } from './tokens.ts';
import { trackingRoutes } from './tracking/tracking-routes.ts';
import { countRequests, limitRate } from './traffic.ts';

/** A Posti on your own machine: log-in, orders, labels, pickup points and tracking, after posti.md. */
export function createPosti({ clock, stateDir, baseUrl, log }: StandInDeps): StandIn {
  const books = openState<Books>(stateDir && join(stateDir, 'posti.json'), emptyBooks);
  const posti: Posti = { clock, books, baseUrl };
  const faults = createFaults();
  const drawLabels = createLabelPrinter();
  const empty = () => {
    books.data = emptyBooks();
    books.touch();
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(rawBody());
  app.use(controlRoutes({ clock, faults, empty }));
  app.use(postiControlRoutes(posti));
  app.use(countRequests(posti), limitRate(posti), faultMiddleware(faults));
  app.use(tokenRoutes(posti));
  app.use(orderRoutes(posti, drawLabels));
  app.use(labelRoutes(posti, drawLabels));
  for (const release of ['2026-04', '2025-04']) {
    app.use(pointRoutes(posti, release), estimateRoutes(posti, release), sendingCodeRoutes(posti, release));
  }
  app.use(trackingRoutes(posti));
  app.get('/', (_req, res) => void res.type('html').send(homePage(books.data, clock.now())));
  app.use((_req, res) => gatewayError(res, 'NOT_FOUND', 'No such resource'));

  const onError: ErrorRequestHandler = (error: unknown, req, res, _next) => {
    const isControl = req.path.startsWith('/_control');
    if (isControl && (error instanceof ZodError || error instanceof SyntaxError || error instanceof RangeError)) {
      const message = error instanceof ZodError ? (error.issues[0]?.message ?? '') : error.message;
      return void res.status(400).json({ message, details: error instanceof ZodError ? error.issues : null });
    }
    log(`posti: ${req.method} ${req.path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    gatewayError(res, 'INTERNAL_SERVER_ERROR', 'Internal server error');
  };
  app.use(onError);
  return { app, close: () => books.flush() };
}
