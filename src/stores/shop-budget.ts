import { randomUUID } from 'node:crypto';
import type { Quota } from '../bigcommerce/api.ts';
import type { CallBudget, Turn } from '../bigcommerce/requests.ts';
import type { Pool } from '../db/pool.ts';
import { AppError } from '../errors.ts';
import type { Urgency } from '../exchanges/exchange.ts';
import { leaseRequests } from './shop-budget.sql.ts';

export interface ShopBudgetDeps {
  readonly pool: Pool;
  /** Of a store's quota, from 0 to 1: for its other apps. */
  readonly leftToOthers: number;
  /** How long a request waits for its turn before its caller is told to come back; short beside the time that it may take. */
  readonly waitMs: number;
}

/** Of our part of a window, what only requests that somebody waits for may use. */
const keptForUrgent = 0.25;
/** Parallel requests to one store, over all processes: BigCommerce once asked for three (bigcommerce.md 6.1), and more for a larger quota. */
const fewestParallel = 4;
const mostParallel = 32;
const quotaForOneMore = 40;

interface Waiting {
  readonly urgency: Urgency;
  readonly start: (turn: Turn) => void;
  readonly fail: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

interface StoreBudget {
  /** Leased, and when that ends. */
  tokens: number;
  endsAt: number;
  quota: number | null;
  processes: number;
  /** Nothing more is leased for requests of this urgency before that time. */
  readonly usedUpUntil: Record<Urgency, number>;
  /** Sent back since then, so that each is told a time at which its turn may come. */
  sentBack: number;
  inFlight: number;
  leasing: boolean;
  seen: Quota | null;
  waiting: Waiting[];
}

/**
 * One budget of requests per store, for all processes: they lease parts of the shop's window from a row of the database, a
 * lease for many requests, and send no more than they have leased. Requests that somebody waits for go before sweeps.
 * Whoever gets no turn soon is told when to come back, instead of waiting with a row that says "sent".
 */
export function createShopBudget({ pool, leftToOthers, waitMs }: ShopBudgetDeps): CallBudget {
  const me = randomUUID();
  const stores = new Map<string, StoreBudget>();

  function budgetOf(storeHash: string): StoreBudget {
    const known = stores.get(storeHash);
    if (known) return known;
    const budget: StoreBudget = {
      ...{ tokens: 0, endsAt: 0, quota: null, processes: 1, usedUpUntil: { urgent: 0, background: 0 } },
      ...{ sentBack: 0, inFlight: 0, leasing: false, seen: null, waiting: [] },
    };
    stores.set(storeHash, budget);
    return budget;
  }

  /** Lets those start who may, and leases for the others. */
  function goOn(storeHash: string, budget: StoreBudget): void {
    for (;;) {
      const next = budget.waiting.find(({ urgency }) => urgency === 'urgent') ?? budget.waiting[0];
      if (!next || budget.inFlight >= parallelOf(budget)) return;
      if (performance.now() >= budget.endsAt) budget.tokens = 0;
      if (budget.tokens > 0) {
        begin(storeHash, budget, next);
      } else if (performance.now() < budget.usedUpUntil[next.urgency]) {
        sendBack(budget, next, budget.usedUpUntil[next.urgency] - performance.now());
      } else {
        // Until an answer has said what the quota is, one request is out at a time.
        if (!budget.leasing && (budget.quota !== null || budget.inFlight === 0))
          void lease(storeHash, budget, next.urgency);
        return;
      }
    }
  }

  function begin(storeHash: string, budget: StoreBudget, next: Waiting): void {
    remove(budget, next);
    budget.tokens -= 1;
    budget.inFlight += 1;
    next.start({
      end(quota) {
        budget.inFlight -= 1;
        if (quota) see(budget, quota);
        // No rate headers: the store has no quota, or the answer none; the smallest of all plans is a safe guess.
        else budget.quota ??= smallestQuota;
        goOn(storeHash, budget);
      },
    });
  }

  function see(budget: StoreBudget, quota: Quota): void {
    budget.seen = quota;
    budget.quota = quota.requestsQuota ?? budget.quota ?? smallestQuota;
    const endsInMs = quota.resetsAt.getTime() - Date.now();
    if (endsInMs > 0) budget.endsAt = Math.min(budget.endsAt, performance.now() + endsInMs);
    // What others have used meanwhile is not ours any more, leased or not.
    const ours = quota.requestsLeft - Math.ceil(budget.quota * leftToOthers);
    budget.tokens = Math.max(0, Math.min(budget.tokens, ours));
  }

  async function lease(storeHash: string, budget: StoreBudget, urgency: Urgency): Promise<void> {
    budget.leasing = true;
    try {
      const { granted, quota, endsInMs, processes } = await leaseRequests(pool, {
        ...{ storeHash, process: me, leftToOthers, wanted: chunkOf(budget.quota, leftToOthers) },
        keptForUrgent: urgency === 'urgent' ? 0 : keptForUrgent,
        seen: seenNow(budget),
      });
      Object.assign(budget, { tokens: granted, endsAt: performance.now() + endsInMs, quota, processes });
      if (granted === 0) {
        if (performance.now() >= Math.max(...Object.values(budget.usedUpUntil))) budget.sentBack = 0;
        budget.usedUpUntil[urgency] = budget.endsAt;
        if (urgency === 'urgent') budget.usedUpUntil.background = budget.endsAt;
      }
    } catch (error) {
      for (const waiting of budget.waiting.splice(0)) {
        clearTimeout(waiting.timer);
        waiting.fail(error);
      }
    } finally {
      budget.leasing = false;
    }
    goOn(storeHash, budget);
  }

  function sendBack(budget: StoreBudget, waiting: Waiting, untilMs: number): void {
    remove(budget, waiting);
    budget.sentBack += 1;
    // Not all at the next window's first moment, and no more than it has room for.
    const perWindow = Math.max(1, ((budget.quota ?? smallestQuota) * (1 - leftToOthers)) / budget.processes);
    const later = Math.min(2, Math.floor(budget.sentBack / perWindow)) * windowMs + Math.random() * 2_000;
    waiting.fail(quotaUsedUp(untilMs + later));
  }

  return {
    take(storeHash, urgency) {
      const budget = budgetOf(storeHash);
      return new Promise<Turn>((start, fail) => {
        const timer = setTimeout(() => {
          remove(budget, waiting);
          fail(quotaUsedUp(500 + Math.random() * 1_000));
        }, waitMs);
        const waiting: Waiting = { urgency, start, fail, timer };
        budget.waiting.push(waiting);
        goOn(storeHash, budget);
      });
    },
  };
}

/** Of the plans Standard and Plus (bigcommerce.md 6.1). */
const smallestQuota = 150;
const windowMs = 30_000;

function remove(budget: StoreBudget, waiting: Waiting): void {
  clearTimeout(waiting.timer);
  budget.waiting = budget.waiting.filter((other) => other !== waiting);
}

/** Ours of those that all processes share. */
function parallelOf({ quota, processes }: StoreBudget): number {
  const all = Math.min(mostParallel, Math.max(fewestParallel, Math.floor((quota ?? 0) / quotaForOneMore)));
  return Math.max(1, Math.floor(all / processes));
}

/** Few leases for many requests, and little that a process keeps from the others without using it. */
const chunkOf = (quota: number | null, leftToOthers: number): number =>
  Math.min(25, Math.max(1, Math.floor(((quota ?? 0) * (1 - leftToOthers)) / 12)));

function seenNow({ seen, quota }: StoreBudget) {
  if (quota === null) return null;
  const left = seen?.requestsLeft ?? quota;
  return { quota, left, resetsInMs: seen ? seen.resetsAt.getTime() - Date.now() : 0 };
}

const quotaUsedUp = (waitMs: number) =>
  new AppError('Our part of the store’s request quota is used up; trying again by itself.', {
    kind: 'paused',
    code: 'bigcommerce_quota_used_up',
    retryAfterMs: Math.ceil(waitMs),
  });
