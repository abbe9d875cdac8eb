/** How many of the mistakes that could be tried were noticed. A test that never ends because of a mistake has noticed it. */
export function scoreOf(results: readonly { readonly status: string }[]): string {
  const noticed = results.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const missed = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').length;
  const all = noticed + missed;
  return all === 0 ? 'no mistake to try' : `${noticed} of ${all} noticed (${Math.floor((100 * noticed) / all)} %)`;
}
