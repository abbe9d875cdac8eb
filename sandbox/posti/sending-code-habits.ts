import { z } from 'zod';
import type { Books } from './books.ts';

const outcome = z.enum(['success', 'not found', 'no data']);
export type TestOutcome = z.infer<typeof outcome>;

/** What no source says of sending codes; varied by the tests (posti.md 2, 5.5, 14). */
export interface SendingCodeHabits {
  /** Clock hours until the data of a booking has come by EDI. */
  dataAfterHours: number;
  /** How a code is refused for want of that data. */
  refusalWithoutData: 'NOT_FOUND' | 'CLIENT_ERROR';
  /**
   * With the header `x-test-environment: true` nothing is looked up, and the last digit of the tracking number decides: a
   * code, no such shipment, or no data [V]. Which digit means what was not captured [U]: this table is made up.
   */
  testOutcomes: Record<string, TestOutcome>;
}

const usual: SendingCodeHabits = {
  dataAfterHours: 0,
  refusalWithoutData: 'NOT_FOUND',
  testOutcomes: { '8': 'not found', '9': 'no data' },
};

export const sendingCodesOf = ({ sendingCodes }: Books): SendingCodeHabits => sendingCodes ?? usual;

export const sendingCodeChange = z.strictObject({
  dataAfterHours: z.number().min(0).optional(),
  refusalWithoutData: z.enum(['NOT_FOUND', 'CLIENT_ERROR']).optional(),
  testOutcomes: z.record(z.string().regex(/^\d$/), outcome).optional(),
});

/** A digit that the table does not name gets a code. */
export const testOutcome = ({ testOutcomes }: SendingCodeHabits, trackingNumber: string): TestOutcome =>
  testOutcomes[trackingNumber.slice(-1)] ?? 'success';
