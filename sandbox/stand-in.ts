import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { SandboxClock } from './clock.ts';

/** What each stand-in is given. */
export interface StandInDeps {
  clock: SandboxClock;
  /** Where to keep state over a restart; undefined = in memory only. */
  stateDir: string | undefined;
  /** Where this stand-in is reached, e.g. http://127.0.0.1:4010; known once it listens. */
  baseUrl: () => string;
  log: (message: string) => void;
}

/** A running stand-in: its routes, and the way to stop its timers and write its state. */
export interface StandIn {
  app: Express;
  close(): Promise<void>;
}

/** Where a stand-in listens, and under which name others reach it. */
export interface Place {
  host: string;
  name: string;
}

const onThisMachine: Place = { host: '127.0.0.1', name: '127.0.0.1' };

/** Starts a stand-in on a port (0 = a free one), of the loopback interface unless told otherwise. */
export async function listen(
  create: (deps: StandInDeps) => StandIn,
  deps: Omit<StandInDeps, 'baseUrl'>,
  port: number,
  { host, name }: Place = onThisMachine,
): Promise<{ url: string; close(): Promise<void> }> {
  let url = '';
  const standIn = create({ ...deps, baseUrl: () => url });
  const server = createServer(standIn.app);
  // Longer than the clients' own keep-alive: a call must not die because we closed an idle connection under it.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  url = `http://${name}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await standIn.close();
    },
  };
}
