import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const ANSWER_LIMIT_MS = 10_000;
const ARCHIVE_LIMIT_MS = 5 * 60_000; // about 50 MB

/**
 * Downloads the official archive from the place that the SDK's own test environment uses (temporal.md 4.1) and unpacks the
 * program to `target`. Throws if there is no answer within ten seconds.
 */
export async function downloadTemporalCli(target: string, version: string): Promise<void> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${version}?platform=${platform}&arch=${arch}`;

  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error('no answer in 10 s')), ANSWER_LIMIT_MS);
  const whole = setTimeout(() => abort.abort(new Error('too slow')), ARCHIVE_LIMIT_MS);
  try {
    const answer = await fetch(url, { signal: abort.signal });
    clearTimeout(timer);
    if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
    const archive = join(dirname(target), 'archive');
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(archive));
    // tar comes with every Unix, and with Windows since 10, where it reads zip files as well.
    await promisify(execFile)('tar', ['-xf', archive, '-C', dirname(target)]);
  } catch (err) {
    const cause = (err as Error).cause as { code?: string } | undefined;
    throw new Error(`${(err as Error).message}${cause?.code ? ` (${cause.code})` : ''}`, { cause: err });
  } finally {
    clearTimeout(timer);
    clearTimeout(whole);
  }
}
