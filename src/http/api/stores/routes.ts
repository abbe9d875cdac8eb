import { z } from 'zod';
import { AppError, isAppError } from '../../../errors.ts';
import { connectStore, type ConnectDeps } from '../../../stores/connect.ts';
import type { HooksReport } from '../../../stores/hooks.ts';
import { pauseOrResume } from '../../../stores/pause.ts';
import type { Store, Stores } from '../../../stores/store.ts';
import { instantOrNull, integer, storeHash } from '../frame/fields.ts';
import { reply, route, type Route, type Wire } from '../frame/route.ts';

/** Without its secrets: they are not in a {@link Store} either. */
export const storeView = z
  .object({
    id: integer,
    storeHash: z.string(),
    name: z.string(),
    state: z.enum(['connected', 'paused', 'disconnected']),
    weightUnits: z.string(),
    unitsReadAt: instantOrNull.meta({
      description: 'When the shop was asked for its units; null: they are asked for before the next order is read.',
    }),
    dimensionUnits: z.string().nullable(),
    language: z.string().nullable(),
    clientId: z.string(),
    carrierAccountId: integer.nullable(),
  })
  .meta({ id: 'Store' }) satisfies z.ZodType<Wire<Omit<Store, 'unitsAsked'>>>;

/** What a look at a store found (src/doctor/finding.ts). */
const finding = z
  .object({
    check: z.string(),
    storeHash: z.string().nullable(),
    verdict: z.enum(['right', 'wrong', 'unproven']),
    code: z.string().nullable(),
    words: z.string(),
    advice: z.string().nullable(),
  })
  .meta({ id: 'Finding' });
export type StoreFinding = z.infer<typeof finding>;

export interface StoreDeps {
  readonly stores: Stores;
  readonly bigcommerce: ConnectDeps['api'];
  readonly publicUrl: string | null;
  /** Looks at a store as the doctor does. Changes nothing. */
  readonly examineStore: (storeHash: string, options: { readonly again: boolean }) => Promise<readonly StoreFinding[]>;
}

/** All of them are sent as a header, or may be: a line's end that was copied too must not look like a shop that is away. */
const secret = z.string().regex(/^[\x21-\x7e]{1,1000}$/, 'has to be printable characters without spaces');
const mode = z.enum(['observe', 'live']);

const connection = z.strictObject({
  storeHash,
  name: z.string().min(1).max(200).optional().meta({ description: "The shop's own where it is left out." }),
  clientId: z.string().min(1).max(200),
  accessToken: secret,
  clientSecret: secret.optional().meta({ description: 'Key of the signature of webhooks.' }),
  webhookSecret: secret.optional().meta({ description: 'Made up where it is left out.' }),
  posti: z
    .strictObject({
      ...{ clientId: secret, clientSecret: secret },
      gatewaySecret: secret
        .nullable()
        .optional()
        .meta({ description: 'Wanted by Posti’s demo. Left out: as before. Null: it has none.' }),
      trackingLogIn: z
        .strictObject({ clientId: secret, clientSecret: secret })
        .nullable()
        .optional()
        .meta({ description: 'Of a service account for tracking. Left out: as before. Null: it has none.' }),
    })
    .optional(),
  settings: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Those that shall not have their defaults.' }),
});

const hooksReport = z.object({
  created: integer,
  mended: integer,
  kept: integer,
  removed: integer,
}) satisfies z.ZodType<Wire<HooksReport>>;

const path = z.object({ storeHash });
const oneStore = { 200: { description: 'The store', schema: storeView } };
const unknown = { 404: '`unknown_store`' };

