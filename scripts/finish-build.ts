/** What the compiler leaves out of `dist/`: the migrations, and the workflow bundle that a read-only container starts with. */
import { cp, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

await cp(at('src/db/migrations'), at('dist/src/db/migrations'), { recursive: true });
const { code } = await bundleWorkflowCode({
  workflowsPath: at('dist/workflows/index.js'),
  workflowInterceptorModules: [at('dist/workflows/trace-header.js')],
});
await writeFile(at('dist/workflow-bundle.js'), code);
process.stdout.write(`dist/workflow-bundle.js: ${Math.round(code.length / 1024)} kB\n`);
