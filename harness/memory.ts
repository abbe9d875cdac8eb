import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../src/embedded/free-port.ts';
import type { ProcessIdentity } from '../src/embedded/process-identity.ts';
import { demoFile, openStateDir } from '../src/embedded/state-dir.ts';

/** What has to be the same at the next start; kept in `<state dir>/demo.json`, closed to others. */
export interface DemoMemory {
  /** Hooks' destinations and links to labels name the ports. */
  readonly ports: { readonly api: number; readonly bigcommerce: number; readonly posti: number };
  /** What every secret of the demo starts with, so that a test can look for all of them. */
  readonly secret: string;
  /** Of the operator that reads our API. */
  apiToken: string | null;
  /** People, and with them orders, so far. */
  people: number;
  /** Orders that have not come to their end yet. */
  underWay: RememberedOrder[];
  /** The demo that runs, and its processes: what a kill left behind is ended by the next start. */
  processes: ProcessIdentity[];
}

export interface RememberedOrder {
  readonly storeHash: string;
  readonly orderId: number;
  readonly scenario: string;
  /** How much of what happens to it later has happened. */
  readonly happened: number;
}

export interface KeptMemory {
  readonly data: DemoMemory;
  /** Writes it down. */
  readonly keep: () => void;
}

export async function openMemory(stateDir: string): Promise<KeptMemory> {
  const file = join(openStateDir(stateDir), demoFile);
  const data = read(file) ?? (await fresh());
  const keep = () => {
    writeFileSync(`${file}.new`, JSON.stringify(data, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  keep();
  return { data, keep };
}

async function fresh(): Promise<DemoMemory> {
  const [api, bigcommerce, posti] = (await freePorts(3)) as [number, number, number];
  return {
    ports: { api, bigcommerce, posti },
    secret: `demosecret${randomBytes(16).toString('hex')}`,
    apiToken: null,
    people: 0,
    underWay: [],
    processes: [],
  };
}

function read(file: string): DemoMemory | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DemoMemory;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
