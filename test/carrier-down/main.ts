import { findingsTable } from '../support/finding.ts';
import { conduct, optionsOrUsage, say } from '../support/harness-command.ts';
import { parseCarrierDownOptions, usage } from './options.ts';
import { runCarrierDown } from './run.ts';

const options = optionsOrUsage(parseCarrierDownOptions, usage);
await conduct(async (stopAsked) => {
  const { findings, ...result } = await runCarrierDown(options, say, stopAsked);
  say(`\n${findingsTable(findings)}\n`);
  return result;
});
