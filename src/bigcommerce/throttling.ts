import type { Quota } from './api.ts';

type Headers = Readonly<Record<string, string>>;

/** A 429 without rate headers means load on the platform (bigcommerce.md 6.2); the engine doubles from here. */
const defaultPauseMs = 10_000;

/** How long to stay away after a 429: the longer of the two that BigCommerce names (bigcommerce.md 6.2). */
export function pauseAfterThrottling(headers: Headers): number {
  const resetMs = number(headers['x-rate-limit-time-reset-ms']);
  const retryAfter = number(headers['x-retry-after'] ?? headers['retry-after']);
  const named = Math.max(resetMs ?? 0, (retryAfter ?? 0) * 1000);
  return named > 0 ? named : defaultPauseMs;
}

/** What an answer says of the store's quota; undefined where it says nothing, as on a 204 (bigcommerce.md 6.1). */
export function readQuota(headers: Headers, now: Date): Quota | undefined {
  const requestsLeft = number(headers['x-rate-limit-requests-left']);
  const resetMs = number(headers['x-rate-limit-time-reset-ms']);
  if (requestsLeft === undefined || resetMs === undefined) return undefined;
  return {
    requestsLeft,
    requestsQuota: number(headers['x-rate-limit-requests-quota']) ?? null,
    resetsAt: new Date(now.getTime() + resetMs),
    seenAt: now,
  };
}

function number(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
