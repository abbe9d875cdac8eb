import { runProcess } from './run.ts';
import { startWorker } from './worker-part.ts';

/** `npm run worker`: carries orders; as many of them as wanted. */
await runProcess('lahetti-worker', [startWorker]);
