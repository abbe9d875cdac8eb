import { noEnvFile } from '../../src/env-file.ts';

/** What every program of ours that a test starts is given: what a developer has in .env must not decide a test. */
export const programEnv = { PATH: process.env['PATH'] ?? '', LAHETTI_ENV_FILE: noEnvFile };
