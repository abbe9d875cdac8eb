/**
 * Why these bytes are no random key: an example that was published, text, or a pattern. Null for what may be random. Of 32
 * random bytes about 30 differ; that fewer than 20 do, or that all are letters, happens to nobody.
 */
export function whyWeakKey(key: Uint8Array): string | null {
  const distinct = new Set(key).size;
  if (distinct === 1) return 'it is one byte again and again, as the example keys are';
  const steps = new Set(Array.from(key.subarray(1), (byte, i) => (byte - key[i]! + 256) % 256));
  if (steps.size === 1) return 'it counts';
  if (key.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'it is text';
  if (distinct < (key.length * 20) / 32) return 'it repeats itself';
  return null;
}
