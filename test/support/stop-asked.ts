/** Aborted by Ctrl-C or SIGTERM: whoever started processes ends them then, and does not leave them behind. */
export function stopAskedBySignal(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => asked.abort(new Error(`Stopped by ${signal}.`)));
  }
  return asked.signal;
}
