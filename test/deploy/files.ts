import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What the tests look at of a service; the schema says the rest. */
export interface Service {
  readonly image: string;
  readonly command?: string | readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { test: readonly string[] };
  readonly env_file?: readonly { readonly path: string; readonly required: boolean }[];
  readonly pull_policy?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly build?: { target: string };
  readonly deploy?: { resources: { limits: { cpus: string; memory: string; pids: number } } };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { file: string }>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const compose = parse(read('docker-compose.yml'), { merge: true }) as ComposeFile;
export const services = Object.entries(compose.services);
/** Those that run our image. */
export const ours = services.filter(([, { image }]) => image.startsWith('lahetti:'));

export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The Dockerfile's instructions by stage, continued lines joined. */
export function dockerfileStages(): Map<string, readonly Instruction[]> {
  const lines = read('Dockerfile')
    .replace(/^\s*#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages = new Map<string, Instruction[]>();
  let stage: Instruction[] = [];
  for (const line of lines) {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line)!;
    if (name === 'FROM') stages.set(rest!.split(/\s+AS\s+/)[1]!, (stage = []));
    stage.push({ name: name!, rest: rest! });
  }
  return stages;
}
