import { findingsTable } from '../support/finding.ts';
import { conduct, optionsOrUsage, say } from '../support/harness-command.ts';
import { parseSoakOptions, usage } from './options.ts';
import { runSoak } from './run.ts';

const options = optionsOrUsage(parseSoakOptions, usage);
await conduct(async (stopAsked) => {
  const { findings, notes, ...result } = await runSoak(options, say, stopAsked);
  say(`\n${findingsTable(findings)}\n`);
  for (const note of notes) say(`- ${note}`);
  return result;
});
