import { previewSettings, type SettingsPreview } from '../planning/settings-preview.ts';
import { parseSettings } from '../stores/connected-stores.ts';
import { usageError, wholeNumber, type Command } from './command.ts';
import { spaced } from './order-words.ts';
import { changeArguments, changed } from './settings.ts';

/** As `POST /api/v1/stores/{storeHash}/settings/preview` gives it. */
export const previewSettingsCommand: Command = {
  words: 'settings preview',
  summary: 'says what a change would alter in the orders of the last days; saves nothing',
  arguments: changeArguments,
  options: [{ flags: '--days <n>', description: 'of so many days; 30 where it is left out, 90 at most' }],
  async run(context, given) {
    const days = given.flags['days'] === undefined ? 30 : wholeNumber(given.flags['days'], '--days');
    if (days > 90) throw usageError('--days is 90 at most.');
    const { storeHash, next, version } = await changed(context, given);
    const { id } = await context.stores.get(storeHash);
    const { settings: before } = await context.stores.settings(storeHash);
    const after = parseSettings(storeHash, next);
    const preview = await previewSettings(context.pool, { storeId: id, before, after, now: new Date(), days });
    return { lines: inLines(preview, days), json: { version, ...preview } };
  },
};

function inLines(preview: SettingsPreview, days: number): string[] {
  const { orders, cut, before, after, differing, differences, notJudged } = preview;
  const outcomes = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof typeof before)[];
  return [
    `${orders} orders of the last ${days} days${cut ? ', the youngest' : ''}: ${differing.orders} would differ.`,
    ...outcomes
      .filter((outcome) => before[outcome] !== after[outcome])
      .map((outcome) => `  ${spaced(outcome)}: ${before[outcome]} → ${after[outcome]}`),
    ...differences
      .slice(0, 20)
      .map(
        ({ orderId, what, past }) =>
          `  order ${orderId}: ${what.join(', ')}${past ? ' (booked already: it stays)' : ''}`,
      ),
    ...(differences.length > 20 ? [`  … and more: all of them with --json.`] : []),
    ...(notJudged.orders > 0
      ? [`${notJudged.orders} orders cannot be judged: what it takes is not kept or was erased.`]
      : []),
  ];
}
