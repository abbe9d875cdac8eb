import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** From the project's folder. */
export const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const composeFile = z.object({
  services: z.object({
    temporal: z.object({
      image: z.string().regex(/^temporalio\/server:\d+\.\d+\.\d+$/),
      environment: z.record(z.string(), z.string()),
    }),
  }),
});

export interface Blueprint {
  /** Of the Temporal server. */
  readonly version: string;
  /** What its container is told. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What docker-compose.yml says of the engine: a rehearsal without containers runs the same version with the same settings. */
export function engineBlueprint(): Blueprint {
  const { temporal } = composeFile.parse(
    parse(readFileSync(at('docker-compose.yml'), 'utf8'), { merge: true }),
  ).services;
  return { version: temporal.image.split(':')[1]!, environment: temporal.environment };
}
