import { parseArgs } from 'node:util';
import { defaultDemoFolder } from './own-folder.ts';

export interface DemoOptions {
  /** How many orders to place; null: one now and then, until Ctrl-C. */
  readonly orders: number | null;
  /** End when all orders of this run, and those that an earlier one left under way, have ended. */
  readonly exit: boolean;
  /** Decides in which order the scenarios come. */
  readonly seed: number;
  /** Everything that is kept between two starts. */
  readonly stateDir: string;
  /** How many times faster than real the parcels travel; our own waits run half as fast. */
  readonly speed: number;
  /** Seconds between two orders where `orders` is null. */
  readonly everySeconds: number;
  readonly workers: number;
  /** Seconds after which a run that does not end is given up. */
  readonly limitSeconds: number;
}

export const usage = `npm run demo -- [--orders <n> [--exit]] [--seed <n>] [--state-dir <folder>] [--speed <n>] [--every <seconds>]
                [--workers <n>] [--limit <seconds>]

  Runs the whole system on this machine: databases, Temporal, a BigCommerce and a Posti that are stand-ins, API and worker.
  Without --orders an order is placed now and then, until Ctrl-C. With --exit it ends once all have come to their ends;
  exit code 0 says that each did as it should, and the last line is one JSON object that counts.
  Its state is kept in ${defaultDemoFolder}, or in the folder that --state-dir or LAHETTI_STATE_DIR names. No file .env is read.`;

/**
 * @param env LAHETTI_STATE_DIR names the folder, unless --state-dir does; nothing else of a system of one's own counts here
 * @throws Error for what makes no sense; its message is for the person who typed it
 */
export function parseDemoOptions(argv: readonly string[], env: Readonly<NodeJS.ProcessEnv> = process.env): DemoOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      orders: { type: 'string' },
      exit: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      'state-dir': { type: 'string' },
      speed: { type: 'string', default: '20000' },
      every: { type: 'string', default: '5' },
      workers: { type: 'string', default: '1' },
      limit: { type: 'string' },
    },
  });
  const orders = values.orders === undefined ? null : whole('--orders', values.orders, 0);
  if (values.exit && orders === null) throw new Error('--exit needs --orders.');
  return {
    orders,
    exit: values.exit,
    seed: whole('--seed', values.seed, 0),
    stateDir: values['state-dir'] ?? (env['LAHETTI_STATE_DIR'] || defaultDemoFolder),
    speed: whole('--speed', values.speed, 1),
    everySeconds: whole('--every', values.every, 1),
    workers: whole('--workers', values.workers, 1),
    limitSeconds: values.limit === undefined ? 120 + 4 * (orders ?? 0) : whole('--limit', values.limit, 1),
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} has to be a whole number from ${least}, not "${text}".`);
}
