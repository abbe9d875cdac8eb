import { z } from 'zod';
import { AppError, isAppError } from '../../../errors.ts';
import { mergePatch, unknownSettings } from '../../../settings/changed.ts';
import { inTodaysForm } from '../../../settings/old.ts';
import { settingsFields, type Settings } from '../../../settings/settings.ts';
import { doubtsAboutSettings } from '../../../planning/settings-doubts.ts';
import { previewSettings } from '../../../planning/settings-preview.ts';
import { settingsOfVersion, settingsVersions } from '../../../stores/stores.sql.ts';
import type { VersionedSettings } from '../../../stores/store.ts';
import { parseSettings } from '../../../stores/connected-stores.ts';
import { ProblemError } from '../../problems.ts';
import { instant, integer, next, page, storeHash } from '../frame/fields.ts';
import { reply, route, type Route } from '../frame/route.ts';
import type { ApiDeps } from '../deps.ts';
import { settingsPreview } from './schemas.ts';

/** Checked as settings, and not by the frame: its problems name the path and whose warehouse it is. */
const givenSettings = z.record(z.string(), z.unknown());

const settingsAnswer = z
  .object({
    version: integer.meta({ description: '0 where the store still has the defaults.' }),
    settings: settingsFields,
    doubts: z.array(z.string()).meta({ description: 'What is allowed, and will need a person all the same.' }),
  })
  .meta({ id: 'Settings' });

const version = z.object({ version: integer, who: z.string(), at: instant });
const path = z.object({ storeHash });
const etag = { etag: 'The version, to be sent as If-Match with a change.' };
const ifMatch = z.object({
  'if-match': z.string().optional().meta({ description: 'The `etag` of the settings that were read.' }),
});
const changeProblems = {
  400: '`invalid_settings`, with the path of each that is wrong',
  404: '`unknown_store`',
  412: '`settings_changed`: somebody else saved them meanwhile',
  428: '`if_match_missing`',
};

