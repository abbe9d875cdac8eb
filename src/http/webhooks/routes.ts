import express, { type RequestHandler, type Router } from 'express';
import type { Counters } from '../counters.ts';
import type { WebhookReceiver } from './receiver.ts';

/** A webhook has some 200 bytes; this leaves room and no more. */
const bodyLimit = '256kb';

export interface WebhookRoutesDeps {
  readonly receive: WebhookReceiver;
  readonly counters: Counters;
}

/** `POST /webhooks/bigcommerce/:storeHash`. Answers with a status and nothing else. */
export function webhookRoutes({ receive, counters }: WebhookRoutesDeps): Router {
  const router = express.Router();
  router.post('/bigcommerce/:storeHash', readBody(counters), async (req, res) => {
    const { storeHash } = req.params as { storeHash: string };
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const status = await receive({ storeHash, header: (name) => req.get(name), body });
    res.status(status).end();
  });
  return router;
}

/** The bytes as they came: any content type, never inflated (a small body could become a large one). */
function readBody(counters: Counters): RequestHandler {
  const raw = express.raw({ type: () => true, limit: bodyLimit, inflate: false });
  return (req, res, next) =>
    raw(req, res, (err?: unknown) => {
      if (err === undefined) return next();
      counters.count('webhooks', 'unreadable');
      const status = (err as { status?: unknown }).status;
      // What is left of the body is not read: the connection goes with the answer.
      res.set('connection', 'close');
      res.status(typeof status === 'number' ? status : 400).end();
    });
}
