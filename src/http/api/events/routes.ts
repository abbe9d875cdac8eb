import type { Response } from 'express';
import { z } from 'zod';
import type { Change } from '../../../changes/changes.sql.ts';
import type { ChangeFeed, Onlooker } from '../../../changes/feed.ts';
import { ProblemError } from '../../problems.ts';
import { storeHash } from '../frame/fields.ts';
import { route, type Route } from '../frame/route.ts';

export interface EventDeps {
  readonly changes: ChangeFeed;
  readonly eventLimits?: Partial<EventLimits>;
}

export interface EventLimits {
  /** Streams of this process. */
  readonly streams: number;
  /** Bytes that wait for a reader before it is cut off. */
  readonly waitingBytes: number;
  /** Milliseconds that a reader may take to make room. */
  readonly roomMs: number;
  readonly heartbeatMs: number;
  /** Then it has to come again, with a token that is still valid. */
  readonly lifeMs: number;
}

const usual: EventLimits = {
  streams: 100,
  waitingBytes: 256 * 1024,
  roomMs: 10_000,
  heartbeatMs: 15_000,
  lifeMs: 15 * 60_000,
};

export function eventRoutes({ changes, eventLimits }: EventDeps): Route[] {
  const limits = { ...usual, ...eventLimits };
  return [
    route({
      ...{ method: 'get', path: '/events', id: 'streamEvents', tag: 'Events', role: 'viewer' },
      summary: 'What changes, as it happens: server-sent events',
      description:
        'Events `order`, `shipment`, `system`, `store`, `settings`; their data are ids and states, and what they mean is read where it stands. `Last-Event-ID` goes on after that event, without a gap. `missed` says that what came after it is not kept any more (three days): read lists anew. A stream ends after a quarter of an hour, and whoever reads too slowly is cut off: both come again with `Last-Event-ID`, as an EventSource does by itself.',
      query: z.object({ store: storeHash.optional() }),
      headers: z.object({ 'last-event-id': z.coerce.number().int().nonnegative().optional() }),
      head: false,
      answers: { 200: { description: 'The stream', media: 'text/event-stream' } },
      problems: { 503: '`too_many_streams`' },
      handle({ query, headers }) {
        if (changes.followers() >= limits.streams) throw tooMany;
        const after = headers['last-event-id'] ?? null;
        return Promise.resolve({ status: 200 as const, write: (res: Response) => stream(res, query.store, after) });
      },
    }),
  ];

  /** Returns at once: the stream lives as long as its reader. */
  function stream(res: Response, store: string | undefined, after: number | null): void {
    res.set('x-accel-buffering', 'no');
    res.flushHeaders();
    res.write('retry: 2000\n\n');

    const onlooker: Onlooker = {
      async take(events) {
        for (const event of events) if (isFor(event, store)) res.write(inWire(event));
        if (res.writableLength > limits.waitingBytes) await room(res, limits);
      },
      missed: (seq) => void res.write(`id: ${seq}\nevent: missed\ndata: {}\n\n`),
      over: () => void res.end(),
    };
    const follower = changes.follow(onlooker, after);
    const beat = setInterval(() => res.write(': still here\n\n'), limits.heartbeatMs);
    const life = setTimeout(() => follower.stop(), limits.lifeMs);
    res.once('close', () => {
      clearInterval(beat);
      clearTimeout(life);
      follower.stop();
    });
  }
}

/** A store's onlooker also wants to hear of Posti, which all stores share. */
const isFor = ({ storeHash: of }: Change, store: string | undefined): boolean =>
  store === undefined || of === null || of === store;

const inWire = ({ seq, at, kind, storeHash: of, data }: Change): string =>
  `id: ${seq}\nevent: ${kind}\ndata: ${JSON.stringify({ at: at.toISOString(), storeHash: of, ...data })}\n\n`;

/** Waits until what was written is with the reader. One that takes too long is cut off: it comes again where it was. */
function room(res: Response, { roomMs }: EventLimits): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => res.destroy(), roomMs);
    const done = () => {
      clearTimeout(timer);
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.once('drain', done).once('close', done);
  });
}

const tooMany = new ProblemError({
  ...{ status: 503, code: 'too_many_streams', retryAfterMs: 5_000 },
  detail: 'As many streams are open as one process serves.',
  advice: 'Close one, or come again in a moment.',
});
