/**
 * Records histories of order workflows into the corpus, those first that show the most that is not in it yet:
 *
 *   npm run replay:record                               runs a demo of 60 orders, and records those
 *   npm run replay:record -- --anew                     the same; what was recorded before is thrown away
 *   npm run replay:record -- --state-dir .lahetti-demo       what a demo or a server left in this folder
 *   npm run replay:record -- --address 127.0.0.1:7233   of an engine that runs
 *
 * Nothing personal is in a history (test/e2e/canaries.test.ts and replay.test.ts look), so that they may be committed.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import pino from 'pino';
import { startEmbeddedTemporal } from '../../src/embedded/embedded-temporal.ts';
import { corpus, historiesFolder, type History } from './corpus.ts';
import { mostTelling, wordsFor } from './shape.ts';
import { withoutHost } from './without-host.ts';

const { values } = parseArgs({
  options: {
    address: { type: 'string' },
    namespace: { type: 'string', default: 'default' },
    'state-dir': { type: 'string' },
    anew: { type: 'boolean', default: false },
    most: { type: 'string', default: '12' },
  },
});

if (values.anew) {
  for (const name of readdirSync(historiesFolder)) rmSync(historiesFolder + name);
  writeFileSync(`${historiesFolder}index.json`, '{}\n');
}
const added = values.address ? await record(values.address) : await recordStateDir(values['state-dir']);
process.stdout.write(`${added} histories recorded into test/replay/histories/\n`);

async function recordStateDir(given: string | undefined): Promise<number> {
  const stateDir = given ?? mkdtempSync(join(tmpdir(), 'lahetti-record-'));
  if (given === undefined) runDemo(stateDir);
  const engine = await startEmbeddedTemporal({ stateDir, env: process.env, log: pino({ level: 'warn' }) });
  try {
    return await record(engine.address);
  } finally {
    await engine.stop();
    if (given === undefined) rmSync(stateDir, { recursive: true, force: true });
  }
}

function runDemo(stateDir: string): void {
  const demo = fileURLToPath(new URL('../../src/main/demo.ts', import.meta.url));
  const options = ['--orders', '60', '--exit', '--seed', '7', '--state-dir', stateDir];
  execFileSync(process.execPath, ['--import', 'tsx', demo, ...options], { stdio: 'inherit' });
}

async function record(address: string): Promise<number> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace: values.namespace });
  const found = new Map<string, History>();
  for await (const run of client.workflow.list({ query: `WorkflowType = 'order' AND ExecutionStatus != 'Running'` })) {
    const history = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    found.set(`${run.workflowId.replaceAll('/', '-')}-${run.runId.slice(0, 8)}.json`, history);
  }
  await connection.close();

  const index = JSON.parse(readFileSync(`${historiesFolder}index.json`, 'utf8')) as Record<string, string>;
  const known = corpus().map(({ history }) => history);
  const chosen = mostTelling(found, known, Number(values.most));
  for (const [file, history] of chosen) {
    writeFileSync(historiesFolder + file, withoutHost(historyToJSON(history)) + '\n');
    index[file] = wordsFor(history);
  }
  writeFileSync(`${historiesFolder}index.json`, JSON.stringify(index, null, 2) + '\n');
  return chosen.length;
}
