import { stopAskedBySignal } from './stop-asked.ts';

let lastSaid: string | undefined;

/** What a harness is doing, for whoever watches; what it came to is on standard output. The same is not said twice on end. */
export function say(words: string): void {
  if (words === lastSaid) return;
  lastSaid = words;
  process.stderr.write(`${words}\n`);
}

/** What was typed; where it makes no sense, the usage and exit code 2. */
export function optionsOrUsage<T>(parse: (argv: readonly string[]) => T, usage: string): T {
  try {
    return parse(process.argv.slice(2));
  } catch (error) {
    say(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

export interface HarnessResult {
  /** In sentences; none means that all is as it has to be. */
  readonly complaints: readonly string[];
  /** The last line, for programs. */
  readonly summary: object;
}

/** Runs a harness to its end, or to Ctrl-C, and the process with it: exit code 0 where there is nothing to complain of. */
export async function conduct(run: (stopAsked: AbortSignal) => Promise<HarnessResult>): Promise<never> {
  try {
    const { complaints, summary } = await run(stopAskedBySignal());
    for (const complaint of complaints) say(complaint);
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    process.exit(complaints.length === 0 ? 0 : 1);
  } catch (error) {
    say((error as Error).message);
    process.exit(1);
  }
}
