import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Topology } from '../../../harness/topology.ts';
import { programEnv } from '../../support/program-env.ts';

const program = fileURLToPath(new URL('../../../src/main/cli.ts', import.meta.url));

/** `lahetti resume`, as an operator calls it after the engine's database was lost. @throws Error when it does not succeed */
export async function resumeOrders({ parts }: Topology, stateDir: string): Promise<void> {
  const env = {
    ...programEnv,
    LAHETTI_STATE_DIR: stateDir,
    DATABASE_URL: parts.databaseUrl,
    TEMPORAL_ADDRESS: parts.temporal.address,
  };
  await promisify(execFile)(process.execPath, ['--import', 'tsx', program, 'resume'], { env });
}
