import { languageOf, type Language } from '../domain/language.ts';
import type { Settings } from './settings.ts';

/**
 * The settings that hold for an order of this storefront (BigCommerce's channel id): the store's, with what the storefront
 * has otherwise. Asking again with the answer changes nothing, so that every rule may ask for itself.
 */
export function settingsFor(settings: Settings, channelId: number): Settings {
  const own = settings.storefronts[String(channelId)];
  if (!own) return settings;
  // Which warehouse is chosen elsewhere (src/planning/warehouse.ts): the order itself has a say in it.
  const { warehouse: _warehouse, ...fields } = own;
  const chosen = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { ...settings, ...(chosen as Partial<Settings>) };
}

/** What the shopper of an order is written to in: the storefront's language, then the order's, then the store's. */
export function shopperLanguage(
  settings: Settings,
  order: { readonly channelId: number; readonly customerLocale: string | null },
  shopLanguage: string | null,
): Language {
  const storefront = settings.storefronts[String(order.channelId)]?.language;
  return storefront ?? languageOf(order.customerLocale ?? settings.language ?? shopLanguage);
}

const dayMs = 86_400_000;

/** The time from which the most patient of a store's storefronts takes orders: older ones are nobody's. */
export function takenSince(settings: Settings, now: Date): Date {
  const each = [settings, ...Object.keys(settings.storefronts).map((id) => settingsFor(settings, Number(id)))];
  const starts = each.map(({ lookBackDays, cutOffDate }) =>
    Math.max(now.getTime() - lookBackDays * dayMs, cutOffDate ? Date.parse(cutOffDate) : 0),
  );
  return new Date(Math.min(...starts));
}
