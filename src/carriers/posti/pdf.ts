const magic = Buffer.from('%PDF-');

/** Readers of PDF look for the header so far into a file, and accept what stands before it (PDF 1.7, appendix H, note 13). */
const headerWithin = 1024;

/**
 * Whether bytes are a PDF, by their header: error pages come with HTTP 200 and any content type. JSON or a page that quotes
 * a header is none.
 */
export function isPdf(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, headerWithin));
  return head.includes(magic) && !/^(?:\u00ef\u00bb\u00bf)?\s*[<{["]/.test(head.toString('latin1'));
}

/** The PDF in a base64 text, or null where there is none. */
export function asPdf(base64: string | null): Uint8Array | null {
  if (base64 === null) return null;
  const bytes = Buffer.from(base64, 'base64');
  return isPdf(bytes) ? bytes : null;
}