export function storeRoutes({ stores, bigcommerce, publicUrl, examineStore }: StoreDeps): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/stores', id: 'listStores', tag: 'Stores', role: 'viewer' },
      summary: 'The connected stores',
      answers: { 200: { description: 'All of them', schema: z.object({ stores: z.array(storeView) }) } },
      handle: async () => reply(200, { stores: await stores.list() }),
    }),
    route({
      ...{ method: 'get', path: '/stores/{storeHash}', id: 'getStore', tag: 'Stores', role: 'viewer' },
      summary: 'One store',
      params: path,
      answers: oneStore,
      problems: unknown,
      handle: async ({ params }) => reply(200, await stores.get(params.storeHash)),
    }),
    route({
      ...{ method: 'post', path: '/stores', id: 'connectStore', tag: 'Stores', role: 'admin' },
      summary: 'Connects a store, or connects it again',
      description:
        'Proves the token, keeps it encrypted, and brings the webhooks into order. A new store observes: it books and writes nothing until it is switched live. Safe to repeat.',
      body: connection,
      answers: {
        200: {
          description: 'Connected',
          schema: z.object({
            store: storeView,
            settingsVersion: integer,
            hooks: hooksReport.nullable(),
            words: z.array(z.string()).readonly(),
          }),
        },
      },
      problems: {
        400: '`invalid_settings`',
        422: '`token_refused`: the shop does not accept the token',
        503: 'The shop does not answer',
      },
      async handle({ body, who }) {
        const { name, clientSecret, webhookSecret, posti, settings, ...rest } = body;
        const given = {
          ...{ ...rest, who },
          ...(name === undefined ? {} : { name }),
          ...(clientSecret === undefined ? {} : { clientSecret }),
          ...(webhookSecret === undefined ? {} : { webhookSecret }),
          ...(posti === undefined ? {} : { posti }),
          ...(settings === undefined ? {} : { settings }),
        };
        return reply(200, await connectStore(given, { api: bigcommerce, stores, publicUrl }).catch(refusedToken));
      },
    }),
    route({
      ...{ method: 'post', path: '/stores/{storeHash}/test', id: 'testStore', tag: 'Stores', role: 'operator' },
      summary: 'Looks whether everything that the store needs works, and says how to mend what does not',
      description:
        'Token, what it may do, webhooks, the account at Posti with its roles, contract numbers. Changes nothing.',
      params: path,
      body: z.strictObject({
        again: z.boolean().default(false).meta({
          description: 'Log in at Posti although it refused a moment ago: five refusals in an hour lock the account.',
        }),
      }),
      answers: {
        200: { description: 'What was found', schema: z.object({ ok: z.boolean(), findings: z.array(finding) }) },
      },
      problems: unknown,
      async handle({ params, body }) {
        await stores.get(params.storeHash);
        const findings = await examineStore(params.storeHash, body);
        return reply(200, { ok: findings.every(({ verdict }) => verdict !== 'wrong'), findings });
      },
    }),
    route({
      ...{ method: 'post', path: '/stores/{storeHash}/pause', id: 'pauseStore', tag: 'Stores', role: 'operator' },
      summary: 'Books nothing for it and writes nothing to it until it is resumed',
      description: 'What is under way waits where it is and says so; parcels that are out are followed.',
      params: path,
      answers: oneStore,
      problems: { ...unknown, 409: '`store_disconnected`' },
      handle: async ({ params, who }) => reply(200, await pauseOrResume(stores, params.storeHash, 'paused', who)),
    }),
    route({
      ...{ method: 'post', path: '/stores/{storeHash}/resume', id: 'resumeStore', tag: 'Stores', role: 'operator' },
      summary: 'Goes on with it',
      params: path,
      answers: oneStore,
      problems: { ...unknown, 409: '`store_disconnected`' },
      handle: async ({ params, who }) => reply(200, await pauseOrResume(stores, params.storeHash, 'connected', who)),
    }),
    route({
      ...{ method: 'post', path: '/stores/{storeHash}/mode', id: 'switchStore', tag: 'Stores', role: 'admin' },
      summary: 'Switches it live, or back to observing; the whole store or one storefront of it',
      params: path,
      body: z.strictObject({
        mode,
        storefront: integer.positive().optional().meta({ description: "BigCommerce's channel id." }),
      }),
      answers: { 200: { description: 'Switched', schema: z.object({ mode, version: integer }) } },
      problems: { ...unknown, 409: '`settings_changed`: somebody saved settings at the same moment' },
      async handle({ params, body, who }) {
        const { settings, version } = await stores.settings(params.storeHash);
        const next =
          body.storefront === undefined
            ? { ...settings, mode: body.mode }
            : {
                ...settings,
                storefronts: {
                  ...settings.storefronts,
                  [body.storefront]: { ...settings.storefronts[body.storefront], mode: body.mode },
                },
              };
        const saved = await stores.saveSettings(params.storeHash, next, who, { ifVersion: version });
        return reply(200, { mode: body.mode, version: saved.version });
      },
    }),
  ];
}

/** The caller's own doing, unlike a token of ours that the shop takes back: that would be a 502. */
function refusedToken(error: unknown): never {
  if (!isAppError(error) || error.code !== 'token_refused') throw error;
  const { message, code, advice } = error;
  throw new AppError(message, { kind: 'refused', code, ...(advice === undefined ? {} : { advice }) });
}
