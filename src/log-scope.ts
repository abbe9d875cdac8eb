import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line says that is logged on behalf of a request or an activity, however deep: ids, and nothing else. */
export interface LogScope {
  readonly ids: () => Readonly<Record<string, string | number>>;
  run<T>(ids: Readonly<Record<string, string | number>>, work: () => T): T;
}

export function createLogScope(): LogScope {
  const scope = new AsyncLocalStorage<Readonly<Record<string, string | number>>>();
  return {
    ids: () => scope.getStore() ?? {},
    run: (ids, work) => scope.run({ ...scope.getStore(), ...ids }, work),
  };
}
