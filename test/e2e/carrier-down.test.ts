import { expect, test } from 'vitest';
import { runCarrierDown } from '../carrier-down/run.ts';

test('a Posti that is down for half an hour while orders come and workers die is one incident, and all are booked once', async () => {
  const said: string[] = [];
  const options = { orders: 40, rate: 4, minutes: 30, stores: 8, seed: 1, stateDir: null, limitSeconds: 120 };
  const { complaints, findings } = await runCarrierDown(
    options,
    (words) => void said.push(words),
    new AbortController().signal,
  );
  expect(complaints, said.join('\n')).toEqual([]);
  // The bounds were looked at, and not only the orders.
  expect(findings.filter(({ met }) => met === true).length).toBeGreaterThan(12);
}, 420_000);
