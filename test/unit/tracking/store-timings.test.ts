import { expect, test } from 'vitest';
import { timingsAt } from '../../../src/temporal/timings.ts';
import { settingsSchema } from '../../../src/settings/settings.ts';
import { followTimings } from '../../../src/tracking/store-timings.ts';

const house = timingsAt(1);

test('a store that chose no timings follows its parcels by the general ones', () => {
  const { poll, silence } = house;
  expect(followTimings(settingsSchema.parse({}), house)).toEqual({ poll, silence });
});

test('a store that chose a timing keeps the general ones for all others', () => {
  const settings = settingsSchema.parse({
    tracking: { pollMinutes: { inTransit: 30 }, silenceDays: { beforeFirstScan: 1 } },
  });
  const chosen = followTimings(settings, house);
  expect(chosen.poll).toEqual({ ...house.poll, inTransit: 1_800_000 });
  expect(chosen.silence).toEqual({ ...house.silence, beforeFirstScan: 86_400_000 });
});
