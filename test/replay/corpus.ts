import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historiesOfFolder, type History } from '../../src/temporal/replay.ts';

export type { History };

/** One recorded history, and what it shows: `index.json` beside the histories says it in words. */
export interface Recorded {
  readonly workflowId: string;
  readonly shows: string;
  readonly history: History;
}

export const historiesFolder = fileURLToPath(new URL('./histories/', import.meta.url));

/** All recorded histories. Throws where the index and the files do not name each other. */
export function corpus(): Recorded[] {
  const index = JSON.parse(readFileSync(`${historiesFolder}index.json`, 'utf8')) as Record<string, string>;
  const files = readdirSync(historiesFolder).filter((name) => name.endsWith('.json') && name !== 'index.json');
  const unknown = files.filter((name) => !(name in index));
  const gone = Object.keys(index).filter((name) => !files.includes(name));
  if (unknown.length > 0 || gone.length > 0) {
    throw new Error(
      `index.json does not fit the histories: not in it ${unknown.join(', ') || 'none'}; without a file ${gone.join(', ') || 'none'}.`,
    );
  }
  return historiesOfFolder(historiesFolder).map(({ workflowId, history }) => ({
    ...{ workflowId, history },
    shows: index[`${workflowId}.json`] ?? '',
  }));
}
