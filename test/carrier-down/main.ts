import { findingsTable } from '../support/finding.ts';
import { stopAskedBySignal } from '../support/stop-asked.ts';
import { parseCarrierDownOptions, usage, type CarrierDownOptions } from './options.ts';
import { runCarrierDown } from './run.ts';

const say = (words: string): void => void process.stderr.write(`${words}\n`);

function options(): CarrierDownOptions {
  try {
    return parseCarrierDownOptions(process.argv.slice(2));
  } catch (error) {
    say(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

try {
  const { findings, complaints, summary } = await runCarrierDown(options(), say, stopAskedBySignal());
  say(`\n${findingsTable(findings)}\n`);
  for (const complaint of complaints) say(complaint);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  process.exit(complaints.length === 0 ? 0 : 1);
} catch (error) {
  say((error as Error).message);
  process.exit(1);
}
