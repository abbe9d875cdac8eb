import { DecoratorHandler, type Dispatcher } from 'undici';

/**
 * The same dispatcher, which says so at the moment when a request is handed to an open connection. undici calls
 * `onRequestStart` right before it writes the request, and never when the connection could not be opened; error codes
 * alone cannot tell this, since a timeout or an abort may come before or after.
 */
export function noticeStart(dispatcher: Dispatcher, onStart: () => void): Dispatcher {
  return dispatcher.compose(
    (dispatch) => (options, handler) => dispatch(options, new StartNoticingHandler(handler, onStart)),
  );
}

class StartNoticingHandler extends DecoratorHandler {
  readonly #inner: Dispatcher.DispatchHandler;
  readonly #onStart: () => void;

  constructor(inner: Dispatcher.DispatchHandler, onStart: () => void) {
    super(inner);
    this.#inner = inner;
    this.#onStart = onStart;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    // undici's own request handler still has the older callback.
    if (this.#inner.onRequestStart) this.#inner.onRequestStart(controller, context);
    else this.#inner.onConnect?.((reason) => controller.abort(reason ?? new Error('given up')));
    // A caller that gave up while the connection was being opened aborts here, and nothing is written.
    if (!controller.aborted) this.#onStart();
  }
}
