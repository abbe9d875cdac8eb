import { execFile } from 'node:child_process';

/** What a program prints. Throws, in one line, when it can't be run, ends with an error or takes too long. */
export function runForOutput(
  file: string,
  args: string[],
  options: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { env: options.env, timeout: options.timeoutMs }, (err, stdout, stderr) => {
      if (!err) return resolve(stdout);
      const why = err.killed ? `no answer in ${options.timeoutMs / 1000} s` : (stderr.trim().split('\n')[0] ?? '');
      reject(new Error(why || err.message.trim(), { cause: err }));
    });
  });
}
