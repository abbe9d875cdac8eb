import { AppError } from '../errors.ts';
import { unknownSettings } from '../settings/changed.ts';
import { sameCode } from '../settings/codes.ts';
import { inTodaysForm } from '../settings/old.ts';
import { doubtsAboutSettings } from '../planning/settings-doubts.ts';
import { settingsSchema } from '../settings/settings.ts';
import { parseSettings } from '../stores/connected-stores.ts';
import { need, storeArgument, usageError, type CliContext, type Command, type Given } from './command.ts';

export const changeArguments = [
  storeArgument,
  ['<change...>', 'mode=live, warehouses.turku.contractNumber=612345, a JSON object, or "-": one on standard input'],
] as const;

export const showSettings: Command = {
  words: 'settings show',
  summary: "shows a store's settings",
  arguments: [storeArgument],
  async run({ stores }, { positionals }) {
    const { settings, version } = await stores.settings(need(positionals[0], 'The store hash'));
    return {
      lines: [`Version ${version}`, ...JSON.stringify(settings, null, 2).split('\n')],
      json: { version, settings },
    };
  },
};

export const setSettings: Command = {
  words: 'settings set',
  summary: 'changes settings: mode=live, writeBack.moment=printed',
  arguments: changeArguments,
  async run(context, given) {
    const { storeHash, next, version } = await changed(context, given);
    const saved = await context.stores.saveSettings(storeHash, next, context.who, { ifVersion: version });
    return { lines: [`Saved as version ${saved.version}.`, ...doubtsAboutSettings(saved.settings)], json: saved };
  },
};

export const checkSettings: Command = {
  words: 'settings check',
  summary: 'says whether such a change would be accepted, and saves nothing',
  arguments: changeArguments,
  async run(context, given) {
    const { storeHash, next } = await changed(context, given);
    const settings = parseSettings(storeHash, next);
    const doubts = doubtsAboutSettings(settings);
    return { lines: ['These settings would be accepted.', ...doubts], json: { settings, doubts } };
  },
};

export async function changed(context: CliContext, { positionals }: Given) {
  const [hash, ...changes] = positionals;
  const storeHash = need(hash, 'The store hash');
  need(changes[0], 'What to change');
  const { settings, version } = await context.stores.settings(storeHash);
  let next = structuredClone(settings) as Record<string, unknown>;
  for (const change of changes) {
    const text = change === '-' ? await context.readStandardInput() : change;
    if (/^\s*\{/.test(text)) Object.assign(next, fromJson(text));
    else assign(next, text);
    next = inTodaysForm(next) as Record<string, unknown>;
  }
  writeNumbersAsText(next);
  const [unknown] = unknownSettings(next, parseSettings(storeHash, next));
  if (unknown !== undefined) throw invalidSettings(`There is no setting ${unknown}.`);
  return { storeHash, next, version };
}

/** `33100` is a number where it is read as JSON, and a postcode where the settings want text. */
function writeNumbersAsText(settings: Record<string, unknown>): void {
  const parsed = settingsSchema.safeParse(settings);
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code !== 'invalid_type' || issue.expected !== 'string') continue;
    const last = issue.path.at(-1);
    const place = issue.path
      .slice(0, -1)
      .reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], settings);
    const value = last === undefined ? undefined : (place as Record<PropertyKey, unknown>)[last];
    if (last !== undefined && typeof value === 'number') (place as Record<PropertyKey, unknown>)[last] = String(value);
  }
}

function fromJson(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (cause) {
    throw usageError(`That is not JSON: ${(cause as Error).message}.`);
  }
}

/**
 * `writeBack.moment=printed`, `warehouses.turku.contractNumber=612345`: an entry of a list goes by its code or its position.
 * A value is JSON where it can be read as such, else text.
 */
function assign(settings: Record<string, unknown>, change: string): void {
  const [path, text] = change.split(/=(.*)/s);
  const keys = (path ?? '').split('.');
  const last = keys.pop();
  if (!last || text === undefined) throw usageError(`"${change}" is not a change like mode=live.`);
  let place = settings;
  for (const name of keys) {
    const key = keyIn(place, name);
    const inner = Object.hasOwn(place, key) ? place[key] : undefined;
    const object = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
    Object.defineProperty(place, key, { value: object, enumerable: true, writable: true, configurable: true });
    place = object;
  }
  const value = valueOf(path ?? '', text);
  Object.defineProperty(place, keyIn(place, last), { value, enumerable: true, writable: true, configurable: true });
}

function keyIn(place: object, name: string): string {
  if (!Array.isArray(place)) return name;
  const index = place.findIndex(({ code }: { code?: unknown }) => typeof code === 'string' && sameCode(code, name));
  if (index >= 0) return String(index);
  if (/^\d+$/.test(name) && Number(name) <= place.length) return name;
  const known = place.map(({ code }: { code?: unknown }) => String(code)).join(', ') || 'none';
  throw invalidSettings(`There is no entry "${name}" in this list; known: ${known}.`);
}

const invalidSettings = (message: string): AppError =>
  new AppError(message, { kind: 'invalid', code: 'invalid_settings' });

function valueOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    // Meant as JSON: taken for text, it would be complained of as something that nobody wrote.
    if (/^\s*[{[]/.test(text)) throw usageError(`What is given for ${path} is not JSON: ${(cause as Error).message}.`);
    return text;
  }
}
