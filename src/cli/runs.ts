import { nextPage } from '../http/api/frame/fields.ts';
import { parseRequest } from '../http/api/frame/request.ts';
import { runsQuery } from '../http/api/runs/routes.ts';
import { pageOfRuns, type RunView } from '../http/api/runs/queries.sql.ts';
import { andMore, asQuery, pageOptions, stampOf, storeOption, type Command } from './command.ts';

export const listRunsCommand: Command = {
  words: 'runs',
  summary: 'lists what ran by schedule: sweeps, the watchman and their like, the youngest first',
  options: [
    storeOption,
    { flags: '--kind <kind>', description: 'sweep, watchman, watch, hooks or erasure' },
    { flags: '--failed', description: 'only those that failed' },
    ...pageOptions,
  ],
  async run({ pool }, given) {
    const query = parseRequest(runsQuery, asQuery(given));
    const runs = await pageOfRuns(pool, query);
    const next = nextPage(runs, query);
    const lines = runs.map(
      (run) => `${stampOf(run.startedAt)} ${run.kind} ${run.storeHash ?? ''}`.padEnd(44) + ` ${told(run)}`,
    );
    return {
      lines: [...(lines.length > 0 ? lines : ['Nothing has run yet.']), ...andMore(next)],
      json: { runs, next },
    };
  },
};

function told({ endedAt, startedAt, counts, failure }: RunView): string {
  const counted = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  const end = endedAt ? `${((endedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s` : 'still runs';
  return [end, ...counted, ...(failure ? [`failed: ${failure}`] : [])].join(', ');
}
