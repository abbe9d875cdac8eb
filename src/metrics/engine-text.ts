import { request } from 'undici';

/**
 * The Temporal SDK serves its metrics on an address of its own; this fetches them, so that a process has one address to be
 * scraped. @throws where nobody answers within a second
 */
export const engineText = (address: string) => async (): Promise<string> => {
  const answer = await request(`http://${address}/metrics`, { signal: AbortSignal.timeout(1_000) });
  return answer.body.text();
};
