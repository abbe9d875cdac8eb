import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import pino from 'pino';
import { freePorts } from '../../../src/embedded/free-port.ts';
import { resolveTemporalCli } from '../../../src/embedded/temporal-cli.ts';
import { afterFile } from '../../support/after-file.ts';
import { eventually } from '../../support/wait.ts';

/**
 * A dev server of one's own that suggests to continue as new after so few events; the others do after 4,096. Gives its
 * address; ends after the file's last test.
 */
export async function impatientServer(events: number): Promise<string> {
  const { path } = await resolveTemporalCli({ env: process.env, log: pino({ level: 'silent' }) });
  const [port, http, metrics] = (await freePorts(3)) as [number, number, number];
  const flags = ['--headless', '--ip', '127.0.0.1', '--log-level', 'error', '--namespace', 'default'];
  const ports = ['--port', port, '--http-port', http, '--metrics-port', metrics].map(String);
  const setting = `limit.historyCount.suggestContinueAsNew=${events}`;
  const server = spawn(path, ['server', 'start-dev', ...flags, ...ports, '--dynamic-config-value', setting], {
    stdio: 'ignore',
  });
  afterFile(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  });

  const address = `127.0.0.1:${port}`;
  await eventually(
    async () => {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.close();
      return true;
    },
    { within: 30_000, every: 100 },
  );
  return address;
}
