import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions } from '@temporalio/worker';
import type { Figure } from './figure.ts';
import { rounded } from './statistics.ts';

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

interface BundledModule {
  readonly path: string;
  readonly bytes: number;
}

export const bundleSize: Figure = {
  name: 'bundle',
  title: 'Workflow bundle',
  async measure() {
    const { code, modules } = await bundle();
    const ours = modules.filter(({ path }) => !path.includes('/node_modules/'));
    const ourBytes = ours.reduce((sum, { bytes }) => sum + bytes, 0);
    const zod = modules.filter(({ path }) => path.includes('/node_modules/zod/')).length;
    return {
      rows: [
        {
          ...{ what: 'our own code in the workflow bundle', value: rounded(ourBytes / 1024, 1), unit: 'kB' },
          ...{ target: 'at most 60', met: ourBytes <= 60 * 1024 },
        },
        { what: 'modules of zod in it', value: zod, unit: '', target: 'none', met: zod === 0 },
        { what: 'the whole bundle, with its source map', value: rounded(code.length / 1024), unit: 'kB' },
      ],
      notes: [
        `By the bundler's own count: what each of our files is after TypeScript, comments included, without the bundler's wrapping. ${ours.map(({ path, bytes }) => `${path.split('/').at(-1)} ${rounded(bytes / 1024, 1)}`).join(', ')}.`,
      ],
      raw: modules,
    };
  },
};

type Webpack = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];
interface Compilation {
  readonly modules: Iterable<{ nameForCondition(): string | null; size(): number }>;
}

async function bundle(): Promise<{ code: string; modules: BundledModule[] }> {
  const modules: BundledModule[] = [];
  const notice = (compilation: Compilation) => {
    for (const module of compilation.modules) {
      const path = module.nameForCondition();
      if (path !== null) modules.push({ path, bytes: module.size() });
    }
  };
  const listen = {
    apply(compiler: { hooks: { done: { tap(name: string, heard: (stats: unknown) => void): void } } }) {
      compiler.hooks.done.tap('bundle-size', (stats) => notice((stats as { compilation: Compilation }).compilation));
    },
  };
  const quiet = () => undefined;
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, log: quiet },
    webpackConfigHook: (config: Webpack) => ({ ...config, plugins: [...(config.plugins ?? []), listen] }),
  });
  const ours = fileURLToPath(new URL('../workflows/', import.meta.url));
  if (!modules.some(({ path }) => path.startsWith(ours))) throw new Error('The bundler has none of our files.');
  return { code, modules };
}
