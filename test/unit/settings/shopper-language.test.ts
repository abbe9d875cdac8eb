import { expect, test } from 'vitest';
import { settingsSchema } from '../../../src/settings/settings.ts';
import { shopperLanguage } from '../../../src/settings/storefronts.ts';

const settings = settingsSchema.parse({ storefronts: { '2': { language: 'sv' }, '3': { mode: 'live' } } });
const inEnglish = { ...settings, language: 'en' } as const;

test.each([
  ['the storefront’s language before the order’s', settings, 2, 'fi', 'fi', 'sv'],
  ['the order’s where the storefront has none', settings, 3, 'sv-FI', 'fi', 'sv'],
  ['the order’s before the store’s', inEnglish, 1, 'fi', 'sv', 'fi'],
  ['the store’s setting where the order has none', inEnglish, 1, null, 'sv', 'en'],
  ['the shop’s own where nobody chose one', settings, 1, null, 'sv', 'sv'],
  ['English for a shopper of another language', settings, 1, 'de-DE', 'fi', 'en'],
  ['Finnish where nothing is known', settings, 1, null, null, 'fi'],
] as const)('the language of a shopper is chosen: %s', (_name, chosen, channelId, customerLocale, shop, language) =>
  expect(shopperLanguage(chosen, { channelId, customerLocale }, shop)).toBe(language),
);
