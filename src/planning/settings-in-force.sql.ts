import type { Db } from '../db/pool.ts';
import { defaultSettings, settingsSchema, type Settings } from '../settings/settings.ts';

/** Settings from when they were saved until the next ones were. */
export interface SettingsPeriod {
  readonly from: Date;
  readonly settings: Settings;
}

/** The settings that a store had then and since, oldest first; the first period began before that. */
export async function settingsSince(db: Db, storeId: number, since: Date): Promise<SettingsPeriod[]> {
  const { rows } = await db.query<{ at: Date; settings: unknown }>(
    `select at, settings from lahetti.store_settings
      where store_id = $1 and version >= coalesce(
        (select max(version) from lahetti.store_settings where store_id = $1 and at <= $2), 0)
      order by version`,
    [storeId, since],
  );
  const saved = rows.map(({ at, settings }) => ({ from: at, settings: settingsSchema.parse(settings) }));
  const first = saved[0];
  return first && first.from <= since ? saved : [{ from: new Date(0), settings: defaultSettings() }, ...saved];
}

/** Those of the periods that were in force at some time between the two. */
export function inForce(periods: readonly SettingsPeriod[], from: Date, until: Date): Settings[] {
  return periods.flatMap(({ from: begin, settings }, i) => {
    const end = periods[i + 1]?.from;
    return begin <= until && (end === undefined || end > from) ? [settings] : [];
  });
}
