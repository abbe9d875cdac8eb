import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback } from './loopback.ts';
import { whyWeakKey } from './weak-key.ts';

/**
 * Environment → Config, parsed once. With src/env-file.ts the only reader of `process.env` (a lint rule).
 * `.env.example` explains each variable to the person who sets it.
 */

const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
const port = z.coerce.number().int().min(0).max(65_535);
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** As Express' `trust proxy` takes them. */
function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  return isIP(address) !== 0 && more.length === 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
}

/** Requests in a minute; 0 for as many as they like. */
const perMinute = z.coerce.number().int().min(0).max(1_000_000);

const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),

  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'has to start with postgres:// or postgresql://')
    .optional(),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(20),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d+$/, 'has to be host:port, without a scheme')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_UI_URL: url.optional(),

  LAHETTI_STATE_DIR: z.string().min(1).default('.lahetti'),
  LAHETTI_POSTGRES_PORT: port.default(0),
  LAHETTI_TEMPORAL_PORT: port.default(0),
  LAHETTI_TEMPORAL_UI_PORT: port.default(0),

  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: port.default(8080),
  LAHETTI_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  LAHETTI_METRICS_PORT: port.optional(),
  PUBLIC_URL: url.optional(),

  LAHETTI_TRUSTED_PROXIES: list
    .refine(
      (proxies) => proxies.every(isAddressOrNetwork),
      'has to be a list of addresses or networks, like 10.0.0.0/8, or of the words loopback, linklocal, uniquelocal',
    )
    .default([]),
  LAHETTI_API_PER_MINUTE: perMinute.default(1_200),
  LAHETTI_API_PER_MINUTE_AND_ADDRESS: perMinute.default(3_000),

  LAHETTI_SECRET_KEYS: z
    .string()
    .regex(
      /^[\w-]+:[A-Za-z0-9+/]{43}=(,[\w-]+:[A-Za-z0-9+/]{43}=)*$/,
      'has to be a list of id:key, each key 32 bytes in base64',
    )
    .optional(),

  BIGCOMMERCE_API_URL: url.default('https://api.bigcommerce.com'),
  BIGCOMMERCE_QUOTA_LEFT_PERCENT: z.coerce.number().int().min(0).max(90).default(20),
  POSTI_AUTH_URL: url.default('https://gateway-auth.posti.fi'),
  POSTI_GATEWAY_URL: url.default('https://gateway.posti.fi'),
  POSTI_TRACKING_URL: url.default('https://api.posti.fi/tracking/7'),
  /** The whole address: two paths are known for it (posti.md 3.3 and 6.1). */
  POSTI_TRACKING_AUTH_URL: url.default('https://oauth2.posti.com/oauth/token'),
  /** Hosts to which a label's link may be followed, `host` or `host:port`. */
  POSTI_LABEL_HOSTS: list.default(['gateway.posti.fi', 'gateway.demo.posti.fi']),
  /** Stand-ins on a network of one's own, `host` or `host:port`: tokens go there without TLS. */
  LAHETTI_PLAIN_HTTP_HOSTS: list.default([]),
  POSTI_ALAND_AS: z.enum(['FI', 'AX']).default('FI'),

  /** How many times faster than real every wait of the workflows runs; 1 in production. */
  LAHETTI_SPEED: z.coerce.number().min(1).max(100_000).default(1),
  /** The same for looks at parcels alone, which cost most where many are under way; left out: as all others. */
  LAHETTI_POLL_SPEED: z.coerce.number().min(1).max(100_000).optional(),
  /** Total time of one request to a shop or to Posti; the fences of booking hang on it (src/health/try-limits.ts). */
  LAHETTI_HTTP_TIMEOUT_SECONDS: z.coerce.number().min(1).max(120).default(30),
  LAHETTI_START_WITHIN_SECONDS: z.coerce.number().min(0).max(3_600).default(60),
  LAHETTI_SWEEP_EVERY_SECONDS: z.coerce.number().int().min(1).max(86_400).default(300),
  LAHETTI_WATCHMAN_EVERY_SECONDS: z.coerce.number().int().min(1).max(86_400).default(300),
  LAHETTI_MAX_CACHED_WORKFLOWS: z.coerce.number().int().min(10).default(500),
  LAHETTI_WORKFLOW_BUNDLE: z.string().optional(),

  LAHETTI_NOTICE_URL: url.optional(),
  LAHETTI_NOTICE_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'has to be whsec_ and a key of at least 24 bytes in base64')
    .optional(),

  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});

