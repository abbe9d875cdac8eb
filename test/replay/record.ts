/**
 * Records histories of order workflows into the corpus, one for each shape that is not there yet:
 *
 *   npm run replay:record -- --address 127.0.0.1:7233 [--prefix order/] [--name <workflow id>=<what it shows>]…
 *
 * Two histories have the same shape when the same steps, timers, signals and updates come in the same order; of those one
 * is enough. Nothing personal can be in a history (test/e2e proves it), so that they may be committed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { corpus, historiesFolder } from './corpus.ts';
import { shapeOf, wordsFor } from './shape.ts';

const { values } = parseArgs({
  options: {
    address: { type: 'string', default: '127.0.0.1:7233' },
    namespace: { type: 'string', default: 'default' },
    name: { type: 'string', multiple: true, default: [] },
    most: { type: 'string', default: '40' },
  },
});

const connection = await Connection.connect({ address: values.address });
const client = new Client({ connection, namespace: values.namespace });
const index = JSON.parse(readFileSync(`${historiesFolder}index.json`, 'utf8')) as Record<string, string>;
const known = new Set(corpus().map(({ history }) => shapeOf(history)));
const names = new Map(
  values.name.map((pair): [string, string] => {
    const [workflowId = '', ...words] = pair.split('=');
    return [workflowId, words.join('=')];
  }),
);

let added = 0;
for await (const { workflowId, runId } of client.workflow.list({
  query: `WorkflowType = 'order' AND ExecutionStatus = 'Completed'`,
})) {
  if (added >= Number(values.most)) break;
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const shape = shapeOf(history);
  if (known.has(shape)) continue;
  known.add(shape);
  const file = `${workflowId.replaceAll('/', '-')}-${runId.slice(0, 8)}.json`;
  writeFileSync(historiesFolder + file, JSON.stringify(historyToJSON(history)) + '\n');
  index[file] = names.get(workflowId) ?? wordsFor(history);
  added += 1;
}
writeFileSync(`${historiesFolder}index.json`, JSON.stringify(index, null, 2) + '\n');
await connection.close();
process.stdout.write(`${added} histories recorded into test/replay/histories/\n`);
