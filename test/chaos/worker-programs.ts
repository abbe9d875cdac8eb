import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { TopologyOptions } from '../../harness/topology.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * What API and workers are run from: the sources, or what `npm run build` made of them. Workers are killed every few seconds
 * and start at once with a bundle that was built before, as in production.
 */
export async function preparePrograms(
  built: boolean,
  stateDir: string,
): Promise<{ readonly programs?: NonNullable<TopologyOptions['programs']>; readonly bundle: string }> {
  if (built) {
    const programs = { api: 'dist/src/main/api.js', worker: 'dist/src/main/worker.js' };
    return { programs, bundle: at('dist/workflow-bundle.js') };
  }
  const { code } = await bundleWorkflowCode({
    workflowsPath: at('workflows/index.ts'),
    workflowInterceptorModules: [at('workflows/trace-header.ts')],
    logger: { ...quiet },
  });
  const bundle = join(stateDir, 'workflow-bundle.js');
  await writeFile(bundle, code);
  return { bundle };
}

const nothing = () => undefined;
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
