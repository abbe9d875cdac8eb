/** The bytes of an object as they stand in the file, from its number to its `endobj`. */
export type RawObjects = (objectNumber: number) => Uint8Array | undefined;

const entryBytes = 20;

/**
 * Finds objects in a file without parsing them: two that are the same bytes need not be parsed twice. Reads files with one
 * plain cross-reference table (ISO 32000-1, 7.5.4), which is what printers of labels write; in all others it finds nothing.
 */
export function rawObjects(pdf: Uint8Array): RawObjects {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const tableAt = Number(
    /startxref\s+(\d{1,10})\s+%%EOF\s*$/.exec(bytes.toString('latin1', Math.max(0, bytes.length - 64)))?.[1] ??
      bytes.length,
  );
  const table = bytes.toString('latin1', tableAt);
  const [head, count] = /^xref\s+0 (\d{1,6})\s+(?=\d{10} \d{5} [fn])/.exec(table) ?? [];
  // An older table before this one, or another beside it, may know better where an object stands.
  if (head === undefined || /\/(Prev|XRefStm)\b/.test(table)) return () => undefined;

  const starts: (number | undefined)[] = [];
  for (let i = 0; i < Number(count); i++) {
    const entry = table.slice(head.length + i * entryBytes, head.length + (i + 1) * entryBytes);
    const start = /^(\d{10}) 00000 n\s\s$/.exec(entry)?.[1];
    starts.push(start === undefined ? undefined : Number(start));
  }
  const inOrder = starts.filter((start) => start !== undefined).sort((a, b) => a - b);

  return (objectNumber) => {
    const start = starts[objectNumber];
    if (start === undefined) return undefined;
    const end = inOrder[inOrder.indexOf(start) + 1] ?? tableAt;
    const isWhole = /endobj\s*$/.test(bytes.toString('latin1', Math.max(start, end - 16), end));
    return isWhole ? bytes.subarray(start, end) : undefined;
  };
}
