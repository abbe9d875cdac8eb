import { parseArgs } from 'node:util';
import { wholeNumber } from '../support/whole-number.ts';

export interface CarrierDownOptions {
  readonly orders: number;
  /** Orders a real second, for all of the outage. */
  readonly rate: number;
  /** How long Posti is down, in minutes of the fast clock: with `orders` and `rate` it says how fast that clock runs. */
  readonly minutes: number;
  /** Shops of the standard plan that the orders are spread over. */
  readonly stores: number;
  /** Decides which kinds of orders come in which order. */
  readonly seed: number;
  readonly stateDir: string | null;
  /** Seconds that everything may take after Posti is back. */
  readonly limitSeconds: number;
}

export const usage = `npm run carrier-down -- [--orders <n>] [--rate <orders a second>] [--minutes <of the fast clock>] [--stores <n>]
                        [--seed <n>] [--state-dir <folder>] [--limit <seconds>]

  Starts the whole system as processes, takes Posti down for as long as the orders take to come, kills both workers
  meanwhile, brings Posti back, and counts in the stand-ins' own books what became of it.
  The last line is one JSON object; exit code 0 says that every figure keeps its bound.`;

/** @throws Error for what makes no sense; its message is for the person who typed it */
export function parseCarrierDownOptions(argv: readonly string[]): CarrierDownOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      orders: { type: 'string', default: '1000' },
      rate: { type: 'string', default: '8' },
      minutes: { type: 'string', default: '30' },
      stores: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'state-dir': { type: 'string' },
      limit: { type: 'string' },
    },
  });
  const orders = wholeNumber('--orders', values.orders, 1);
  const rate = wholeNumber('--rate', values.rate, 1);
  const minutes = wholeNumber('--minutes', values.minutes, 1);
  return {
    orders,
    rate,
    minutes,
    // Five requests a second each (bigcommerce.md 6.1); an order takes about six, and a drain books faster than orders come.
    stores: values.stores === undefined ? 4 * rate : wholeNumber('--stores', values.stores, 1),
    seed: wholeNumber('--seed', values.seed, 0),
    stateDir: values['state-dir'] ?? null,
    limitSeconds: values.limit === undefined ? 600 + orders : wholeNumber('--limit', values.limit, 1),
  };
}

/** How many times faster than the wall the clocks run, so that the outage is as long as the orders take. */
export const speedOf = ({ orders, rate, minutes }: Pick<CarrierDownOptions, 'orders' | 'rate' | 'minutes'>): number =>
  Math.max(1, Math.round((minutes * 60 * rate) / orders));
