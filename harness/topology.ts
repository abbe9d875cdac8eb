import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig } from '../src/config.ts';
import { isFree } from '../src/embedded/free-port.ts';
import { identify } from '../src/embedded/process-identity.ts';
import { createToken, findToken } from '../src/auth/tokens.ts';
import { createLog } from '../src/log.ts';
import { openParts, type Parts } from '../src/main/parts.ts';
import { hostsOf } from '../src/stores/hosts.ts';
import type { Store } from '../src/stores/store.ts';
import { startProgram, type ChildProgram } from './child-process.ts';
import { setConnectedHosts } from './connected-hosts.sql.ts';
import { connectDemoStores, demoStoresWith, type DemoStore } from './demo-stores.ts';
import { endLeftovers } from './leftovers.ts';
import { openMemory, type KeptMemory } from './memory.ts';
import { createOurApi, type OurApi } from './our-api.ts';
import { expectDemoStores, expectOwnFolder } from './demo/own-folder.ts';
import { createPosti, type Posti } from './posti.ts';
import { createShop, type Shop } from './shop.ts';

export interface TopologyOptions {
  readonly stateDir: string;
  /** How many times faster than real the stand-ins' clock runs. */
  readonly speed: number;
  /** Of our own waits; half of `speed` where it is left out. */
  readonly ourSpeed?: number;
  readonly workers?: number;
  readonly sweepEverySeconds?: number;
  readonly watchmanEverySeconds?: number;
  /** False: the shops cannot reach us, no hook is registered, and the sweep alone finds orders. True where it is left out. */
  readonly publicAddress?: boolean;
  /** The shops allow as many requests as a standard plan (bigcommerce.md 6.1), and not any number, as a fast clock needs it. */
  readonly standardQuota?: boolean;
  /** The stand-ins' books last as long as their process: for runs so long that writing them down would take its time. */
  readonly standInsForget?: boolean;
  /** How many shops of the usual kind there are; two where it is left out. */
  readonly liveStores?: number;
  /** More environment for API and workers, e.g. HTTP timeouts, or databases and engines that run already. */
  readonly env?: Readonly<Record<string, string>>;
  /** What API and workers are run from; the sources where it is left out. */
  readonly programs?: { readonly api: string; readonly worker: string };
  /** What API and workers are told of the ways to others, given the plain one: a proxy between them, for one. */
  readonly detour?: (env: Env) => Promise<Env>;
  /** An embedded engine that a harness kills is the harness's to start again. */
  readonly enginesStayDown?: boolean;
  /** Hears, in plain words, what is being started. */
  readonly say?: (words: string) => void;
  /** Ends a start that is under way, between its steps. */
  readonly stopAsked?: AbortSignal;
  /** A program ended that nobody had asked to. */
  readonly onUnexpectedEnd?: (name: string) => void;
}

/** The whole system as processes of its own: both engines, the stand-ins, the API, and workers. */
export interface Topology {
  readonly memory: KeptMemory;
  readonly parts: Parts;
  readonly shop: Shop;
  readonly posti: Posti;
  readonly api: OurApi;
  readonly stores: readonly Store[];
  /** The same, as the demo knows them. */
  readonly demoStores: readonly DemoStore[];
  readonly urls: {
    readonly api: string;
    readonly bigcommerce: string;
    readonly posti: string;
    readonly temporalUi: string | null;
  };
  readonly logFolder: string;
  /** For LAHETTI_ENV_FILE: with it a command is about this system. */
  readonly envFile: string;
  /** By position. A worker that was killed or stopped stays in its place until it is started again. */
  readonly workers: readonly ChildProgram[];
  /** Of the process that runs now, or ran last. */
  apiPid(): number;
  killWorker(position: number): Promise<void>;
  /** As an administrator does: SIGTERM, and the end of what is under way. */
  stopWorker(position: number): Promise<void>;
  startWorker(position: number): Promise<void>;
  stopApi(): Promise<void>;
  killApi(): Promise<void>;
  startApi(): Promise<void>;
  /** Ends everything, in the order in which nothing is lost. May be called again. */
  stop(): Promise<void>;
}

