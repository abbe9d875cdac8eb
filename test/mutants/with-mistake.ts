import type { SqlMutant } from './sql.ts';

/** The text of a file with the mistake in it. Throws where it is not clear what would be changed. */
export function withMistake(source: string, { file, from, to }: Omit<SqlMutant, 'tests'>): string {
  const times = source.split(from).length - 1;
  if (times !== 1) throw new Error(`"${from}" stands in ${file} ${times} times, and has to stand there once.`);
  return source.replace(from, () => to);
}
