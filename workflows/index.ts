/** What the worker registers. */
export { order } from './order.ts';
export { sweep } from './sweep.ts';
export { watchman } from './watchman.ts';
