import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which nothing is said but what a test says. */
export interface RawSocket {
  readonly socket: Socket;
  write(text: string): void;
  /** All that came so far. */
  received(): string;
  /** Resolves with all that came, once the other side has ended the connection or broken it. */
  readonly ended: Promise<string>;
  destroy(): void;
}

export async function openSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  const received = () => Buffer.concat(chunks).toString('latin1');
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // Broken is ended too: which of the two depends on what was under way.
  socket.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(received())));
  await once(socket, 'connect');
  return {
    socket,
    write: (text) => void socket.write(text),
    received,
    ended,
    destroy: () => socket.destroy(),
  };
}

/** Says a text a character at a time, for as long as anybody listens. Gives a function that stops it. */
export function dribble({ socket, write }: RawSocket, text: string, everyMs: number): () => void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || socket.readableEnded) clearInterval(timer);
    else write(text[at++ % text.length]!);
  }, everyMs);
  return () => clearInterval(timer);
}
