const magic = Buffer.from('%PDF-');

/** Whether bytes are a PDF by their beginning. Error pages come with HTTP 200 and any content type. */
export function isPdf(bytes: Uint8Array): boolean {
  return magic.equals(bytes.subarray(0, magic.length));
}

/** The PDF in a base64 text, or null where there is none. */
export function asPdf(base64: string | null): Uint8Array | null {
  if (base64 === null) return null;
  const bytes = Buffer.from(base64, 'base64');
  return isPdf(bytes) ? bytes : null;
}