/** @throws Error when one of the programs does not come up; those that did are stopped then */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const { stateDir, speed, workers: workerCount = 1, say = () => {}, programs = sources } = options;
  expectOwnFolder(stateDir);
  const memory = await openMemory(stateDir);
  await endLeftovers(memory);
  const { ports, secret } = memory.data;
  const urls = {
    api: `http://127.0.0.1:${ports.api}`,
    bigcommerce: `http://127.0.0.1:${ports.bigcommerce}`,
    posti: `http://127.0.0.1:${ports.posti}`,
  };
  await expectFree(Object.values(ports));
  const logFolder = join(stateDir, 'logs');
  const started: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const givenUp = new AbortController();
  const beingStarted = new Set<Promise<unknown>>();
  const stop = () => {
    givenUp.abort();
    return (stopping ??= inReverse(started));
  };

  const launch = async (name: string, script: string, env: Env, isReady: (line: string) => boolean) => {
    // Somebody may start one again, after a kill, in the moment in which everything is stopped: it would be left behind.
    givenUp.signal.throwIfAborted();
    const logFile = join(logFolder, `${name}.log`);
    const starting = startProgram({
      ...{ name, script, env, logFile, isReady },
      ...{ onPid: remember, givenUp: givenUp.signal },
    });
    beingStarted.add(starting);
    const program = await starting.finally(() => beingStarted.delete(starting));
    void program.ended.then(() => {
      if (!stopping && !expected.has(program.pid)) options.onUnexpectedEnd?.(name);
    });
    return program;
  };
  const expected = new Set<number>();
  const remember = (pid: number) => {
    const identity = identify(pid);
    if (identity) memory.data.processes.push(identity);
    memory.keep();
  };

  try {
    const env = environment(options, urls);
    say('Starting PostgreSQL and Temporal …');
    const hear = { write: (line: string) => stopping || say(`  ${(JSON.parse(line) as { msg: string }).msg}`) };
    const log = createLog({ level: 'info', destination: hear });
    const parts = await openParts(loadConfig(env), log, undefined, {
      restartEveryMs: options.enginesStayDown ? null : undefined,
    });
    started.push(() => parts.close());
    await expectDemoStores(parts.pool, stateDir, new URL(urls.bigcommerce).origin);
    await parts.temporal.prepare();
    options.stopAsked?.throwIfAborted();

    say('Starting a BigCommerce and a Posti to play with …');
    const kept = options.standInsForget ? undefined : join(stateDir, 'sandbox');
    const sandbox = await launch('stand-ins', 'sandbox/main.ts', sandboxEnvironment(ports, speed, kept), (line) =>
      line.includes('"ready":true'),
    );
    started.push(() => sandbox.stop());
    const shop = createShop(urls.bigcommerce, { standardQuota: options.standardQuota ?? false });
    const posti = createPosti(urls.posti);
    // Deliveries that nobody takes are tried again on the fast clock, and given up within seconds.
    await shop.pauseWebhooks(true);
    const publicUrl = options.publicAddress === false ? null : urls.api;
    const demoStores = demoStoresWith(options.liveStores ?? 2);
    const stores = await connectDemoStores({ shop, posti, parts, publicUrl, memory: memory.data, demoStores });

    options.stopAsked?.throwIfAborted();

    const { detour = (plain: Env) => Promise.resolve(plain) } = options;
    const children = await detour({
      ...env,
      DATABASE_URL: parts.databaseUrl,
      TEMPORAL_ADDRESS: parts.temporal.address,
    });
    if (options.detour) await setConnectedHosts(parts.pool, hostsOf(loadConfig(children)));
    let apiProgram: ChildProgram | undefined;
    const workers: ChildProgram[] = [];
    const startApi = async () => {
      apiProgram = await launch('api', programs.api, children, (line) => line.includes('the API listens'));
      await shop.pauseWebhooks(false);
    };
    const startWorker = async (position: number) => {
      const name = `worker-${position + 1}`;
      workers[position] = await launch(name, programs.worker, children, (line) =>
        line.includes('the worker carries orders'),
      );
    };
    const endProgram = async (program: ChildProgram | undefined, how: 'stop' | 'kill') => {
      if (!program) return;
      expected.add(program.pid);
      await program[how]();
    };
    const stopApi = async () => {
      await shop.pauseWebhooks(true).catch(() => undefined);
      await endProgram(apiProgram, 'stop');
    };
    started.push(async () => {
      await stopApi();
      await Promise.all(workers.map((worker) => endProgram(worker, 'stop')));
    });

    say(workerCount === 1 ? 'Starting the API and a worker …' : `Starting the API and ${workerCount} workers …`);
    const coming = await Promise.allSettled([
      startApi(),
      ...Array.from({ length: workerCount }, (_, position) => startWorker(position)),
    ]);
    const failed = coming.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;

    const envFile = writeEnvFile(stateDir, env);
    const apiToken = await tokenFor(memory, parts);
    return {
      memory,
      parts,
      shop,
      posti,
      stores,
      demoStores,
      logFolder,
      envFile,
      workers,
      apiPid: () => apiProgram!.pid,
      urls: { ...urls, temporalUi: parts.temporal.uiUrl },
      api: createOurApi(urls.api, apiToken),
      killWorker: (position) => endProgram(workers[position], 'kill'),
      stopWorker: (position) => endProgram(workers[position], 'stop'),
      startWorker,
      stopApi,
      killApi: () => endProgram(apiProgram, 'kill'),
      startApi,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }

  async function inReverse(steps: readonly (() => Promise<void>)[]): Promise<void> {
    await Promise.allSettled(beingStarted);
    for (const step of steps.toReversed()) await step();
    memory.data.processes = [];
    memory.keep();
  }

  function environment(given: TopologyOptions, { api, bigcommerce, posti }: Record<string, string>): Env {
    return {
      ...inherited(),
      NODE_ENV: 'development',
      LAHETTI_STATE_DIR: stateDir,
      HTTP_PORT: String(ports.api),
      ...(given.publicAddress === false ? {} : { PUBLIC_URL: api }),
      BIGCOMMERCE_API_URL: bigcommerce,
      POSTI_AUTH_URL: `${posti}/auth`,
      POSTI_GATEWAY_URL: posti,
      POSTI_TRACKING_URL: `${posti}/tracking/7`,
      POSTI_TRACKING_AUTH_URL: `${posti}/oauth/token`,
      POSTI_LABEL_HOSTS: `127.0.0.1:${ports.posti}`,
      LAHETTI_SPEED: String(given.ourSpeed ?? Math.max(1, Math.round(speed / 2))),
      LAHETTI_SWEEP_EVERY_SECONDS: String(given.sweepEverySeconds ?? 15),
      // Whoever checks the demo looks at every order many times a second.
      LAHETTI_API_PER_MINUTE: '0',
      LAHETTI_API_PER_MINUTE_AND_ADDRESS: '0',
      LAHETTI_WATCHMAN_EVERY_SECONDS: String(given.watchmanEverySeconds ?? 10),
      ...given.env,
    };
  }

  async function tokenFor({ data, keep }: KeptMemory, { pool }: Parts): Promise<string> {
    if (data.apiToken === null || !(await findToken(pool, data.apiToken))) {
      data.apiToken = (await createToken(pool, `demo ${secret.slice(-8)} ${Date.now()}`, 'operator')).token;
      keep();
    }
    return data.apiToken;
  }
}

