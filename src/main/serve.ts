import { startApi } from './api-part.ts';
import { runProcess } from './run.ts';
import { startWorker } from './worker-part.ts';

/** `npm start`: API and worker in one process. */
await runProcess('lahetti', [startApi, startWorker]);
