import { findingsTable } from '../support/finding.ts';
import { stopAskedBySignal } from '../support/stop-asked.ts';
import { parseSoakOptions, usage, type SoakOptions } from './options.ts';
import { runSoak } from './run.ts';

const say = (words: string): void => void process.stderr.write(`${words}\n`);

function options(): SoakOptions {
  try {
    return parseSoakOptions(process.argv.slice(2));
  } catch (error) {
    say(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

try {
  const { findings, notes, complaints, summary } = await runSoak(options(), say, stopAskedBySignal());
  say(`\n${findingsTable(findings)}\n`);
  for (const note of notes) say(`- ${note}`);
  for (const complaint of complaints) say(complaint);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  process.exit(complaints.length === 0 ? 0 : 1);
} catch (error) {
  say((error as Error).message);
  process.exit(1);
}
