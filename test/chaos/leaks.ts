import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { canaries } from '../../harness/people.ts';
import type { Topology } from '../../harness/topology.ts';
import { findLeaksInFiles } from '../security/scan-for-secrets.ts';

/** Every line of a log that names a person or has a secret of the run in it, whichever process wrote it. In sentences. */
export async function complaintsAboutLogs({ memory, logFolder }: Topology, stateDir: string): Promise<string[]> {
  const { secret, apiToken } = memory.data;
  const leaks = await findLeaksInFiles(logsOf(stateDir, logFolder), {
    secrets: {
      // Every secret of the run begins with it (harness/memory.ts).
      'a secret of the run': secret,
      ...(apiToken === null ? {} : { 'the API token': apiToken }),
      // Every access token that the stand-in Posti gives out does (sandbox/posti/tokens.ts).
      "an access token of Posti's": 'PostiExt.1.SIM.',
    },
    people: canaries,
  });
  return leaks.map(({ where, line, what }) => `${where}:${line} has ${what} in it.`);
}

/** Ours, and those of the servers that we start; the stand-ins are not part of the product. */
function logsOf(stateDir: string, logFolder: string): string[] {
  const ofPrograms = readdirSync(logFolder)
    .filter((name) => name !== 'stand-ins.log')
    .map((name) => join(logFolder, name));
  const ofServers = readdirSync(stateDir)
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(stateDir, name));
  return [...ofPrograms, ...ofServers];
}
