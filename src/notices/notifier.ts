import { forgetChanges } from '../changes/changes.sql.ts';
import type { Pool } from '../db/pool.ts';
import { SendFailure } from '../http-client/send-failure.ts';
import type { HttpSender } from '../http-client/sender.ts';
import type { Logger } from '../log.ts';
import { forgetRuns } from '../stores/runs.sql.ts';
import {
  forgetNotices,
  noteWhatIsNew,
  noticeDelivered,
  noticeFailed,
  takeNotice,
  type WaitingNotice,
} from './notices.sql.ts';
import { sign } from './signature.ts';

export interface NotifierDeps {
  readonly pool: Pool;
  readonly sender: Pick<HttpSender, 'send'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Who is told besides the log; null: nobody. */
  readonly receiver: NoticeReceiver | null;
  /** Everything here is this much faster in a demo or test; 1 otherwise. */
  readonly speed: number;
}

export interface NoticeReceiver {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
}

/**
 * Says when an account is paused or closed, when it works again, and when a store has a new reason for attention: in the
 * log, and to a receiver. Every process may run one: what is said is a row, written by one of them and kept until it was
 * delivered, so that a process that dies says it neither twice nor never.
 */
export interface Notifier {
  start(): void;
  stop(): Promise<void>;
}

const lookEveryMs = 5_000;
/** A look reads everything that needs a person: however fast the clock, the database has other things to do. */
const lookNoOftenerMs = 1_000;
const pauseWorthTellingMs = 60_000;
/** Longer than the sender's total timeout. */
const leaseMs = 60_000;
const firstWaitMs = 5_000;
const longestWaitMs = 3_600_000;
/** About a day. */
const mostTries = 32;
const hourMs = 3_600_000;
const keptDays = { changes: 3, notices: 90, runs: 90 };

export function createNotifier({ pool, sender, log, receiver, speed }: NotifierDeps): Notifier {
  const faster = (ms: number) => Math.max(20, ms / speed);
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let stopping = new AbortController();
  let looking: Promise<void> | undefined;
  let failing = false;
  let tidiedAt = 0;

  async function look(): Promise<void> {
    try {
      const deliver = receiver !== null;
      const said = await noteWhatIsNew(pool, { pauseWorthTellingMs: faster(pauseWorthTellingMs), deliver });
      for (const { kind, data, words } of said) {
        log[kind === 'account.resumed' ? 'info' : 'warn']({ notice: kind, ...data }, words);
      }
      if (receiver) await deliverAll(receiver);
      await tidy();
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err }, 'notices wait: how things stand could not be read');
      failing = true;
    }
  }

  async function deliverAll(to: NoticeReceiver): Promise<void> {
    for (;;) {
      const notice = running ? await takeNotice(pool, leaseMs) : undefined;
      if (!notice) return;
      const failure = await post(to, notice);
      if (failure === null) {
        await noticeDelivered(pool, notice.id);
        continue;
      }
      const againInMs =
        notice.tries >= mostTries ? null : faster(Math.min(longestWaitMs, firstWaitMs * 2 ** (notice.tries - 1)));
      await noticeFailed(pool, notice.id, failure, againInMs);
      if (notice.tries === 1 || againInMs === null) {
        log.warn({ notice: notice.kind, failure, givenUp: againInMs === null }, 'a notice could not be delivered');
      }
    }
  }

  /** Null where it was taken. */
  async function post({ url, secret }: NoticeReceiver, notice: WaitingNotice): Promise<string | null> {
    const id = `msg_${notice.messageId.replaceAll('-', '')}`;
    const body = JSON.stringify({ type: notice.kind, timestamp: notice.at.toISOString(), data: notice.body });
    const headers = { 'content-type': 'application/json', ...sign(secret, { id, body }, new Date()) };
    try {
      const { status } = await sender.send({
        method: 'POST',
        url,
        headers,
        body,
        maxBytes: 64 * 1024,
        signal: stopping.signal,
      });
      return status >= 200 && status < 300 ? null : `http_${status}`;
    } catch (error) {
      return error instanceof SendFailure ? error.reason : 'not_sent';
    }
  }

  async function tidy(): Promise<void> {
    if (Date.now() - tidiedAt < hourMs) return;
    tidiedAt = Date.now();
    await forgetChanges(pool, keptDays.changes * 24 * hourMs);
    await forgetNotices(pool, keptDays.notices * 24 * hourMs);
    await forgetRuns(pool, keptDays.runs * 24 * hourMs);
  }

  function again(): void {
    looking = look().finally(() => {
      if (running) timer = setTimeout(again, Math.max(lookNoOftenerMs, lookEveryMs / speed));
    });
  }

  return {
    start() {
      if (running) return;
      running = true;
      stopping = new AbortController();
      again();
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      stopping.abort();
      await looking;
    },
  };
}
