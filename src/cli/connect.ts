import { connectPostiAgain } from '../doctor/connect-again.ts';
import { z } from 'zod';
import { connectStore, forgetOldWebhookSecrets, rotateWebhookSecret } from '../stores/connect.ts';
import type { HooksReport } from '../stores/hooks.ts';
import type { CarrierAccountDraft } from '../stores/store.ts';
import { need, storeArgument, usageError, type CliContext, type Command } from './command.ts';

/** Where each secret may stand: an environment variable, or a field of the JSON on standard input (`--secrets -`). */
const secretVariables = {
  accessToken: 'LAHETTI_CONNECT_TOKEN',
  clientSecret: 'LAHETTI_CONNECT_CLIENT_SECRET',
  webhookSecret: 'LAHETTI_CONNECT_WEBHOOK_SECRET',
  postiClientSecret: 'LAHETTI_CONNECT_POSTI_SECRET',
  postiGatewaySecret: 'LAHETTI_CONNECT_POSTI_GATEWAY_SECRET',
  postiTrackingSecret: 'LAHETTI_CONNECT_POSTI_TRACKING_SECRET',
} as const;

type Secrets = Partial<Record<keyof typeof secretVariables, string>>;

const secretsSchema = z.strictObject({
  accessToken: z.string().optional(),
  clientSecret: z.string().optional(),
  webhookSecret: z.string().optional(),
  postiClientSecret: z.string().optional(),
  postiGatewaySecret: z.string().optional(),
  postiTrackingSecret: z.string().optional(),
});

export const connectCommand: Command = {
  words: 'connect',
  summary: 'connects a store, or connects it again',
  details: `Secrets come from ${Object.values(secretVariables).join(', ')}, or as JSON on standard input with "--secrets -" (${Object.keys(secretVariables).join(', ')}): a flag could be read by others. A gateway secret that is left out stays as it was; "none": there is none.`,
  arguments: [storeArgument],
  options: [
    { flags: '--client-id <id>', description: 'of the API account in the shop (needed)' },
    { flags: '--name <name>', description: "the shop's own where it is left out" },
    { flags: '--posti-client-id <id>', description: 'of the application account at Posti' },
    {
      flags: '--posti-tracking-client-id <id>',
      description:
        'of that account\'s service account for tracking; as before where it is left out; "none": it has none',
    },
    { flags: '--settings <json>', description: 'those that shall not have their defaults' },
    { flags: '--secrets <from>', description: '"-": secrets as JSON on standard input' },
  ],
  async run(context, { positionals, flags }) {
    const storeHash = need(positionals[0], 'The store hash');
    if (!/^[a-z0-9]+$/.test(storeHash)) throw usageError('A store hash is lower-case letters and digits.');
    if (flags['posti-tracking-client-id'] !== undefined && flags['posti-client-id'] === undefined)
      throw usageError('--posti-tracking-client-id belongs to a Posti account: give --posti-client-id too.');
    const secrets = await readSecrets(context, flags['secrets']);
    const connected = await connectStore(
      {
        storeHash,
        clientId: need(flags['client-id'], '--client-id'),
        accessToken: need(secrets.accessToken, `The access token (${secretVariables.accessToken})`),
        who: context.who,
        ...(flags['name'] === undefined ? {} : { name: flags['name'] }),
        ...(secrets.clientSecret === undefined ? {} : { clientSecret: secrets.clientSecret }),
        ...(secrets.webhookSecret === undefined ? {} : { webhookSecret: secrets.webhookSecret }),
        ...(flags['settings'] === undefined ? {} : { settings: asObject(flags['settings']) }),
        ...(flags['posti-client-id'] === undefined
          ? {}
          : {
              posti: {
                ...postiAccount(flags['posti-client-id'], secrets),
                ...trackingLogIn(flags['posti-tracking-client-id'], secrets),
              },
            }),
      },
      context,
    );
    const { store, hooks, words } = connected;
    return {
      lines: [
        `Store ${store.storeHash} (${store.name}) is connected as number ${store.id}.`,
        ...(hooks ? [hooksInWords(hooks)] : []),
        ...(store.carrierAccountId === null
          ? [`It has no Posti account yet. Connect again: ${connectPostiAgain(store.storeHash)}`]
          : []),
        ...words,
      ],
      json: connected,
    };
  },
};

export const rotateCommand: Command = {
  words: 'webhook-secret rotate',
  summary: 'gives the hooks a new secret; the old one is accepted too, until it is forgotten',
  arguments: [storeArgument],
  async run(context, { positionals }) {
    const storeHash = need(positionals[0], 'The store hash');
    const hooks = await rotateWebhookSecret(storeHash, context);
    const then = `When deliveries arrive with the new one: npm run lahetti -- webhook-secret forget-old ${storeHash}`;
    return { lines: [hooksInWords(hooks), then], json: { hooks } };
  },
};

export const forgetOldCommand: Command = {
  words: 'webhook-secret forget-old',
  summary: 'ends a rotation: only the newest secret is accepted from now on',
  arguments: [storeArgument],
  async run({ stores }, { positionals }) {
    const storeHash = need(positionals[0], 'The store hash');
    await forgetOldWebhookSecrets(storeHash, stores);
    return { lines: [`Store ${storeHash} accepts its newest webhook secret alone.`], json: { storeHash } };
  },
};

async function readSecrets(context: CliContext, from: string | undefined): Promise<Secrets> {
  const named = Object.entries(secretVariables).flatMap(([key, name]) => {
    const value = context.env[name];
    return value ? [[key, value]] : [];
  });
  const fromEnvironment = Object.fromEntries(named) as Secrets;
  if (from === undefined) return fromEnvironment;
  if (from !== '-') throw usageError('--secrets takes "-" only: a secret on the command line is visible to others.');
  const parsed = secretsSchema.safeParse(asObject(await context.readStandardInput()));
  if (!parsed.success)
    throw usageError(`Standard input may have ${Object.keys(secretVariables).join(', ')}, as texts.`);
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return { ...fromEnvironment, ...(Object.fromEntries(given) as Secrets) };
}

const postiAccount = (clientId: string, secrets: Secrets): CarrierAccountDraft => ({
  clientId,
  clientSecret: need(secrets.postiClientSecret, `Posti's client secret (${secretVariables.postiClientSecret})`),
  // As before where it is left out; "none": it has none. Only Posti's demo wants one (posti.md 2).
  gatewaySecret: secrets.postiGatewaySecret === 'none' ? null : secrets.postiGatewaySecret,
});

function trackingLogIn(clientId: string | undefined, secrets: Secrets): Pick<CarrierAccountDraft, 'trackingLogIn'> {
  if (clientId === undefined) return {};
  if (clientId === 'none') return { trackingLogIn: null };
  const name = `The secret of tracking's log-in (${secretVariables.postiTrackingSecret})`;
  return { trackingLogIn: { clientId, clientSecret: need(secrets.postiTrackingSecret, name) } };
}

/** Without quoting what was given: it may be a secret. */
function asObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw usageError('What was given is not a JSON object.');
}

const hooksInWords = ({ created, mended, kept, removed }: HooksReport): string =>
  `Webhooks: ${created} created, ${mended} mended, ${kept} were right, ${removed} doubles removed.`;
