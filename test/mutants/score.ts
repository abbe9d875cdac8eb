import type { Mistake } from './list.ts';

export interface Tried extends Mistake {
  readonly status: string;
  /** Listed in harmless.ts. */
  readonly harmless: boolean;
}

/**
 * How many of the mistakes that could be tried were noticed. A test that never ends because of a mistake has noticed it. What is known to
 * change nothing that anybody could notice does not count; it is named.
 */
export function scoreOf(results: readonly Pick<Tried, 'status' | 'harmless'>[]): string {
  const noticed = results.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const survivors = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const harmless = survivors.filter((survivor) => survivor.harmless).length;
  const all = noticed + survivors.length - harmless;
  if (all === 0) return 'no mistake to try';
  const endless = results.filter(({ status }) => status === 'Timeout').length;
  return [
    `${noticed} of ${all} noticed (${Math.floor((100 * noticed) / all)} %)`,
    ...(endless > 0 ? [`${endless} of them by a test that did not end`] : []),
    ...(harmless > 0 ? [`beside ${harmless} harmless`] : []),
  ].join(', ');
}
