import type { IncomingMessage } from 'node:http';

/** The bytes as they came, or the status that refuses them. */
export type BodyRead = { readonly bytes: Buffer } | { readonly status: 400 | 413 | 415 };

/**
 * Reads at most `limit` bytes, of any content type, and never inflates (a small body could become a large one). Unlike
 * express.raw, which reads a body that it refuses to its end before it answers, this one stops at the first byte too many.
 */
export function readBody(req: IncomingMessage, limit: number): Promise<BodyRead> {
  if (Number(req.headers['content-length'] ?? 0) > limit) return Promise.resolve({ status: 413 });
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') return Promise.resolve({ status: 415 });

  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        chunks.length = 0;
        resolve({ status: 413 });
      } else chunks.push(chunk);
    });
    req.on('end', () => resolve({ bytes: Buffer.concat(chunks) }));
    // Hung up in the middle: nobody hears the answer, but somebody may wait for us.
    req.on('error', () => resolve({ status: 400 }));
    req.on('close', () => resolve({ status: 400 }));
  });
}
