import { AppError } from '../errors.ts';
import type { LabelChecker } from '../labels/checker.ts';

/**
 * Looks at the label file that a command brings, before the command is kept: what could not be printed, or has no place on
 * a label, is refused with its reason.
 *
 * @param body of a command, checked
 * @throws AppError `invalid_request` (invalid) that names the field
 */
export async function checkUpload(checker: LabelChecker, body: unknown): Promise<void> {
  const file = uploadIn(body);
  if (file === null) return;
  const { doubts } = await checker.check(file);
  if (doubts.length === 0) return;
  const words = doubts.map(
    ({ code, words }) =>
      `labelPdfBase64: ${code}: this file can not be kept as a label, because ${words}. Print the label from OmaPosti Pro into a new PDF file, and give that.`,
  );
  throw new AppError(`The request is not valid: ${words.join(' ')}`, { kind: 'invalid', code: 'invalid_request' });
}

const uploadIn = (body: unknown): Uint8Array | null =>
  typeof body === 'object' && body !== null && 'labelPdfBase64' in body && body.labelPdfBase64 instanceof Uint8Array
    ? body.labelPdfBase64
    : null;
