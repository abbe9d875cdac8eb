import { setTimeout as delay } from 'node:timers/promises';
import type { PlacedOrders } from './placed-orders.ts';
import type { Topology } from './topology.ts';

export interface RestartOptions {
  /** Each restart waits until so many orders are under way, so that it falls into work. */
  readonly ordersUnderWay: number;
  /** Milliseconds after which it is said that so many never were. Default 120 s. */
  readonly withinMs?: number;
  readonly say?: (words: string) => void;
}

/** One restart, as it was. */
export interface Restart {
  readonly name: string;
  /** Orders that were under way when it was asked to stop. */
  readonly underWay: number;
  /** Milliseconds from SIGTERM to its end. */
  readonly stoppedInMs: number;
}

/**
 * What an administrator does to bring in a new version: each worker is stopped and started, one after the other, then the
 * API. What they had under way they finish; the rest is the others' until they are back.
 * @throws Error where not enough orders come under way
 */
export async function restartInTurn(
  world: Topology,
  orders: Pick<PlacedOrders, 'all'>,
  { ordersUnderWay, withinMs = 120_000, say = () => {} }: RestartOptions,
): Promise<readonly Restart[]> {
  const restarts: Restart[] = [];
  const restart = async (name: string, stop: () => Promise<void>, start: () => Promise<void>) => {
    const underWay = await untilUnderWay();
    const began = performance.now();
    await stop();
    const stoppedInMs = Math.round(performance.now() - began);
    await start();
    restarts.push({ name, underWay, stoppedInMs });
    say(`The ${name} was restarted while ${underWay} orders were under way; it took ${stoppedInMs} ms to stop.`);
  };

  const untilUnderWay = async (): Promise<number> => {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const count = orders.all.filter(({ isRight, state }) => !isRight && state?.phase === 'under_way').length;
      if (count >= ordersUnderWay) return count;
      if (performance.now() > deadline) throw new Error(`There were never ${ordersUnderWay} orders under way at once.`);
      await delay(20);
    }
  };

  for (const position of world.workers.keys()) {
    await restart(
      `worker-${position + 1}`,
      () => world.stopWorker(position),
      () => world.startWorker(position),
    );
  }
  await restart(
    'api',
    () => world.stopApi(),
    () => world.startApi(),
  );
  return restarts;
}
