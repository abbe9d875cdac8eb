import { conduct, optionsOrUsage, say } from '../support/harness-command.ts';
import { parseChaosOptions, usage } from './options.ts';
import { inWords, planHarms } from './plan.ts';
import { runChaos } from './run.ts';

const options = optionsOrUsage(parseChaosOptions, usage);
const plan = planHarms({ seed: options.seed, seconds: options.orders / options.rate, only: options.only });
if (options.planOnly) {
  process.stdout.write(`${plan.map(inWords).join('\n')}\n`);
  process.exit(0);
}
say(`${options.orders} orders, and ${plan.length} harms planned by seed ${options.seed} (--plan shows them).`);
await conduct(async (stopAsked) => {
  const result = await runChaos(options, say, stopAsked);
  for (const [name, value] of Object.entries<string | number | null | object>({ ...result.summary }))
    say(`${name.padStart(18)}  ${figure(value)}`);
  return result;
});

function figure(value: string | number | null | object): string {
  if (value === null) return '-';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value as Record<string, number | null>)
    .map(([name, each]) => `${name} ${each ?? '-'}`)
    .join(', ');
}
