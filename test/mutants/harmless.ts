import type { Mistake } from './list.ts';

/** A mistake that changes nothing that anybody could notice, and why. */
export interface Harmless {
  readonly file: string;
  /** The line that it begins in. */
  readonly source: string;
  /** The text that is changed, and into what. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const inFile = (file: string, found: readonly Omit<Harmless, 'file'>[]): Harmless[] =>
  found.map((one) => ({ file, ...one }));

export const harmless: readonly Harmless[] = [
  ...inFile('src/planning/plan.ts', [
    {
      source:
        "const takenBack = new Set(decisions.flatMap((decision) => (decision.do === 'withdraw' ? [decision.n] : [])));",
      from: '[]',
      to: '["Stryker was here"]',
      why: 'The set is asked for numbers of shipments only.',
    },
    {
      source: "case 'gift_certificate':",
      from: "case 'gift_certificate':\n      return 'gift_certificate';",
      to: "case 'gift_certificate':",
      why: 'What comes to the end gives the kind of the line, which is the same word.',
    },
  ]),
  ...inFile('src/booking/service-rules.ts', [
    {
      source: "if (addon?.reaches === 'phone' && receiver.phone === null) {",
      from: 'addon?.reaches',
      to: 'addon.reaches',
      why: 'Each add-on that a service takes is known (test/unit/booking/service-rules.test.ts); others were refused before.',
    },
  ]),
  ...inFile('src/http/webhooks/read-body.ts', [
    {
      source: "req.on('error', () => resolve({ status: 400 }));",
      from: '() => resolve({ status: 400 })',
      to: '() => undefined',
      why: 'A request that fails is closed as well, which says the same.',
    },
    {
      source: "req.on('close', () => resolve({ status: 400 }));",
      from: '() => resolve({ status: 400 })',
      to: '() => undefined',
      why: 'A request whose sender hangs up fails as well, which says the same.',
    },
  ]),
  ...inFile('src/inbox/listen.ts', [
    {
      source: 'if (stopped) return;',
      from: 'stopped',
      to: 'false',
      why: 'Who stops it forgets its connection first, and only the one that is known is opened again.',
    },
    {
      source: 'if (client === fresh) again();',
      from: 'client === fresh',
      to: 'false',
      why: 'A connection that cannot be had ends as well, which says the same (tried in test/http/relay.test.ts).',
    },
  ]),
  ...inFile('src/planning/draft.ts', [
    {
      source: 'units.flatMap(({ lineId }) => order.lines.find((line) => line.lineId === lineId)?.name ?? []);',
      from: '[]',
      to: '["Stryker was here"]',
      why: 'Units of a line that the order no longer has are drafted to compare what the shop says of them, never to be booked.',
    },
  ]),
  ...inFile('src/tracking/delivery-status.ts', [
    {
      source: "const hasEnded = (status: DeliveryStatus): boolean => status === 'delivered' || status === 'returned';",
      from: "status === 'returned'",
      to: 'false',
      why: 'Nothing is further than "returned": beside a parcel under way that one counts, and without one it is returned.',
    },
    {
      source: "let reached: Reached = { status: 'unknown', at: -Infinity };",
      from: '-Infinity',
      to: '+Infinity',
      why: 'The time of what was reached counts among scans of one stage only, and "unknown" is alone in its stage.',
    },
    {
      source: 'if (seen.at !== reached.at) return seen.at > reached.at;',
      from: 'seen.at > reached.at',
      to: 'seen.at >= reached.at',
      why: 'Equal times do not come here.',
    },
    {
      source: 'return oftenLater.indexOf(seen.status) > oftenLater.indexOf(reached.status);',
      from: 'oftenLater.indexOf(seen.status) > oftenLater.indexOf(reached.status)',
      to: 'oftenLater.indexOf(seen.status) >= oftenLater.indexOf(reached.status)',
      why: 'Two statuses of one stage and the same rank are the same status.',
    },
    {
      source: 'return stage[a] === stage[b] ? oftenLater.indexOf(a) < oftenLater.indexOf(b) : stage[a] < stage[b];',
      from: 'oftenLater.indexOf(a) < oftenLater.indexOf(b)',
      to: 'oftenLater.indexOf(a) <= oftenLater.indexOf(b)',
      why: 'Two statuses of one stage and the same rank are the same status.',
    },
  ]),
];

export function isSame(known: Harmless, { file, source, from, to }: Mistake): boolean {
  return known.file === file && known.source === source && known.from === from && known.to === to;
}

export const isHarmless = (mistake: Mistake): boolean => harmless.some((known) => isSame(known, mistake));
