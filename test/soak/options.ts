import { parseArgs } from 'node:util';
import { wholeNumber } from '../support/whole-number.ts';

export interface SoakOptions {
  readonly minutes: number;
  /** Orders a second, all the time. */
  readonly rate: number;
  /** Shops of the standard plan that the usual orders are spread over. */
  readonly stores: number;
  readonly seed: number;
  readonly stateDir: string | null;
  /** Seconds that the last orders may take to come to their ends. */
  readonly settleSeconds: number;
}

/** The minute that the last one is compared with. */
export const comparedMinute = 5;

export const usage = `npm run soak -- [--minutes <n>] [--rate <orders a second>] [--stores <n>] [--seed <n>] [--state-dir <folder>]
                 [--settle <seconds>]

  Runs the whole system at a steady load, kills a worker every minute, and compares what its processes use in the last
  minute with what they used in minute ${comparedMinute}. The last line is one JSON object; exit code 0 says that nothing grew, and that
  every order is where it should be.`;

/** @throws Error for what makes no sense; its message is for the person who typed it */
export function parseSoakOptions(argv: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string', default: '20' },
      rate: { type: 'string', default: '3' },
      stores: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'state-dir': { type: 'string' },
      settle: { type: 'string', default: '600' },
    },
  });
  const rate = wholeNumber('--rate', values.rate, 1);
  return {
    rate,
    minutes: wholeNumber('--minutes', values.minutes, comparedMinute + 1),
    // Five requests a second each (bigcommerce.md 6.1); an order takes about six.
    stores: values.stores === undefined ? 4 * rate : wholeNumber('--stores', values.stores, 1),
    seed: wholeNumber('--seed', values.seed, 0),
    stateDir: values['state-dir'] ?? null,
    settleSeconds: wholeNumber('--settle', values.settle, 1),
  };
}
