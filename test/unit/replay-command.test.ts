import { describe, expect, test } from 'vitest';
import type { CliContext } from '../../src/cli/command.ts';
import { replayCommand } from '../../src/cli/replay.ts';

describe('lahetti replay', () => {
  const run = (replay: CliContext['replay'], flags: Record<string, string> = {}) =>
    replayCommand.run({ replay } as CliContext, { positionals: [], flags, switches: {}, lists: {} });

  test('the command lahetti replay names the orders that would stop, and ends with 1', async () => {
    const said = await run(() =>
      Promise.resolve([
        { workflowId: 'order/kauppa1/7', problem: null },
        { workflowId: 'order/kauppa1/8', problem: new Error('another step') },
      ]),
    );
    expect(said.exitCode).toBe(1);
    expect(said.lines[0]).toBe('order/kauppa1/8: another step');
    expect(said.lines.at(-1)).toContain('1 of 2 would stand still');
    expect(said.json).toEqual({ replayed: 2, misfits: [{ workflowId: 'order/kauppa1/8', problem: 'another step' }] });
  });

  test('the command lahetti replay takes at most 500 running orders from the engine, or a folder', async () => {
    const asked: unknown[] = [];
    const replay: CliContext['replay'] = (what) => {
      asked.push(what);
      return Promise.resolve([]);
    };
    expect((await run(replay)).lines).toEqual(['All 0 running workflows fit this code.']);
    await run(replay, { limit: '20' });
    await run(replay, { folder: 'histories' });
    expect(asked).toEqual([{ running: 500 }, { running: 20 }, { folder: 'histories' }]);
  });
});
