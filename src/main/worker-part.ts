import { createCarrierActivities, createShopActivities } from '../../activities/index.ts';
import { createErasureActivities } from '../../activities/erasure.ts';
import { createHookWatchActivities } from '../../activities/hooks.ts';
import { createPickupPointActivities } from '../../activities/pickup-points.ts';
import { createSweepActivities } from '../../activities/sweep.ts';
import { createWatchActivities } from '../../activities/watch.ts';
import { createWatchmanActivities } from '../../activities/watchman.ts';
import { freePorts } from '../embedded/free-port.ts';
import {
  createScheduleKeeper,
  eraseEverySecondsAt,
  watchEverySecondsAt,
  type ScheduleKeeper,
} from '../temporal/schedules.ts';
import { startWorkers } from '../temporal/worker.ts';
import { engineText } from '../metrics/engine-text.ts';
import { took } from '../took.ts';
import type { RunningPart } from './api-part.ts';
import type { Parts } from './parts.ts';
import { engineTrouble, expectEngine } from './trouble.ts';
import { untilReached, type Patience } from './until-reached.ts';

/**
 * Starts what carries orders: the two workers, and the schedules of sweep, watchman and watch.
 * @throws NotReached where the engine does not answer in time
 */
export async function startWorker(
  parts: Parts,
  patience: Patience,
): Promise<RunningPart & { readonly done: Promise<void> }> {
  const { config, log, temporal, pool, stores, bigcommerce, engine, limits } = parts;
  await untilReached(() => expectEngine(engine), engineTrouble(temporal.address), patience);
  await temporal.prepare();
  // The SDK takes an address and not a port of its choice; one that is free now is all but surely free in a moment.
  const [sdkMetricsPort] = await freePorts(1);
  const sdkMetricsAddress = `127.0.0.1:${sdkMetricsPort}`;
  const steps = {
    pool,
    stores,
    bigcommerce,
    carriers: parts.carriers,
    health: parts.health,
    limits,
    speed: config.speed,
    log,
    now: () => new Date(),
  };
  const began = performance.now();
  if (config.temporal.workflowBundle === null) log.info('preparing the workflows, which takes some seconds …');
  const workers = await startWorkers({
    ...temporal,
    env: config.env,
    log,
    shopActivities: {
      ...createShopActivities(steps),
      ...createSweepActivities({
        ...{ pool, bigcommerce, stores, health: parts.health, log, speed: config.speed },
        clock: { now: () => new Date() },
      }),
      ...createWatchmanActivities({ pool, engine, log }),
      ...createErasureActivities({ pool, stores, log, now: () => new Date() }),
      ...createHookWatchActivities({
        ...{ pool, bigcommerce, stores, health: parts.health, log },
        ...{ publicUrl: config.http.publicUrl, speed: config.speed },
      }),
    },
    carrierActivities: {
      ...createCarrierActivities(steps),
      ...createWatchActivities(steps),
      ...createPickupPointActivities(steps),
    },
    maxCachedWorkflows: config.temporal.maxCachedWorkflows,
    workflowBundle: config.temporal.workflowBundle,
    graceMs: limits.httpMs + 5_000,
    sdkMetricsAddress,
    scope: parts.scope,
    traces: parts.traces,
  });
  parts.metrics.addText(engineText(sdkMetricsAddress));

  const keeper = createScheduleKeeper(temporal);
  const schedule = () => keepSchedules(keeper, parts);
  await schedule();
  // Stores come and go while workers run.
  const timer = setInterval(() => void schedule(), 60_000 / Math.min(60, config.speed));
  log.info(`the worker carries orders (${took(began)})`);
  return {
    done: workers.done,
    async stop() {
      clearInterval(timer);
      workers.shutdown();
      await workers.done;
    },
  };
}

async function keepSchedules(keeper: ScheduleKeeper, { stores, temporal, config, log }: Parts): Promise<void> {
  try {
    // Again each time: an engine that lost its database comes back without our search attributes, and without schedules.
    await temporal.prepare();
    await keeper.keep({
      stores: await stores.list(),
      sweepEverySeconds: config.sweepEverySeconds,
      watchmanEverySeconds: config.watchmanEverySeconds,
      watchEverySeconds: watchEverySecondsAt(config.speed),
      eraseEverySeconds: eraseEverySecondsAt(config.speed),
    });
  } catch (error) {
    log.warn(
      { error: error instanceof Error ? error.message : 'unknown' },
      'the schedules could not be looked after; trying again',
    );
  }
}
