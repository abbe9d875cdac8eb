/** What the worker registers. */
export { order } from './order.ts';
export { sweep } from './sweep.ts';
export { watch } from './watch.ts';
export { watchman } from './watchman.ts';
