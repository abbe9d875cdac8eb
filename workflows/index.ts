/** What the worker registers. */
export { erasure } from './erasure.ts';
export { order } from './order.ts';
export { sweep } from './sweep.ts';
export { watch } from './watch.ts';
export { watchman } from './watchman.ts';
