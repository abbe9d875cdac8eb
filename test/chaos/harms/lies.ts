/** Harm that a stand-in does to whoever asks next: `of` names the stand-in, the rest is its fault (sandbox/faults.ts). */
export interface Lie {
  readonly of: 'posti' | 'bigcommerce';
  readonly fault: Readonly<Record<string, unknown>>;
}

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
  'tracking in HTML': { of: 'posti', fault: { path: '/tracking/', kind: 'html', times: 3 } },
  'tracking cut': { of: 'posti', fault: { path: '/tracking/', kind: 'half-answer', times: 3 } },
  'no token for a moment': { of: 'posti', fault: { path: '/auth', kind: 'status', status: 503, times: 2 } },
  'record kept, 500 answered': { of: 'bigcommerce', fault: { ...record, kind: 'status', status: 500, after: true } },
  'record kept, hung up': { of: 'bigcommerce', fault: { ...record, kind: 'hangup-after' } },
  'record kept, half answered': { of: 'bigcommerce', fault: { ...record, kind: 'half-answer' } },
  'order in HTML': { of: 'bigcommerce', fault: { ...look, kind: 'html', times: 2 } },
  'order cut': { of: 'bigcommerce', fault: { ...look, kind: 'half-answer', times: 2 } },
  'order late': { of: 'bigcommerce', fault: { ...look, kind: 'slow', ms: 3_000, times: 2 } },
  'a storm of 429': { of: 'bigcommerce', fault: { kind: 'throttle', times: 12, path: '/stores/' } },
  'shop hangs up': { of: 'bigcommerce', fault: { kind: 'hangup-before', times: 4, path: '/stores/' } },
};