export function settingsRoutes({ pool, stores }: Pick<ApiDeps, 'pool' | 'stores'>): Route[] {
  async function save(hash: string, match: string | undefined, change: (now: Settings) => unknown, who: string) {
    const before = await stores.settings(hash);
    if (match === undefined) throw ifMatchMissing;
    if (match !== etagOf(before)) throw changedMeanwhile(hash);
    const settings = checked(hash, change(before.settings));
    try {
      return answer(await stores.saveSettings(hash, settings, who, { ifVersion: before.version }));
    } catch (error) {
      throw isAppError(error) && error.code === 'settings_changed' ? changedMeanwhile(hash) : error;
    }
  }

  return [
    route({
      ...{ method: 'get', path: '/stores/{storeHash}/settings', id: 'getSettings', tag: 'Settings', role: 'viewer' },
      summary: "A store's settings",
      params: path,
      answers: { 200: { description: 'Whole, with defaults', schema: settingsAnswer, headers: etag } },
      problems: { 404: '`unknown_store`' },
      handle: async ({ params }) => answer(await stores.settings(params.storeHash)),
    }),
    route({
      ...{ method: 'put', path: '/stores/{storeHash}/settings', id: 'replaceSettings', tag: 'Settings', role: 'admin' },
      summary: 'Replaces them: what is left out has its default',
      params: path,
      headers: ifMatch,
      body: givenSettings,
      answers: { 200: { description: 'As saved', schema: settingsAnswer, headers: etag } },
      problems: changeProblems,
      handle: ({ params, headers, body, who }) => save(params.storeHash, headers['if-match'], () => body, who),
    }),
    route({
      ...{
        method: 'patch',
        path: '/stores/{storeHash}/settings',
        id: 'changeSettings',
        tag: 'Settings',
        role: 'admin',
      },
      summary: 'Changes some of them',
      description:
        'A JSON Merge Patch (RFC 7396): what is left out stays, null brings the default back, lists are replaced.',
      params: path,
      headers: ifMatch,
      body: givenSettings,
      answers: { 200: { description: 'As saved', schema: settingsAnswer, headers: etag } },
      problems: changeProblems,
      handle: ({ params, headers, body, who }) =>
        save(params.storeHash, headers['if-match'], (now) => mergePatch(now, body), who),
    }),
    route({
      ...{ method: 'get', path: '/stores/{storeHash}/settings/versions', id: 'listSettingsVersions' },
      ...{ tag: 'Settings', role: 'viewer' },
      summary: 'Who saved them when, youngest first',
      params: path,
      query: page,
      answers: { 200: { description: 'A page of them', schema: z.object({ versions: z.array(version), next }) } },
      problems: { 404: '`unknown_store`' },
      async handle({ params, query }) {
        const { id } = await stores.get(params.storeHash);
        const versions = await settingsVersions(pool, id, query);
        const last = versions.length < query.limit ? null : (versions.at(-1)?.version ?? null);
        return reply(200, { versions, next: last });
      },
    }),
    route({
      ...{ method: 'get', path: '/stores/{storeHash}/settings/versions/{version}', id: 'getSettingsVersion' },
      ...{ tag: 'Settings', role: 'viewer' },
      summary: 'Settings as they were saved once',
      params: z.object({
        storeHash,
        version: z.coerce
          .number()
          .int()
          .positive()
          .max(2 ** 31 - 1),
      }),
      answers: { 200: { description: 'That version', schema: version.extend({ settings: z.unknown() }) } },
      problems: { 404: '`unknown_store`, `unknown_version`' },
      async handle({ params }) {
        const { id } = await stores.get(params.storeHash);
        const found = await settingsOfVersion(pool, id, params.version);
        if (found) return reply(200, found);
        throw new AppError(`Store ${params.storeHash} never had a version ${params.version} of its settings.`, {
          kind: 'not_found',
          code: 'unknown_version',
        });
      },
    }),
    route({
      ...{ method: 'post', path: '/stores/{storeHash}/settings/preview', id: 'previewSettings' },
      ...{ tag: 'Settings', role: 'operator' },
      summary: 'What a change would alter in the orders of the last days; saves nothing',
      description:
        'Plans the orders that are kept by the settings as they are and as they would be, 5,000 of them at most. An order that is booked already stays as it is: what is told is what would become of one like it. Each is planned as its own look plans it; one that can not be, because something was not read or is erased, is named in `notJudged` and guessed nothing of.',
      params: path,
      body: z.strictObject({
        change: givenSettings.optional().meta({ description: 'A JSON Merge Patch.' }),
        settings: givenSettings.optional().meta({ description: 'Whole settings, in place of `change`.' }),
        days: z.number().int().min(1).max(90).default(30),
      }),
      answers: { 200: { description: 'The differences', schema: settingsPreview } },
      problems: { 400: changeProblems[400], 404: '`unknown_store`' },
      async handle({ params, body }) {
        const { id } = await stores.get(params.storeHash);
        const { settings: before } = await stores.settings(params.storeHash);
        const after = checked(params.storeHash, body.settings ?? mergePatch(before, body.change ?? {}));
        return reply(
          200,
          await previewSettings(pool, { storeId: id, before, after, now: new Date(), days: body.days }),
        );
      },
    }),
  ];
}

/** @throws AppError `invalid_settings` that names the path of each that is wrong, also of one that nobody knows */
function checked(hash: string, given: unknown): Settings {
  const settings = parseSettings(hash, given);
  const unknown = unknownSettings(inTodaysForm(given), settings);
  if (unknown.length === 0) return settings;
  throw new AppError(`There is no setting ${unknown.join(', ')}.`, { kind: 'invalid', code: 'invalid_settings' });
}

const answer = ({ settings, version }: VersionedSettings) =>
  reply(200, { version, settings, doubts: doubtsAboutSettings(settings) }, { etag: etagOf({ version }) });

const etagOf = ({ version }: Pick<VersionedSettings, 'version'>): string => `"${version}"`;

const ifMatchMissing = new ProblemError({
  ...{ status: 428, code: 'if_match_missing' },
  detail: 'A change of settings has to say which version it changes.',
  advice: 'Read the settings, and send their etag as If-Match.',
});

const changedMeanwhile = (hash: string): ProblemError =>
  new ProblemError({
    ...{ status: 412, code: 'settings_changed' },
    detail: `The settings of store ${hash} are at another version by now.`,
    advice: 'Somebody else saved them: read them again, then change.',
  });
