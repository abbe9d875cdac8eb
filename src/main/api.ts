import { startApi } from './api-part.ts';
import { runProcess } from './run.ts';

/** `npm run api`: takes webhooks and requests; never loads the worker. */
await runProcess('lahetti-api', [startApi]);
