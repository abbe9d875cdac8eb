import express, { type Router } from 'express';
import type { Counters } from '../../metrics/webhook-counters.ts';
import { readBody } from './read-body.ts';
import type { WebhookReceiver } from './receiver.ts';

/** A webhook has some 200 bytes; this leaves room and no more. */
const bodyLimit = 256 * 1024;

export interface WebhookRoutesDeps {
  readonly receive: WebhookReceiver;
  readonly counters: Counters;
}

/** `POST /webhooks/bigcommerce/:storeHash`. Answers with a status and nothing else. */
export function webhookRoutes({ receive, counters }: WebhookRoutesDeps): Router {
  const router = express.Router();
  router.post('/bigcommerce/:storeHash', async (req, res) => {
    const body = await readBody(req, bodyLimit);
    if ('status' in body) {
      counters.count('webhooks', 'unreadable');
      // What is left of the body is not waited for: the connection goes with the answer.
      res.status(body.status).set('connection', 'close').end();
      return;
    }
    const { storeHash } = req.params;
    res.status(await receive({ storeHash, header: (name) => req.get(name), body: body.bytes })).end();
  });
  return router;
}
