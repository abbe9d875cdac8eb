import { SendFailure } from '../../src/http-client/send-failure.ts';
import type { HttpAnswer, HttpRequest } from '../../src/http-client/sender.ts';

/** What becomes of the next answer of Posti's to a booking, after it was booked there. */
export type NextAnswer = 'held' | 'with a link only' | 'with a link that is held' | 'with a link that is gone';

/** Who takes a step for a shipment. */
export interface Taker {
  readonly step: 'bookShipment' | 'keepLabel' | 'tellShop';
  readonly n: number;
  /** Whoever waits for it may have been ended meanwhile. */
  readonly runId: string;
}

export interface HeldOnTheWay extends Taker {
  letGo(how: 'arrives' | 'is lost'): void;
}

export interface OnTheWayDeps {
  /** What every booking of this order says of itself, and no other's. */
  readonly mark: string;
  /** Whose request this is, asked while it is made. */
  readonly taker: () => Taker;
  /** One that waits for an answer does nothing else meanwhile. */
  readonly onHeld: (isHeld: boolean) => void;
}

/**
 * The way between Posti's answers and us, and between our records and the shop. An answer may lie on the way until the
 * model lets it go or loses it, or come without the label's bytes: then the link has to serve, which may fail a few times
 * first. A record may lie on the way before the shop has it.
 */
export class OnTheWay {
  readonly held: HeldOnTheWay[] = [];
  readonly #next: NextAnswer[] = [];
  readonly #deps: OnTheWayDeps;
  #labelFails = 0;
  #labelsHeld = 0;
  #recordsHeld = 0;

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

  /** The next record lies on its way to the shop. */
  holdRecord(): void {
    this.#recordsHeld += 1;
  }

  /** Nothing more is in the way of anything. */
  clear(): void {
    this.#next.length = 0;
    this.#recordsHeld = 0;
    this.#labelFails = 0;
    this.#labelsHeld = 0;
    this.letAllGo('arrives');
  }

  letAllGo(how: 'arrives' | 'is lost'): void {
    for (const each of this.held.splice(0)) each.letGo(how);
  }

  readonly meddle = async (request: HttpRequest, answer: HttpAnswer): Promise<HttpAnswer> => {
    if (request.method === 'GET' && request.url.includes('/pdfs/')) return this.#label(answer);
    const isBooking = request.body?.includes(`"${this.#deps.mark}`) ?? false;
    const next = isBooking ? this.#next.shift() : undefined;
    if (next === undefined) return answer;
    if (next === 'with a link that is held') this.#labelsHeld += 1;
    if (next !== 'held') return withoutBytes(answer, next === 'with a link that is gone');
    if ((await this.#hold()) === 'arrives') return answer;
    throw new SendFailure('no_answer', 'reset', { status: null, durationMs: 1 });
  };

  readonly meddleBefore = async ({ method, url }: HttpRequest): Promise<void> => {
    if (method !== 'POST' || !url.endsWith('/shipments') || this.#recordsHeld === 0) return;
    this.#recordsHeld -= 1;
    if ((await this.#hold()) === 'is lost')
      throw new SendFailure('no_answer', 'reset', { status: null, durationMs: 1 });
  };

  async #label(answer: HttpAnswer): Promise<HttpAnswer> {
    const nothing = { ...answer, bytes: new Uint8Array(), text: () => '' };
    if (this.#labelsHeld > 0) {
      this.#labelsHeld -= 1;
      return (await this.#hold()) === 'arrives' ? answer : { ...nothing, status: 404 };
    }
    if (this.#labelFails === 0) return answer;
    this.#labelFails -= 1;
    return { ...nothing, status: 500 };
  }

  async #hold(): Promise<'arrives' | 'is lost'> {
    const taker = this.#deps.taker();
    this.#deps.onHeld(true);
    const how = await new Promise<'arrives' | 'is lost'>((letGo) => this.held.push({ ...taker, letGo }));
    this.#deps.onHeld(false);
    return how;
  }
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