/**
 * What a command needs to know to be about the demo: where its state is, and that its hosts are stand-ins. Without them its
 * stores would be refused.
 */
function writeEnvFile(stateDir: string, env: Env): string {
  const path = join(stateDir, 'env');
  const values = { ...env, LAHETTI_STATE_DIR: resolve(stateDir) };
  const lines = Object.entries(values)
    .filter(([name, value]) => isOurs(name) && value !== undefined)
    .map(([name, value]) => `${name}="${value}"\n`);
  writeFileSync(path, `# Written by the demo at each start, to run commands beside it.\n${lines.join('')}`, {
    mode: 0o600,
  });
  return path;
}

/** Hooks and links name the ports of the first start, so that they stay. @throws Error for one that somebody else has now */
async function expectFree(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if (await isFree(port)) continue;
    throw new Error(
      `Port ${port}, which the demo had at its last start, is in use by another program. End that, or give the demo another --state-dir.`,
    );
  }
}

const sources = { api: 'src/main/api.ts', worker: 'src/main/worker.ts' };

export type Env = Record<string, string | undefined>;

/** What a person has set for the real system is not for the demo, which must never reach a real shop. */
function inherited(): Env {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name) && !isOfNode(name)));
}

const isOurs = (name: string): boolean =>
  /^(LAHETTI_|TEMPORAL_(?!CLI$)|POSTI_|BIGCOMMERCE_|SANDBOX_|DATABASE_|HTTP_(HOST|PORT)$|PUBLIC_URL$)/.test(name);

const isOfNode = (name: string): boolean => /^(NODE_OPTIONS$|VITEST)/.test(name);

const sandboxEnvironment = (ports: KeptMemory['data']['ports'], speed: number, kept: string | undefined): Env => ({
  ...inherited(),
  SANDBOX_BIGCOMMERCE_PORT: String(ports.bigcommerce),
  SANDBOX_POSTI_PORT: String(ports.posti),
  SANDBOX_STATE_DIR: kept,
  SANDBOX_SPEED: String(speed),
});
