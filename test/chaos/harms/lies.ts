/** What a stand-in does wrong to whoever asks next. */
export type Lie = FaultyAnswers | ScanThatGoesBack;

/** `of` names the stand-in, the rest are its faults (sandbox/faults.ts). */
export interface FaultyAnswers {
  readonly of: 'posti' | 'bigcommerce';
  readonly fault: Fault | readonly Fault[];
}

/** Some parcel that is on its way is said to be where it was long ago: an event code, recorded now, of half an hour ago. */
export interface ScanThatGoesBack {
  readonly scan: string;
}

type Fault = Readonly<Record<string, unknown>>;

const booking = { method: 'POST', path: '/shipping/order$' };
const record = { method: 'POST', path: '/shipments$' };
const look = { method: 'GET', path: '/v2/orders/\\d+' };

/** By name. Each meets a few requests and is over. */
export const lies: Readonly<Record<string, Lie>> = {
  'books and hangs up': { of: 'posti', fault: { ...booking, kind: 'hangup-after' } },
  'half a label': { of: 'posti', fault: { ...booking, kind: 'half-answer' } },
  'books and answers 500': { of: 'posti', fault: { ...booking, kind: 'status', status: 500, after: true, body: '' } },
  'books and answers HTML': { of: 'posti', fault: { ...booking, kind: 'html' } },
  'books and answers garbage': { of: 'posti', fault: { ...booking, kind: 'garbage' } },
  'hangs up before booking': { of: 'posti', fault: { ...booking, kind: 'hangup-before' } },
  '503 without a word': { of: 'posti', fault: { ...booking, kind: 'status', status: 503 } },
  '429 without headers': { of: 'posti', fault: { ...booking, kind: 'throttle', times: 3 } },
  'late booking': { of: 'posti', fault: { ...booking, kind: 'slow', ms: 4_000 } },
  'answers a booking twice': { of: 'posti', fault: { ...booking, kind: 'answer-twice', ms: 5 } },
  'a label only by a link that has expired': {
    of: 'posti',
    fault: [
      { ...booking, kind: 'without', names: ['data'] },
      {
        method: 'GET',
        path: '/pdfs/',
        kind: 'status',
        status: 404,
        body: { errorCode: 'NOT_FOUND', message: 'Not found' },
      },
    ],
  },
  'a label only by its link': { of: 'posti', fault: { ...booking, kind: 'without', names: ['data'] } },
  'tracking goes back to the start': { scan: 'VAS' },
  'tracking goes back on the road': { scan: 'KUL' },
  'tracking in HTML': { of: 'posti', fault: { path: '/tracking/', kind: 'html', times: 3 } },
  'tracking cut': { of: 'posti', fault: { path: '/tracking/', kind: 'half-answer', times: 3 } },
  'no token for a moment': { of: 'posti', fault: { path: '/auth', kind: 'status', status: 503, times: 2 } },
  'record kept, 500 answered': { of: 'bigcommerce', fault: { ...record, kind: 'status', status: 500, after: true } },
  'record kept, hung up': { of: 'bigcommerce', fault: { ...record, kind: 'hangup-after' } },
  'record kept, half answered': { of: 'bigcommerce', fault: { ...record, kind: 'half-answer' } },
  'answers for an order twice': { of: 'bigcommerce', fault: { ...look, kind: 'answer-twice', ms: 5, times: 3 } },
  'order in HTML': { of: 'bigcommerce', fault: { ...look, kind: 'html', times: 2 } },
  'order cut': { of: 'bigcommerce', fault: { ...look, kind: 'half-answer', times: 2 } },
  'order late': { of: 'bigcommerce', fault: { ...look, kind: 'slow', ms: 3_000, times: 2 } },
  'a storm of 429': { of: 'bigcommerce', fault: { kind: 'throttle', times: 12, path: '/stores/' } },
  'shop hangs up': { of: 'bigcommerce', fault: { kind: 'hangup-before', times: 4, path: '/stores/' } },
};
