import { parseArgs } from 'node:util';
import { wholeNumber } from '../support/whole-number.ts';
import { harmKinds, type HarmKind } from './plan.ts';

export interface ChaosOptions {
  readonly orders: number;
  /** Decides orders, harms and their moments: the same seed makes the same plan. */
  readonly seed: number;
  /** The harms that are done; all where nothing is said. */
  readonly only: readonly HarmKind[];
  /** Orders a second while harm is done. */
  readonly rate: number;
  readonly stateDir: string | null;
  /** How many times faster than real our own waits are. */
  readonly speed: number;
  /** The same for looks at parcels: those that never move are looked at to the end, and would be all that a long run does. */
  readonly pollSpeed: number;
  /** Seconds that everything may take to settle after the last harm. */
  readonly settleSeconds: number;
  /** All orders are of one shop, which allows as many requests as a standard plan does (bigcommerce.md 6.1). */
  readonly oneStore: boolean;
  /** API and workers are run compiled; `npm run build` has to have been called. */
  readonly built: boolean;
  /** Print the plan and end. */
  readonly planOnly: boolean;
}

export const usage = `npm run chaos -- [--orders <n>] [--seed <n>] [--only <kind>,…] [--rate <orders a second>] [--state-dir <folder>]
                 [--speed <n>] [--poll-speed <n>] [--settle <seconds>] [--one-store] [--built] [--plan]

  Starts the whole system as processes, orders in its shops, and does harm meanwhile: ${harmKinds.join(', ')}.
  Then it waits until everything is settled and compares each order with its scenario, in the stand-ins' own books.
  With --one-store all orders are of one shop on a standard plan, and its limit of requests is what they wait for.
  The last line is one JSON object; exit code 0 says that nothing was lost, doubled or left behind.`;

/** @throws Error for what makes no sense; its message is for the person who typed it */
export function parseChaosOptions(argv: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      orders: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      rate: { type: 'string', default: '3' },
      'state-dir': { type: 'string' },
      speed: { type: 'string' },
      'poll-speed': { type: 'string' },
      settle: { type: 'string' },
      'one-store': { type: 'boolean', default: false },
      built: { type: 'boolean', default: false },
      plan: { type: 'boolean', default: false },
    },
  });
  const orders = wholeNumber('--orders', values.orders, 1);
  const speed = values.speed === undefined ? (orders > 100 ? 2_000 : 5_000) : wholeNumber('--speed', values.speed, 1);
  return {
    orders,
    seed: wholeNumber('--seed', values.seed, 0),
    only: values.only === undefined ? harmKinds : values.only.split(',').map(kind),
    rate: wholeNumber('--rate', values.rate, 1),
    stateDir: values['state-dir'] ?? null,
    speed,
    pollSpeed:
      values['poll-speed'] === undefined
        ? Math.min(speed, orders > 500 ? 60 : speed)
        : wholeNumber('--poll-speed', values['poll-speed'], 1),
    settleSeconds:
      values.settle === undefined
        ? 300 + Math.ceil(values['one-store'] ? 2 * orders : orders / 5)
        : wholeNumber('--settle', values.settle, 1),
    oneStore: values['one-store'],
    built: values.built,
    planOnly: values.plan,
  };
}

function kind(text: string): HarmKind {
  const known = harmKinds.find((each) => each === text.trim());
  if (known) return known;
  throw new Error(`--only knows ${harmKinds.join(', ')}, and not "${text}".`);
}
