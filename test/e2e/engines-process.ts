/**
 * A process that uses both engines of a state folder, for engines.test.ts. Says in lines of JSON what it found and what
 * becomes of it; SIGINT and SIGTERM let it stop, as our entry points do; a message `throw` ends it without a stop.
 */
import pg from 'pg';
import pino from 'pino';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.ts';
import { startEmbeddedTemporal } from '../../src/embedded/embedded-temporal.ts';

const stateDir = process.argv[2]!;
const log = pino({ level: 'silent' });
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const postgres = await startEmbeddedPostgres({ stateDir, log, restartEveryMs: 200 });
const temporal = await startEmbeddedTemporal({ stateDir, log, env: process.env, restartEveryMs: 200 });
say({ url: postgres.url, address: temporal.address, owned: [postgres.owned, temporal.owned] });

async function databaseAnswers(): Promise<boolean> {
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void (async () => {
      say({ signal, databaseAnswers: await databaseAnswers() });
      await temporal.stop();
      await postgres.stop();
      process.exit(0);
    })();
  });
}
process.stdin.on('data', () => {
  throw new Error('nobody catches this');
});