export interface Config {
  readonly production: boolean;
  readonly logLevel: string;
  readonly stateDir: string;
  /** Where `url` is null, PostgreSQL is embedded. */
  readonly database: { readonly url: string | null; readonly pool: number; readonly embeddedPort: number };
  /** Where `address` is null, Temporal is embedded. */
  readonly temporal: {
    readonly address: string | null;
    readonly namespace: string;
    readonly uiUrl: string | null;
    readonly embeddedPort: number;
    readonly embeddedUiPort: number;
    readonly maxCachedWorkflows: number;
    readonly workflowBundle: string | null;
  };
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: string | null };
  readonly api: {
    /** Addresses and networks of proxies that may say for whom they ask. */
    readonly trustedProxies: readonly string[];
    /** Requests in a minute to each process; null where there is no limit. */
    readonly limits: { readonly perToken: number | null; readonly perAddress: number | null };
  };
  /** Where a process serves its metrics, apart from its other HTTP; null where it does not. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
  /** Where traces are sent by OTLP over HTTP; null where nobody wants them. `share` of all traces, from 0 to 1. */
  readonly traces: { readonly endpoint: string; readonly serviceName: string | null; readonly share: number } | null;
  /** `id:base64` pairs, the first encrypts; null where a key is made and kept in the state folder. */
  readonly secretKeys: string | null;
  readonly bigcommerce: {
    readonly apiUrl: string;
    /** Of a store's request quota, from 0 to 1: what is left to its other apps. */
    readonly quotaLeftToOthers: number;
  };
  readonly posti: {
    readonly authUrl: string;
    readonly gatewayUrl: string;
    readonly trackingUrl: string;
    /** Where the log-in of a service account for tracking goes. */
    readonly trackingAuthUrl: string;
    readonly labelHosts: readonly string[];
    readonly plainHttpHosts: readonly string[];
    readonly alandAs: 'FI' | 'AX';
  };
  readonly speed: number;
  readonly pollSpeed: number;
  readonly httpTimeoutMs: number;
  /** How long a process that starts waits for a database or engine that does not answer. */
  readonly startWithinMs: number;
  readonly sweepEverySeconds: number;
  readonly watchmanEverySeconds: number;
  /** Who is told of paused accounts and new reasons for attention; null where only the log is. */
  readonly notices: { readonly url: string; readonly secret: string } | null;
  /** The raw environment, for what starts other programs (the Temporal CLI's resolution). */
  readonly env: NodeJS.ProcessEnv;
}

/** Variables that are not of the configuration: of single commands, of what reads files, of docker-compose.yml. */
const otherVariables = /^LAHETTI_(ENV_FILE|DOMAIN|VERSION|CONNECT_\w+)$/;

/** False for a name that looks like one of ours and is none: misspelled, most likely. */
export const isKnownVariable = (name: string): boolean =>
  !/^(LAHETTI|POSTI|BIGCOMMERCE)_/.test(name) || Object.hasOwn(environment.shape, name) || otherVariables.test(name);

