import type { CliContext } from '../cli/command.ts';
import type { Config } from '../config.ts';
import { openEngineConnection } from '../temporal/connection.ts';
import { AppError } from '../errors.ts';
import { runningEmbedded } from './reached-engine.ts';

/** For `lahetti replay`. Loads the SDK's worker only when it is asked for: it takes seconds. */
export function createReplay(config: Config): CliContext['replay'] {
  return async (what) => {
    const { bundleForReplay, historiesOfFolder, quietReplay, replayHistories } = await import('../temporal/replay.ts');
    quietReplay();
    const bundle = await bundleForReplay();
    const results = [];
    if ('folder' in what) {
      for await (const result of replayHistories(historiesOfFolder(what.folder), bundle)) results.push(result);
      return results;
    }
    const { address: external, namespace } = config.temporal;
    const address = external ?? runningEmbedded(config.stateDir);
    if (address === undefined) {
      throw new AppError('No engine runs whose workflows could be replayed.', {
        kind: 'invalid',
        code: 'engine_away',
        advice: 'Set TEMPORAL_ADDRESS, start the embedded one (npm start), or name a --folder with histories.',
      });
    }
    const where = openEngineConnection({ address, namespace, embedded: external === null, env: config.env });
    try {
      const { runningHistories } = await import('../temporal/running-histories.ts');
      for await (const result of replayHistories(runningHistories(where, what.running), bundle)) results.push(result);
      return results;
    } finally {
      await where.connection.close();
    }
  };
}
