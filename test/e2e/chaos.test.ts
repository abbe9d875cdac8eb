import { expect, test } from 'vitest';
import { parseChaosOptions } from '../chaos/options.ts';
import { runChaos } from '../chaos/run.ts';

const options = parseChaosOptions(['--orders', '40', '--rate', '2', '--seed', '4', '--settle', '200']);

test('forty orders come to their right ends through kills, restarts, bad networks, lies and interference', async ({
  signal,
}) => {
  const said: string[] = [];
  const { summary, complaints } = await runChaos(options, (words) => said.push(words), signal);
  expect(complaints, said.join('\n')).toEqual([]);
  expect(summary).toMatchObject({ lost: 0, duplicates: 0, right: summary.orders });
  expect(summary.orders).toBeGreaterThanOrEqual(40);
  // It was harmed in earnest.
  const { workersKilled, apiKilled, postgresRestarts, temporalRestarts, engineLost } = summary.harms;
  for (const times of [workersKilled, apiKilled, postgresRestarts, temporalRestarts, engineLost]) {
    expect(times).toBeGreaterThan(0);
  }
}, 300_000);
