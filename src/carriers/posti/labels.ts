import { AppError, isAppError } from '../../errors.ts';
import { toPostiError } from './errors.ts';
import { isPdf } from './pdf.ts';
import type { PostiResult } from './requests.ts';

/** A label is about 88 kB (posti.md 4.5); some dozens of parcels in one file still fit. */
export const maxLabelBytes = 20 * 1024 * 1024;

/**
 * The address of a label, if it is one that our token may be shown to.
 * @throws AppError `posti_label_link_refused` for another host or scheme: a link is only data of an answer
 */
export function checkLabelLink(link: string, labelHosts: readonly string[], scheme: string): string {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const trusted =
    url !== undefined &&
    url.protocol === scheme &&
    url.username === '' &&
    url.password === '' &&
    labelHosts.some((host) => host === url.host);
  if (trusted) return url.href;
  throw new AppError('The link to a label leads to a host that is not one of Posti’s.', {
    // The booking lives as long as its link: whoever adds the host meanwhile has the label.
    kind: 'retryable',
    ofThisRequest: true,
    code: 'posti_label_link_refused',
    advice:
      'If Posti has moved its labels, add the host to POSTI_LABEL_HOSTS, and connect the store again: an account remembers them.',
    words: url?.host ?? 'not an address',
  });
}

/**
 * The PDF in an answer. Links live for one hour (posti.md 2). An answer that is none tells of this one file: bookings go
 * on, and find out themselves whether Posti is in trouble. Only that too much is asked holds for all.
 * @throws AppError
 */
export function readLabel(result: PostiResult, now: Date): Uint8Array {
  if ('failure' in result) {
    if (result.failure.reason === 'too_large') throw tooLarge();
    throw ofThisFile(toPostiError('fetch label', result, now));
  }
  if (result.status === 404 || result.status === 410) {
    throw new AppError('Posti does not have the label any more.', {
      kind: 'refused',
      code: 'posti_label_gone',
      status: result.status,
      advice: 'A link to a label lives for one hour. Book the shipment again (change) to get a new one.',
    });
  }
  if (result.status === 200 && isPdf(result.bytes)) return result.bytes;
  const text = result.status === 200 ? 'not a PDF' : result.text;
  throw ofThisFile(toPostiError('fetch label', { ...result, text }, now));
}

function ofThisFile(error: AppError): AppError {
  const { message, kind, code, status, words, retryAfterMs } = error;
  if (kind === 'throttled') return error;
  return new AppError(message, {
    // A token that just booked is refused here where the link has ended, or is another contract's.
    kind: kind === 'credentials' ? 'retryable' : kind,
    code,
    ofThisRequest: true,
    ...(status === undefined ? {} : { status }),
    ...(words === undefined ? {} : { words }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: error,
  });
}

const tooLarge = () =>
  new AppError(`The file behind the link to a label is larger than ${maxLabelBytes / 1024 / 1024} MB.`, {
    kind: 'refused',
    code: 'posti_label_too_large',
    ofThisRequest: true,
  });

/** Whether a question was answered with "there is none". */
export const isNotFound = (error: unknown): boolean => isAppError(error) && error.kind === 'not_found';
