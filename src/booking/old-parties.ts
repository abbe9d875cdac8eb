import type { Party } from '../carriers/port.ts';
import { isMobile } from '../planning/phone.ts';

/** A party as it was kept before its mobile number and state were told apart. */
export type KeptParty = Omit<Party, 'mobile' | 'state'> & Partial<Pick<Party, 'mobile' | 'state'>>;

/** Plans are never rewritten, so that this is done where a kept one is booked. */
export const partyInTodaysForm = (kept: KeptParty): Party => ({
  ...kept,
  state: kept.state ?? null,
  mobile: kept.mobile === undefined && kept.phone !== null && isMobile(kept.phone) ? kept.phone : (kept.mobile ?? null),
});
