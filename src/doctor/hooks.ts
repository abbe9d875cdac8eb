import type { BigCommerceApi, StoreConnection, WireHook } from '../bigcommerce/api.ts';
import { askForBlock, inMinutes } from '../stores/blocked-domain.ts';
import { hookPath, scopesFor, type HooksWanted } from '../stores/hooks.ts';
import type { Settings } from '../settings/settings.ts';
import { findingsOf, type Finding } from './finding.ts';

export interface HooksDeps {
  readonly api: Pick<BigCommerceApi, 'listHooks' | 'listBlockedDomains'>;
  /** Null where shops cannot reach us. */
  readonly publicUrl: string | null;
  /** Those that are accepted from the shop's hooks; the first is the newest. */
  readonly secrets: readonly string[];
  /** Say of what the shop has to tell us. */
  readonly settings: Settings;
}

/** Whether the shop's webhooks are there, switched on, come to us, and carry a secret that we accept. */
export async function examineHooks(
  shop: StoreConnection,
  { api, publicUrl, secrets, settings }: HooksDeps,
): Promise<Finding> {
  const { storeHash } = shop;
  const found = findingsOf('hooks', storeHash);
  if (publicUrl === null) return found.unproven('There is no PUBLIC_URL that the webhooks of the shop could point to.');
  let hooks: readonly WireHook[];
  try {
    hooks = await api.listHooks(shop, { about: { storeHash } });
  } catch (error) {
    return found.notLooked(error, 'Run doctor again; until it can be looked at, the sweep alone may find orders.');
  }
  const scopes = scopesFor(settings);
  const wrong = scopes.flatMap((scope) => {
    const ofScope = hooks.filter((hook) => hook.scope === scope);
    const trouble = troubleOf(ofScope, { storeHash, publicUrl, secrets });
    return trouble === null ? [] : [{ scope, ...trouble }];
  });
  const [first] = wrong;
  // A block ends by itself; what is wrong with the hooks does not, and is told first.
  const block = first ? undefined : await askForBlock(api, shop, publicUrl);
  if (block) {
    return found.wrong(
      'hooks_blocked',
      `BigCommerce sends no webhooks to ${new URL(publicUrl).host} for ${inMinutes(block)}: fewer than nine of ten were answered with success.`,
      'Look at the log of the API and of what is before it for why they failed; the shop delivers what it held back, and the sweep finds orders meanwhile.',
    );
  }
  if (!first) return found.right(`All ${scopes.length} webhooks of the shop come to us.`);
  const alike = wrong.filter(({ code }) => code === first.code);
  const others = wrong.length - alike.length;
  return found.wrong(
    first.code,
    `${alike.length} of ${scopes.length} webhooks ${first.words} (${alike.map(({ scope }) => scope.replace('store/', '')).join(', ')})${others > 0 ? `; ${others} more are wrong otherwise` : ''}.`,
    `${first.code === 'hooks_elsewhere' ? 'Check that PUBLIC_URL is right, then' : 'Let'} npm run lahetti -- webhook-secret rotate ${storeHash} bring them into order; a worker does so by itself within the hour.`,
  );
}

interface Wanted extends Pick<HooksWanted, 'publicUrl'> {
  readonly storeHash: string;
  readonly secrets: readonly string[];
}

function troubleOf(hooks: readonly WireHook[], { storeHash, publicUrl, secrets }: Wanted) {
  const path = hookPath(storeHash);
  const here = hooks.filter((hook) => hook.destination === `${publicUrl}${path}`);
  const elsewhere = hooks.find((hook) => hook.destination.endsWith(path));
  if (here.length === 0 && elsewhere) {
    return {
      code: 'hooks_elsewhere',
      words: `point to ${new URL(elsewhere.destination).origin} and not to ${publicUrl}`,
    };
  }
  if (here.length === 0) return { code: 'hooks_missing', words: 'are missing' };
  if (!here.some((hook) => hook.is_active)) {
    return { code: 'hooks_switched_off', words: 'are switched off, as BigCommerce does after two days of failures' };
  }
  if (!here.some((hook) => Object.values(hook.headers).some((value) => secrets.includes(value)))) {
    return { code: 'hooks_secret_wrong', words: 'carry a secret that we do not accept' };
  }
  return null;
}
