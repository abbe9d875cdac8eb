import { listRuns, type Run, type RunKind } from '../stores/runs.sql.ts';
import { wholeNumber, type Command } from './command.ts';

export const listRunsCommand: Command = {
  words: 'runs',
  usage: '[--store <hash>] [--kind sweep|watchman|…] [--limit <n>]',
  summary: 'lists what ran by schedule: sweeps, the watchman and their like, the youngest first',
  flags: ['store', 'kind', 'limit'],
  async run({ pool, stores }, { flags }) {
    const hashes = new Map((await stores.list()).map(({ id, storeHash }) => [id, storeHash]));
    const found = await listRuns(pool, {
      limit: flags['limit'] === undefined ? 20 : Math.min(200, wholeNumber(flags['limit'], '--limit')),
      ...(flags['store'] === undefined ? {} : { storeId: (await stores.get(flags['store'])).id }),
      ...(flags['kind'] === undefined ? {} : { kind: flags['kind'] as RunKind }),
    });
    const runs = found.map((run) => ({ ...run, storeHash: run.storeId === null ? null : hashes.get(run.storeId) }));
    const lines = runs.map((run) => `${stamp(run)} ${run.kind} ${run.storeHash ?? ''}`.padEnd(44) + ` ${told(run)}`);
    return { lines: lines.length > 0 ? lines : ['Nothing has run yet.'], json: { runs } };
  },
};

const stamp = ({ startedAt }: Run): string => startedAt.toISOString().slice(0, 19).replace('T', ' ');

function told({ endedAt, startedAt, counts, failure }: Run): string {
  const counted = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  const end = endedAt ? `${((endedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s` : 'still runs';
  return [end, ...counted, ...(failure ? [`failed: ${failure}`] : [])].join(', ');
}
