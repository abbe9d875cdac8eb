import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** Where a random choice begins: below it are the ports that well-known programs ask for by name. */
const lowest = 10_000;
/** IANA's dynamic ports (RFC 6335, section 6), which macOS and Windows hand out to connections. */
const lowestDynamic = 49_152;
const enough = 2_000;

/**
 * `count` different TCP ports of the loopback interface that nobody uses at this moment. They are not among those
 * that the system hands out to outgoing connections: whoever is to listen there starts seconds later, and on a
 * machine with many connections one of them would have taken the port by then.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  while (servers.length < count) servers.push(await openSomewhere());
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function openSomewhere(): Promise<Server> {
  const below = firstOfConnections();
  // Where nearly all ports are for connections there is nothing better than what the system gives.
  if (below < lowest + enough) return open(0);
  for (;;) {
    try {
      return await open(randomInt(lowest, below));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    }
  }
}

/** The first port that this system gives to outgoing connections. */
export function firstOfConnections(): number {
  try {
    const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    return Number.parseInt(range, 10);
  } catch {
    return lowestDynamic;
  }
}

/** Whether nobody listens at this port of the loopback interface. */
export async function isFree(port: number): Promise<boolean> {
  try {
    const server = await open(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

function open(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
