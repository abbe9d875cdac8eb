import { parseChaosOptions, usage, type ChaosOptions } from './options.ts';
import { inWords, planHarms } from './plan.ts';
import { runChaos } from './run.ts';

const say = (words: string): void => void process.stderr.write(`${words}\n`);

function options(): ChaosOptions {
  try {
    return parseChaosOptions(process.argv.slice(2));
  } catch (error) {
    say(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

const wanted = options();
const plan = planHarms({ seed: wanted.seed, seconds: wanted.orders / wanted.rate, only: wanted.only });
if (wanted.planOnly) {
  process.stdout.write(`${plan.map(inWords).join('\n')}\n`);
  process.exit(0);
}
say(`${wanted.orders} orders, and ${plan.length} harms planned by seed ${wanted.seed} (--plan shows them).`);
const { summary, complaints } = await runChaos(wanted, say);
for (const complaint of complaints) say(complaint);
for (const [name, value] of Object.entries<string | number | null | object>({ ...summary }))
  say(`${name.padStart(18)}  ${figure(value)}`);
process.stdout.write(`${JSON.stringify(summary)}\n`);
process.exit(complaints.length === 0 && summary.duplicates === 0 && summary.lost === 0 ? 0 : 1);

function figure(value: string | number | null | object): string {
  if (value === null) return '-';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value as Record<string, number | null>)
    .map(([name, each]) => `${name} ${each ?? '-'}`)
    .join(', ');
}
