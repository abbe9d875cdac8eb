import { need, wholeNumber, type Command } from './command.ts';

export const replayCommand: Command = {
  words: 'replay',
  summary: "before a release: says which orders that run would not fit today's code",
  options: [
    { flags: '--folder <path>', description: 'histories in a folder, in place of those of the engine' },
    { flags: '--limit <n>', description: 'at most so many, the longest-running first; 500 where it is left out' },
  ],
  async run({ replay }, { flags }) {
    const limit = flags['limit'] === undefined ? 500 : wholeNumber(flags['limit'], '--limit');
    const folder = flags['folder'] === undefined ? null : need(flags['folder'], '--folder');
    const results = await replay(folder === null ? { running: limit } : { folder });
    const misfits = results.filter(({ problem }) => problem !== null);
    const lines = misfits.map(({ workflowId, problem }) => `${workflowId}: ${problem?.message ?? ''}`);
    const json = {
      replayed: results.length,
      misfits: misfits.map(({ workflowId, problem }) => ({ workflowId, problem: problem?.message })),
    };
    if (misfits.length === 0) {
      const of = folder === null ? 'running workflows' : 'histories';
      return { lines: [`All ${results.length} ${of} fit this code.`], json };
    }
    const end = `${misfits.length} of ${results.length} would stand still with this code: do not release it. A change to what a workflow does, or in which order, needs a patch marker.`;
    return { lines: [...lines, end], json, exitCode: 1 };
  },
};
