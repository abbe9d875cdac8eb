/** What a scan's code means: the status it brings, and its name in the languages of the labels. */
export interface EventKind {
  code: string;
  status: string;
  name: { fi: string; sv: string; en: string };
}

const kind = (code: string, status: string, fi: string, sv: string, en: string): EventKind => ({
  code,
  status,
  name: { fi, sv, en },
});

/**
 * Statuses are Posti's (posti.md 6.2). Its event codes are not public: LUO is the one that was seen (6.3), the others
 * are ours in its manner. Wording after 6.4 and 6.5; the Swedish is ours.
 */
export const eventKinds: readonly EventKind[] = [
  kind(
    'ETT',
    'WAITING',
    'Lähetyksen tiedot vastaanotettu lähettäjältä',
    'Uppgifter om försändelsen har tagits emot av avsändaren',
    'Information received from sender',
  ),
  kind('VAS', 'RECEIVED', 'Lähetys on vastaanotettu', 'Försändelsen har tagits emot', 'Item registered'),
  kind('KUL', 'IN_TRANSPORT', 'Lähetys on kuljetuksessa', 'Försändelsen är under transport', 'In transport'),
  kind('LAJ', 'IN_TRANSPORT', 'Lähetys on lajittelussa', 'Försändelsen sorteras', 'In sorting'),
  kind('TUL', 'CUSTOMS', 'Lähetys on tullikäsittelyssä', 'Försändelsen förtullas', 'In customs clearance'),
  kind('JAK', 'OUT_FOR_DELIVERY', 'Lähetys on jakelussa', 'Försändelsen är under utdelning', 'Out for delivery'),
  kind(
    'YRI',
    'OUT_FOR_DELIVERY',
    'Lähetystä ei ole toimitettu – luovutusyritys on tehty',
    'Försändelsen har inte levererats – ett försök har gjorts',
    'Delivery attempt failed',
  ),
  kind('SAA', 'READY_FOR_PICKUP', 'Lähetys on noudettavissa', 'Försändelsen kan hämtas', 'Ready for pick up'),
  kind(
    'LUO',
    'DELIVERED',
    'Lähetys on luovutettu vastaanottajalle',
    'Försändelsen har levererats till mottagaren',
    'Delivered',
  ),
  kind(
    'PAL',
    'RETURN_IN_TRANSPORT',
    'Lähetys palautuu lähettäjälle',
    'Försändelsen returneras till avsändaren',
    'Returning to the sender',
  ),
  kind(
    'PAN',
    'RETURN_READY_FOR_PICKUP',
    'Palautus on noudettavissa',
    'Returen kan hämtas',
    'Return is ready for pick up',
  ),
  kind('PLU', 'RETURN_DELIVERED', 'Palautus on luovutettu', 'Returen har levererats', 'Return delivered'),
  kind(
    'PTL',
    'RETURNED_TO_SENDER',
    'Lähetys on palautettu lähettäjälle',
    'Försändelsen har returnerats till avsändaren',
    'Returned to the sender',
  ),
  kind('PAO', 'RETURN_WAITING', 'Palautusta odotetaan', 'Returen väntas', 'Return is awaited'),
];

/** By code, or by status (the first of its codes). */
export function findEventKind(codeOrStatus: string): EventKind | undefined {
  return (
    eventKinds.find((each) => each.code === codeOrStatus) ?? eventKinds.find((each) => each.status === codeOrStatus)
  );
}

const statusNames: Record<string, string> = {
  WAITING:
    'Lähetys ei ole vielä saapunut Postille|Försändelsen har inte kommit till Posti ännu|Not yet arrived at Posti',
  RECEIVED: 'Lähetys on vastaanotettu|Försändelsen har tagits emot|Received',
  IN_TRANSPORT: 'Lähetys on kuljetuksessa|Försändelsen är under transport|In transport',
  CUSTOMS: 'Lähetys on tullikäsittelyssä|Försändelsen förtullas|In customs clearance',
  OUT_FOR_DELIVERY: 'Lähetys on jakelussa|Försändelsen är under utdelning|Out for delivery',
  READY_FOR_PICKUP: 'Lähetys on noudettavissa|Försändelsen kan hämtas|Ready to pick up',
  DELIVERED: 'Lähetys on toimitettu|Försändelsen har levererats|Delivered',
  RETURNED_TO_SENDER: 'Lähetys on palautettu|Försändelsen har returnerats|Returned',
};

/** A status in words. */
export function statusName(status: string): EventKind['name'] {
  const [fi, sv, en] = (statusNames[status] ?? '').split('|');
  const fallback = findEventKind(status)?.name;
  return { fi: fi || (fallback?.fi ?? status), sv: sv ?? fallback?.sv ?? status, en: en ?? fallback?.en ?? status };
}
