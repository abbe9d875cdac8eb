import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Reads one header, by its name in lower case. */
export type ReadHeader = (name: string) => string | undefined;

/** The header that our hooks are made with (src/stores/hooks.ts). */
export const secretHeader = 'x-lahetti-secret';

/** How far a signature's time may be from ours, in either direction (bigcommerce.md 4.4). */
const toleranceMs = 5 * 60_000;

/**
 * Whether the hook's own header carries one of the secrets. Takes the same time for a right one, a wrong one and none,
 * so that a store that we do not know can be asked about with secrets that nobody has.
 */
export function carriesSecret(header: ReadHeader, secrets: readonly string[]): boolean {
  const given = digest(header(secretHeader) ?? '');
  let found = false;
  for (const secret of secrets) {
    // Not `||`: it would stop comparing at the first that fits. An empty secret is no secret.
    const same = timingSafeEqual(given, digest(secret)) && secret !== '';
    found = same || found;
  }
  return found;
}

export type SignatureFinding = 'valid' | 'absent' | 'wrong' | 'stale' | 'malformed';

/**
 * Checks a Standard Webhooks signature over the bytes as they came: HMAC-SHA256 of `id.timestamp.body`, keyed with the
 * raw bytes of the app's client secret; any of several `v1,` entries may fit (bigcommerce.md 4.4).
 */
export function signatureOf(header: ReadHeader, body: Buffer, key: string, now: number): SignatureFinding {
  const signatures = header('webhook-signature');
  if (signatures === undefined) return 'absent';
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  if (!id || !timestamp || !/^\d{1,12}$/.test(timestamp)) return 'malformed';

  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  const fits = signatures
    .split(' ')
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => Buffer.from(entry.slice('v1,'.length), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
  if (!fits) return 'wrong';
  return Math.abs(now - Number(timestamp) * 1000) > toleranceMs ? 'stale' : 'valid';
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