/** Every problem of the configuration at once. Entry points end with exit code 78 (EX_CONFIG) on it. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  - ${p}`).join('\n')}\nSee .env.example for what each variable means.`,
    );
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

/** @throws ConfigurationError that lists all that is missing, malformed or contradictory; values of secrets are never in it. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  const problems: string[] = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${describe(issue.message)}`);

  if (given['NODE_ENV'] === 'production') {
    if (!given['DATABASE_URL']) problems.push('DATABASE_URL is missing: in production PostgreSQL is never embedded.');
    if (!given['TEMPORAL_ADDRESS'])
      problems.push('TEMPORAL_ADDRESS is missing: in production Temporal is never embedded.');
    if (!given['LAHETTI_SECRET_KEYS'])
      problems.push('LAHETTI_SECRET_KEYS is missing: in production the key that encrypts tokens is never made up.');
    for (const name of ['LAHETTI_SPEED', 'LAHETTI_POLL_SPEED'])
      if (given[name] && given[name] !== '1' && !isOfThisMachine(given['POSTI_TRACKING_URL']))
        problems.push(`${name} has to be 1 in production: it would poll Posti too often.`);
  }
  if (given['DATABASE_URL'] && given['LAHETTI_POSTGRES_PORT']) {
    problems.push(
      'LAHETTI_POSTGRES_PORT contradicts DATABASE_URL: it is for the embedded PostgreSQL, which is not started then.',
    );
  }
  for (const name of ['LAHETTI_TEMPORAL_PORT', 'LAHETTI_TEMPORAL_UI_PORT']) {
    if (given['TEMPORAL_ADDRESS'] && given[name]) {
      problems.push(
        `${name} contradicts TEMPORAL_ADDRESS: it is for the embedded Temporal server, which is not started then.`,
      );
    }
  }
  if (Boolean(given['LAHETTI_NOTICE_URL']) !== Boolean(given['LAHETTI_NOTICE_SECRET'])) {
    problems.push('LAHETTI_NOTICE_URL and LAHETTI_NOTICE_SECRET belong together: notices are never sent unsigned.');
  }
  if (parsed.success) problems.push(...weakKeys(parsed.data), ...plainHttp(parsed.data));
  if (problems.length > 0 || !parsed.success) throw new ConfigurationError(problems);

  const e = parsed.data;
  return {
    production: e.NODE_ENV === 'production',
    logLevel: e.LOG_LEVEL,
    stateDir: e.LAHETTI_STATE_DIR,
    database: { url: e.DATABASE_URL ?? null, pool: e.DATABASE_POOL, embeddedPort: e.LAHETTI_POSTGRES_PORT },
    temporal: {
      address: e.TEMPORAL_ADDRESS ?? null,
      namespace: e.TEMPORAL_NAMESPACE,
      uiUrl: e.TEMPORAL_UI_URL ?? null,
      embeddedPort: e.LAHETTI_TEMPORAL_PORT,
      embeddedUiPort: e.LAHETTI_TEMPORAL_UI_PORT,
      maxCachedWorkflows: e.LAHETTI_MAX_CACHED_WORKFLOWS,
      workflowBundle: e.LAHETTI_WORKFLOW_BUNDLE ?? null,
    },
    http: { host: e.HTTP_HOST, port: e.HTTP_PORT, publicUrl: e.PUBLIC_URL ?? null },
    api: {
      trustedProxies: e.LAHETTI_TRUSTED_PROXIES,
      limits: {
        perToken: e.LAHETTI_API_PER_MINUTE || null,
        perAddress: e.LAHETTI_API_PER_MINUTE_AND_ADDRESS || null,
      },
    },
    metrics:
      e.LAHETTI_METRICS_PORT === undefined ? null : { host: e.LAHETTI_METRICS_HOST, port: e.LAHETTI_METRICS_PORT },
    traces:
      e.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : {
            endpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT,
            serviceName: e.OTEL_SERVICE_NAME ?? null,
            share: e.OTEL_TRACES_SAMPLER_ARG,
          },
    secretKeys: e.LAHETTI_SECRET_KEYS ?? null,
    bigcommerce: { apiUrl: e.BIGCOMMERCE_API_URL, quotaLeftToOthers: e.BIGCOMMERCE_QUOTA_LEFT_PERCENT / 100 },
    posti: {
      authUrl: e.POSTI_AUTH_URL,
      gatewayUrl: e.POSTI_GATEWAY_URL,
      trackingUrl: e.POSTI_TRACKING_URL,
      trackingAuthUrl: e.POSTI_TRACKING_AUTH_URL,
      labelHosts: e.POSTI_LABEL_HOSTS,
      plainHttpHosts: e.LAHETTI_PLAIN_HTTP_HOSTS,
      alandAs: e.POSTI_ALAND_AS,
    },
    speed: e.LAHETTI_SPEED,
    pollSpeed: e.LAHETTI_POLL_SPEED ?? e.LAHETTI_SPEED,
    httpTimeoutMs: Math.round(e.LAHETTI_HTTP_TIMEOUT_SECONDS * 1_000),
    startWithinMs: Math.round(e.LAHETTI_START_WITHIN_SECONDS * 1_000),
    sweepEverySeconds: e.LAHETTI_SWEEP_EVERY_SECONDS,
    watchmanEverySeconds: e.LAHETTI_WATCHMAN_EVERY_SECONDS,
    notices:
      e.LAHETTI_NOTICE_URL !== undefined && e.LAHETTI_NOTICE_SECRET !== undefined
        ? { url: e.LAHETTI_NOTICE_URL, secret: e.LAHETTI_NOTICE_SECRET }
        : null,
    env,
  };
}

/** Whoever has the database and guesses the key has every token. The values themselves are not told. */
function weakKeys(e: Pick<z.infer<typeof environment>, 'LAHETTI_SECRET_KEYS' | 'LAHETTI_NOTICE_SECRET'>): string[] {
  const problems: string[] = [];
  // Only the key that encrypts: one that is being replaced has to open what it encrypted.
  const [id = '', key = ''] = e.LAHETTI_SECRET_KEYS?.split(',')[0]?.split(/:(.*)/s) ?? [];
  const weak = e.LAHETTI_SECRET_KEYS === undefined ? null : whyWeakKey(Buffer.from(key, 'base64'));
  if (weak !== null)
    problems.push(
      `LAHETTI_SECRET_KEYS has to begin with a random key, and of "${id}" anybody can see that it is none: ${weak}. Make one with: ${makeKey} – and keep the old one behind it for as long as it is needed (npm run lahetti -- keys list).`,
    );
  const notice = e.LAHETTI_NOTICE_SECRET?.slice('whsec_'.length);
  const weakNotice = notice === undefined ? null : whyWeakKey(Buffer.from(notice, 'base64'));
  if (weakNotice !== null) problems.push(`LAHETTI_NOTICE_SECRET has to be a random key, and is none: ${weakNotice}.`);
  return problems;
}

