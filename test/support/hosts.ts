import { hostsOf } from '../../src/stores/hosts.ts';
import { loadConfig } from '../../src/config.ts';

/** Those of a process of which nothing is configured: production. What a test's client asks is of no concern to them. */
export const hosts = hostsOf(loadConfig({}));
