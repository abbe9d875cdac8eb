import type { Language } from '../domain/language.ts';

/** Posti's tracking page of a parcel (posti.md 6.6); well below BigCommerce's limit of 500 characters for a link. */
export function trackingLink(trackingNumber: string, language: Language = 'fi'): string {
  const code = encodeURIComponent(trackingNumber);
  switch (language) {
    case 'fi':
      return `https://www.posti.fi/fi/seuranta#/lahetys/${code}`;
    case 'sv':
      return `https://www.posti.fi/sv/uppfoljning#/lahetys/${code}?lang=sv`;
    case 'en':
      return `https://www.posti.fi/en/tracking#/lahetys/${code}?lang=en`;
    default:
      return language satisfies never;
  }
}
