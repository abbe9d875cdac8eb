import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPlacedOrders } from '../../harness/placed-orders.ts';
import { startTopology } from '../../harness/topology.ts';
import { complaintsAboutTheWhole } from '../chaos/whole-checks.ts';
import { preparePrograms } from '../chaos/worker-programs.ts';
import { missed, type Finding } from '../support/finding.ts';
import { complaintsAboutOrders } from '../support/order-complaints.ts';
import { judgeOutage } from './judge.ts';
import { speedOf, type CarrierDownOptions } from './options.ts';
import { goThroughOutage } from './outage.ts';
import { watchOutlook } from './outlook.ts';

export interface CarrierDownResult {
  readonly findings: readonly Finding[];
  /** What is not as it has to be, in sentences, with timelines. None means that all is well. */
  readonly complaints: readonly string[];
  /** For the JSON line. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/** One whole run: start, outage, drain, delivery, check. Everything that it started has ended when it returns. */
export async function runCarrierDown(
  options: CarrierDownOptions,
  say: (words: string) => void,
  stopAsked: AbortSignal,
): Promise<CarrierDownResult> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'lahetti-carrier-down-')));
  await mkdir(stateDir, { recursive: true });
  const speed = speedOf(options);
  const { bundle } = await preparePrograms(false, stateDir);
  const topology = await startTopology({
    ...{ stateDir, speed, ourSpeed: speed, workers: 2, liveStores: options.stores },
    ...{ standardQuota: true, standInsForget: true, sweepEverySeconds: 120, watchmanEverySeconds: 60 },
    ...{ say, stopAsked },
    env: { LAHETTI_WORKFLOW_BUNDLE: bundle, LAHETTI_METRICS_PORT: '0' },
  });
  const watch = watchOutlook(topology);
  let isWell = false;
  try {
    const orders = createPlacedOrders(topology, { forgotten: true });
    const outage = await goThroughOutage({ topology, orders, glances: watch.glances, options, speed, say, stopAsked });
    const findings = judgeOutage(outage);
    const complaints = [
      ...missed(findings),
      ...(await complaintsAboutOrders(orders, topology)),
      ...(await complaintsAboutTheWhole(topology, orders.all)),
    ];
    isWell = complaints.length === 0;
    return { findings, complaints, summary: { ...outage } };
  } finally {
    await watch.stop();
    await topology.stop();
    if (isWell && options.stateDir === null) await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
    else say(`What was kept, with the logs, is in ${stateDir}.`);
  }
}
