import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Language } from '../domain/language.ts';

/** Finnish after Posti's own wording (posti.md 6.5); Swedish is ours, because no source has Posti's. */
const texts: Readonly<Record<DeliveryStatus, Readonly<Record<Language, string>>>> = {
  unknown: {
    fi: 'Lähetyksestä ei ole vielä tietoja',
    sv: 'Det finns inga uppgifter om försändelsen ännu',
    en: 'There is no news of the parcel yet',
  },
  registered: {
    fi: 'Lähetys ei ole vielä saapunut Postille',
    sv: 'Försändelsen har inte ännu kommit till Posti',
    en: 'The parcel has not reached Posti yet',
  },
  received: {
    fi: 'Lähetys on vastaanotettu',
    sv: 'Försändelsen har tagits emot av Posti',
    en: 'Posti has received the parcel',
  },
  in_transit: {
    fi: 'Lähetys on kuljetuksessa',
    sv: 'Försändelsen är under transport',
    en: 'The parcel is in transport',
  },
  customs: {
    fi: 'Lähetys on tullikäsittelyssä',
    sv: 'Försändelsen behandlas i tullen',
    en: 'The parcel is in customs',
  },
  out_for_delivery: {
    fi: 'Lähetys on jakelussa',
    sv: 'Försändelsen är under utdelning',
    en: 'The parcel is out for delivery',
  },
  ready_for_pickup: {
    fi: 'Lähetys on noudettavissa',
    sv: 'Försändelsen kan hämtas',
    en: 'The parcel is ready for pickup',
  },
  delivered: {
    fi: 'Lähetys on toimitettu',
    sv: 'Försändelsen har levererats',
    en: 'The parcel has been delivered',
  },
  returning: {
    fi: 'Lähetys palautuu lähettäjälle',
    sv: 'Försändelsen är på väg tillbaka till avsändaren',
    en: 'The parcel is on its way back to the sender',
  },
  returned: {
    fi: 'Lähetys on palautettu lähettäjälle',
    sv: 'Försändelsen har returnerats till avsändaren',
    en: 'The parcel has been returned to the sender',
  },
};

/** A delivery status in a shopper's words. */
export const statusText = (status: DeliveryStatus, language: Language): string => texts[status][language];
