import fc from 'fast-check';
import { test } from 'vitest';
import { carrierMoves } from './carrier-moves.ts';
import { openHouse } from './house.ts';
import type { Move } from './move.ts';
import { operatorMoves } from './operator-moves.ts';
import type { OrderInPlay } from './order-in-play.ts';
import { describeSetting, settings, type Setting } from './setting.ts';
import { shopMoves } from './shop-moves.ts';
import { Story } from './story.ts';
import { leadOut } from './way-out.ts';

/**
 * More, and other ones: MODEL_RUNS=500 MODEL_SEED=7 npx vitest run test/model
 * One of them again, as the report of a failure names it: MODEL_SEED=7 MODEL_PATH=12:3 …
 */
const numRuns = Number(process.env['MODEL_RUNS'] ?? 25);
const seed = Number(process.env['MODEL_SEED'] ?? 2_026);
const path = process.env['MODEL_PATH'];
const mostMoves = 12;

const house = await openHouse();

const moves = fc.commands<Story, OrderInPlay, false>([...shopMoves, ...carrierMoves, ...operatorMoves], {
  maxCommands: mostMoves,
  size: 'max',
});
/** Which of the commands that are offered lead the order out. */
const choices = fc.array(fc.nat(11), { minLength: 5, maxLength: 5 });

test(
  'whatever the order of webhooks, commands, answers and scans: only legal states, no unit twice, and always a way out',
  { timeout: 60_000 + numRuns * 20_000 },
  () =>
    fc.assert(
      fc.asyncProperty(settings, moves, choices, async (setting, played, chosen) => {
        const order = await house.order(setting);
        const story = new Story();
        try {
          await order.hint();
          await story.settle(order);
          await fc.asyncModelRun(() => ({ model: story, real: order }), played);
          await leadOut(order, story, chosen);
        } finally {
          await order.close();
        }
      }),
      { numRuns, seed, ...(path === undefined ? {} : { path }), includeErrorInReport: true, reporter: reportInWords },
    ),
);

/** The story in sentences, and what was wrong with it. */
function reportInWords(details: fc.RunDetails<[Setting, Iterable<Move & { hasRan?: boolean }>, number[]]>): void {
  if (!details.failed) return;
  const { counterexample, counterexamplePath, errorInstance } = details;
  const [setting, played, chosen] = counterexample ?? [];
  throw new Error(
    [
      `After ${details.numRuns} stories (MODEL_SEED=${details.seed} MODEL_PATH=${counterexamplePath}):`,
      setting ? describeSetting(setting) : '',
      ...[...(played ?? [])].filter(({ hasRan }) => hasRan).map((each) => `  - ${each.toString()}`),
      `choices ${String(chosen)}`,
      errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    ].join('\n'),
    { cause: errorInstance },
  );
}