/** Tokens and secrets go to these. */
const secretAddresses = [
  'BIGCOMMERCE_API_URL',
  'POSTI_AUTH_URL',
  'POSTI_GATEWAY_URL',
  'POSTI_TRACKING_URL',
  'POSTI_TRACKING_AUTH_URL',
] as const;

function plainHttp(
  e: Pick<z.infer<typeof environment>, (typeof secretAddresses)[number] | 'LAHETTI_PLAIN_HTTP_HOSTS'>,
) {
  return secretAddresses.flatMap((name) => {
    const url = new URL(e[name]);
    if (url.protocol === 'https:' || isLoopback(url) || e.LAHETTI_PLAIN_HTTP_HOSTS.includes(url.host)) return [];
    return [
      `${name} has to begin with https:// where it is no address of this machine: secrets are sent there. A stand-in without TLS is named in LAHETTI_PLAIN_HTTP_HOSTS (${url.host}).`,
    ];
  });
}

/** Needs nothing but what runs us. */
const makeKey = `node -p "crypto.randomBytes(32).toString('base64')"`;

/** A stand-in on the same machine: a rehearsal of production polls it as often as it likes. */
const isOfThisMachine = (address: string | undefined): boolean =>
  address !== undefined && URL.canParse(address) && new URL(address).hostname === '127.0.0.1';

/** zod's words, made to follow a variable's name. */
function describe(message: string): string {
  return message.startsWith('has to') ? message : `is not valid: ${message}`;
}
