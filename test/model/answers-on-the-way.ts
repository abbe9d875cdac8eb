import type { HttpAnswer, HttpRequest } from '../../src/http-sender/sender.ts';

/** What becomes of the next answer of Posti's to a booking, after it was booked there. */
export type NextAnswer = 'held' | 'with a link only' | 'with a link that is gone';

export interface HeldBooking {
  readonly n: number;
  /** Of whoever waits for it: he may have been ended meanwhile. */
  readonly runId: string;
  letGo(): void;
}

export interface OnTheWayDeps {
  /** What every booking of this order says of itself, and no other's. */
  readonly mark: string;
  /** The run that books a shipment. */
  readonly bookingIn: (n: number) => string;
  /** One that waits for an answer does nothing else meanwhile. */
  readonly onHeld: (isHeld: boolean) => void;
}

/**
 * The way between Posti's answers and us. An answer may lie on the way until the model lets it go, or come without the
 * label's bytes: then the link has to serve, which may fail a few times first.
 */
export class AnswersOnTheWay {
  readonly held: HeldBooking[] = [];
  readonly #next: NextAnswer[] = [];
  readonly #deps: OnTheWayDeps;
  #labelFails = 0;

  constructor(deps: OnTheWayDeps) {
    this.#deps = deps;
  }

  expect(answer: NextAnswer): void {
    this.#next.push(answer);
  }

  /** The link of a label answers with trouble for so many times. */
  failLabels(times: number): void {
    this.#labelFails = times;
  }

  /** Nothing more is in the way of any answer. */
  clear(): void {
    this.#next.length = 0;
    this.#labelFails = 0;
    this.letAllGo();
  }

  letAllGo(): void {
    for (const each of this.held.splice(0)) each.letGo();
  }

  readonly meddle = async (request: HttpRequest, answer: HttpAnswer): Promise<HttpAnswer> => {
    if (this.#labelFails > 0 && request.method === 'GET' && request.url.includes('/pdfs/')) {
      this.#labelFails -= 1;
      return { ...answer, status: 500, bytes: new Uint8Array(), text: () => '' };
    }
    const booked = new RegExp(`"${this.#deps.mark}(\\d+)-`).exec(request.body ?? '')?.[1];
    const next = booked === undefined ? undefined : this.#next.shift();
    if (next === undefined) return answer;
    if (next !== 'held') return withoutBytes(answer, next === 'with a link that is gone');
    const n = Number(booked);
    const runId = this.#deps.bookingIn(n);
    this.#deps.onHeld(true);
    await new Promise<void>((letGo) => this.held.push({ n, runId, letGo }));
    this.#deps.onHeld(false);
    return answer;
  };
}

/** The label's print without its PDF; its link may lead nowhere. */
function withoutBytes(answer: HttpAnswer, isGone: boolean): HttpAnswer {
  if (answer.status !== 200) return answer;
  const shipments = JSON.parse(answer.text()) as { prints?: { href?: string; data?: string }[] }[];
  for (const print of shipments.flatMap(({ prints }) => prints ?? [])) {
    delete print.data;
    if (isGone) print.href = `${print.href}-gone`;
  }
  const text = JSON.stringify(shipments);
  return { ...answer, bytes: Buffer.from(text), text: () => text };
}
