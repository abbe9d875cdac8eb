import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { resumeAll } from '../../activities/watchman.ts';
import { createBigCommerce } from '../bigcommerce/client.ts';
import { runCli } from '../cli/run.ts';
import { shown } from '../cli/shown.ts';
import type { CliContext } from '../cli/command.ts';
import { ConfigurationError, loadConfig } from '../config.ts';
import { envFileInWords, readEnvFile } from '../env-file.ts';
import { examineAll } from '../doctor/examine.ts';
import { createExchangeLog } from '../exchanges/log.ts';
import { createShopBudget } from '../stores/shop-budget.ts';
import { createHttpSender } from '../http-client/sender.ts';
import { defaultLeaseMs } from '../inbox/relay.ts';
import { createLog } from '../log.ts';
import { createSecretBox, loadOrCreateSecretKeys } from '../stores/secrets.ts';
import { createStores } from '../stores/connected-stores.ts';
import { createCarriers } from './carriers.ts';
import { openGround } from './ground.ts';
import { hostsOfProcess } from './our-stores.ts';
import { reachEngine } from './reached-engine.ts';
import { createReplay } from './replay.ts';
import { databaseTrouble } from './trouble.ts';

/** `npm run lahetti -- …`: opens what commands need, and closes it again. */
async function withContext(work: (context: CliContext) => Promise<void>): Promise<void> {
  const envFile = readEnvFile();
  // Not to standard output, which belongs to what the command says.
  if (envFile) err(`(${envFileInWords(envFile)})`);
  for (const doubt of envFile?.doubts ?? []) err(doubt);
  const given = loadConfig();
  // What a command says goes to standard output, what went wrong to standard error.
  const log = createLog({ level: 'error', name: 'lahetti', destination: process.stderr });
  // Who asks how the system is must not be told of a database that was started for the question.
  const startsDatabase = process.argv[2] !== 'health';
  const { pool, config, close } = await openGround(given, log, { startsDatabase });
  const exchanges = createExchangeLog({ pool, log });
  const sender = createHttpSender();
  const reached = reachEngine(config);
  try {
    const keys = await loadOrCreateSecretKeys({
      configured: config.secretKeys,
      stateDir: config.stateDir,
      production: config.production,
    });
    const stores = createStores({ pool, secretBox: createSecretBox(keys), ...hostsOfProcess(config) });
    const { engine } = reached;
    const { publicUrl } = config.http;
    const now = () => new Date();
    const { apiUrl } = config.bigcommerce;
    const api = createBigCommerce({
      ...{ baseUrl: apiUrl, sender, log: exchanges.sink, clock: { now } },
      budget: createShopBudget({ pool, leftToOthers: config.bigcommerce.quotaLeftToOthers, waitMs: 2_000 }),
    });
    const carriers = createCarriers({ config, stores, sender, log: exchanges.sink });
    const postiOf = (storeHash: string) => carriers.find(storeHash);
    const httpsOnly = apiUrl.startsWith('https:');
    await work({
      ...{ pool, stores, api, engine, publicUrl },
      examine: (what) =>
        examineAll(
          {
            ...{ pool, stores, api, postiOf, engine, sender, publicUrl, httpsOnly, now },
            postiAddresses: config.posti,
          },
          what,
        ),
      replay: createReplay(config),
      resume: () => resumeAll({ pool, log }),
      // A worker that was killed keeps what it had taken until its lease is over.
      patienceMs: defaultLeaseMs + 10_000,
      env: config.env,
      readStandardInput: () => text(process.stdin),
      readFile: (path) => readFile(path),
      standardOutput: process.stdout,
      who: `cli:${userInfo().username}`,
    });
  } finally {
    await reached.close();
    await sender.close();
    await exchanges.flush();
    await close();
  }
}

// Who reads the first line only (`| head -1`) has gone when we say the next: what was asked for is done all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const out = (line: string) => void process.stdout.write(`${line}\n`);
const err = (line: string) => void process.stderr.write(`${line}\n`);
/** Of an error that quotes what was configured, which may come from anywhere. */
const complain = (text: string) => text.split('\n').forEach((line) => err(shown(line)));
try {
  process.exitCode = await runCli({ argv: process.argv.slice(2), withContext, out, err });
} catch (error) {
  if (error instanceof ConfigurationError) {
    complain(error.message);
    process.exitCode = 78; // EX_CONFIG
  } else {
    const trouble = databaseTrouble('')(error);
    if (!trouble) throw error;
    complain(`${trouble.words} ${trouble.advice}`);
    process.exitCode = 1;
  }
}
