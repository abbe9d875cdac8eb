import { PassThrough } from 'node:stream';
import { resumeAll } from '../../activities/watchman.ts';
import type { CliContext } from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/run.ts';
import type { Pool } from '../../src/db/pool.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import { createStores } from '../../src/stores/connected-stores.ts';
import { hosts } from '../support/hosts.ts';

export const engineAway: CliContext['engine'] = {
  liveState: () => Promise.resolve({ kind: 'engine_away' }),
  health: () => Promise.resolve({ ok: false, tookMs: 0, problem: 'nobody listens' }),
};

export interface CliAnswer {
  readonly code: number;
  /** On standard output. */
  readonly said: string;
  /** On standard error. */
  readonly complained: string;
}

export type RunCli = (line: string, changes?: Partial<CliContext>) => Promise<CliAnswer>;

/** The command line against a database: `cli('orders show kauppa1 7')`. */
export function aCli(pool: Pool): RunCli {
  const secretBox = createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 7) }]);
  const context: CliContext = {
    pool,
    stores: createStores({ hosts, pool, secretBox }),
    api: {} as CliContext['api'],
    engine: engineAway,
    examine: () => Promise.reject(new Error('Nobody examines here.')),
    replay: () => Promise.resolve([]),
    resume: () => resumeAll({ pool, log: { info: () => undefined } }),
    patienceMs: 5_000,
    publicUrl: null,
    env: {},
    readStandardInput: () => Promise.resolve(''),
    readFile: () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOENT' })),
    standardOutput: new PassThrough(),
    who: 'cli:aino',
  };
  return async (line, changes = {}) => {
    const [said, complained]: [string[], string[]] = [[], []];
    const code = await runCli({
      argv: line.split(' '),
      withContext: (work) => work({ ...context, ...changes }),
      out: (text) => void said.push(text),
      err: (text) => void complained.push(text),
    });
    return { code, said: said.join('\n'), complained: complained.join('\n') };
  };
}
