import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import { afterFile } from './after-file.ts';

export interface TestTemporal {
  /** host:port */
  address: string;
  namespace: string;
  client: Client;
  /** For workers. */
  nativeConnection: NativeConnection;
  /** A name that no other test has: for task queues and for workflow ids. */
  unique(name: string): string;
}

/** The run's Temporal dev server, with our search attributes. Call it in a `beforeAll`; closed after the file's last test. */
export async function testTemporal(): Promise<TestTemporal> {
  const address = inject('temporalAddress');
  const [connection, nativeConnection] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  afterFile(async () => {
    await connection.close();
    await nativeConnection.close();
  });
  return {
    address,
    namespace: 'default',
    client: new Client({ connection, namespace: 'default' }),
    nativeConnection,
    unique: (name) => `${name}-${randomBytes(6).toString('hex')}`,
  };
}
