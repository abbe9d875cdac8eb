import express, { type Router } from 'express';
import { attentionRoutes } from './attention/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { limitPerAddress, limitPerToken, noLimits } from '../rate-limits.ts';
import { authenticate, tokenOf } from './frame/authenticate.ts';
import { bulkCommandRoutes } from './commands/bulk.ts';
import { commandRoutes } from './commands/routes.ts';
import { docsPage } from './frame/docs-page.ts';
import { erasureRoutes } from './erasure/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { healthRoutes } from './health/routes.ts';
import { labelRoutes } from './labels/routes.ts';
import { openApiDocument } from './frame/openapi.ts';
import { orderRoutes } from './orders/routes.ts';
import type { Route } from './frame/route.ts';
import { runRoutes } from './runs/routes.ts';
import { serveRoutes } from './frame/serve-route.ts';
import { settingsRoutes } from './settings/routes.ts';
import { storeRoutes } from './stores/routes.ts';
import type { ApiDeps } from './deps.ts';

/** Every route of `/api/v1`, subject by subject: the order in which the document lists them. */
export const declaredRoutes = (deps: ApiDeps): Route[] => [
  ...orderRoutes(deps),
  ...commandRoutes(deps),
  ...bulkCommandRoutes(deps),
  ...labelRoutes(deps),
  ...attentionRoutes(deps),
  ...storeRoutes(deps),
  ...settingsRoutes(deps),
  ...healthRoutes(deps),
  ...runRoutes(deps),
  ...auditRoutes(deps),
  ...erasureRoutes(deps),
  ...eventRoutes(deps),
];

/** `/api/v1/…`: JSON; lists have `next`, the value of `after` for the page that follows, or null. */
export function apiRoutes(deps: ApiDeps): Router {
  const router = express.Router();
  const routes = declaredRoutes(deps);
  // Answers are about people's parcels: nobody on the way keeps them.
  router.use((_req, res, next) => {
    res.set('cache-control', 'no-store');
    next();
  });
  const limits = deps.limits ?? noLimits;
  router.use(limitPerAddress(limits));
  const document = openApiDocument(routes);
  router.get('/openapi.json', (_req, res) => void res.json(document));
  router.use('/docs', docsPage());

  router.use(
    authenticate(deps.pool),
    limitPerToken(limits, (res) => tokenOf(res).id),
  );
  serveRoutes(router, routes);
  return router;
}
