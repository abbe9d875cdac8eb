import type { SandboxClock } from '../clock.ts';
import type { StateFile } from '../state.ts';
import { unixSeconds } from './format.ts';
import type { BigCommerceState, BlockedDomain } from './model.ts';

/** Of the tries in two minutes, if they are a hundred, nine of ten succeed; or none are made for three (bigcommerce.md 4.3). */
const windowMs = 120_000;
const fewestTries = 100;
const leastSuccess = 0.9;
const blockedMs = 180_000;

export interface BlockedDomains {
  /** When a delivery may be made there; undefined is now. */
  blockedUntil(clientId: string, destination: string): number | undefined;
  /** One try ended. True where the domain is blocked by it. */
  count(clientId: string, destination: string, failure: string | undefined): boolean;
}

/**
 * Which domains get nothing for a while, for each API account: all its hooks on one domain share the count, those of other
 * stores too. The tries are counted anew after a restart and after a block; that a block empties the count is an assumption.
 */
export function createBlockedDomains(deps: {
  state: StateFile<BigCommerceState>;
  clock: SandboxClock;
}): BlockedDomains {
  const { state, clock } = deps;
  const tries = new Map<string, { at: number; failure: string | undefined }[]>();
  const now = () => clock.now().getTime();
  return {
    blockedUntil: (clientId, destination) => blockedNow(state.data, now(), clientId, destination)?.until,
    count(clientId, destination, failure) {
      const domain = domainOf(destination);
      const key = `${clientId} ${domain}`;
      const recent = (tries.get(key) ?? []).filter(({ at }) => at > now() - windowMs);
      recent.push({ at: now(), failure });
      tries.set(key, recent);
      const failures = recent.flatMap(({ failure }) => failure ?? []);
      const isBad = (recent.length - failures.length) / recent.length < leastSuccess;
      if (recent.length < fewestTries || !isBad || blockedNow(state.data, now(), clientId, destination)) return false;
      tries.delete(key);
      const others = blockedDomains(state.data).filter(({ until }) => until > now());
      const reasons = [...new Set(failures)].map((description) => ({
        description,
        count: failures.filter((each) => each === description).length,
        at: Date.now(),
      }));
      state.data.blockedDomains = [...others, { clientId, domain, until: now() + blockedMs, reasons }];
      state.touch();
      return true;
    },
  };
}

/** As `blocked_domains` of /v3/hooks/admin has those of an API account (bigcommerce.md 4.1). */
export function wireBlockedDomains(data: BigCommerceState, clock: SandboxClock, clientId: string) {
  const now = clock.now().getTime();
  return blockedDomains(data)
    .filter((blocked) => blocked.clientId === clientId && blocked.until > now)
    .map(({ domain, until, reasons }) => ({
      destination: domain,
      time_left: Math.ceil((until - now) / 1000),
      reasons: reasons.map(({ description, count, at }) => ({
        ...{ failure_description: description, count, timestamp: unixSeconds(at) },
      })),
    }));
}

/** A state file of before has none. */
const blockedDomains = (data: BigCommerceState): BlockedDomain[] => data.blockedDomains ?? [];

const blockedNow = (data: BigCommerceState, now: number, clientId: string, destination: string) =>
  blockedDomains(data).find(
    (blocked) => blocked.clientId === clientId && blocked.domain === domainOf(destination) && blocked.until > now,
  );

/** With its scheme: the schema says that `destination` is a URL of the domain. */
const domainOf = (destination: string): string => new URL(destination).origin;
