import fc from 'fast-check';
import { test } from 'vitest';
import { openHouse } from './house.ts';
import { describeSetting, settings, type Setting } from './setting.ts';
import { Story } from './story.ts';
import { plots, type Plot } from './themes.ts';
import { leadOut } from './way-out.ts';

/**
 * More, and other ones: MODEL_RUNS=500 MODEL_SEED=7 npx vitest run test/model
 * One of them again, as the report of a failure names it: MODEL_SEED=7 MODEL_PATH=12:3 …
 */
const numRuns = Number(process.env['MODEL_RUNS'] ?? 25);
const seed = Number(process.env['MODEL_SEED'] ?? 2_026);
const path = process.env['MODEL_PATH'];
/** 0: as it was found; it is made no smaller, which takes minutes. */
const endOnFailure = process.env['MODEL_SHRINK'] === '0';
const mostMoves = 14;

const house = await openHouse();

/** Which of the commands that are offered lead the order out. */
const choices = fc.array(fc.nat(11), { minLength: 5, maxLength: 5 });

test(
  'whatever the order of webhooks, commands, answers and scans: only legal states, no unit twice, and always a way out',
  { timeout: 60_000 + numRuns * 20_000 },
  () =>
    fc.assert(
      fc.asyncProperty(settings, plots(mostMoves), choices, async (setting, { first, moves }, chosen) => {
        const order = await house.order(setting);
        const story = new Story();
        try {
          for (const trouble of first) await trouble.run(story, order);
          await order.hint();
          await story.settle(order);
          await fc.asyncModelRun(() => ({ model: story, real: order }), moves);
          await leadOut(order, story, chosen);
        } finally {
          await order.close();
        }
      }),
      {
        numRuns,
        seed,
        endOnFailure,
        ...(path === undefined ? {} : { path }),
        includeErrorInReport: true,
        reporter: reportInWords,
      },
    ),
);

/** The story in sentences, and what was wrong with it. */
function reportInWords(details: fc.RunDetails<[Setting, Plot, number[]]>): void {
  if (!details.failed) return;
  const { counterexample, counterexamplePath, errorInstance } = details;
  const [setting, plot, chosen] = counterexample ?? [];
  throw new Error(
    [
      `After ${details.numRuns} stories (MODEL_SEED=${details.seed} MODEL_PATH=${counterexamplePath}):`,
      `${plot?.theme}: ${setting ? describeSetting(setting) : ''}`,
      ...(plot?.first ?? []).map((each) => `  - at first: ${each.toString()}`),
      ...[...(plot?.moves ?? [])].filter(({ hasRan }) => hasRan).map((each) => `  - ${each.toString()}`),
      `choices ${String(chosen)}`,
      errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    ].join('\n'),
    { cause: errorInstance },
  );
}
