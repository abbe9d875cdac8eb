import type { Party } from '../carriers/port.ts';
import type { Problem } from '../domain/problem.ts';
import { crossesBorder, territoryOf } from './territories.ts';
import type { PaperKind } from '../settings/papers.ts';

export interface CustomsLine {
  readonly sku: string;
  /** Null or 0 where the shop has none. */
  readonly unitWeightGrams: number | null;
}

type Place = Pick<Party, 'country' | 'postcode'>;

/** What a parcel over a border needs; null where it stays within one. */
export function customsOf(from: Place, to: Place): { readonly papers: PaperKind; readonly to: string } | null {
  const [start, end] = [territoryOf(from.country, from.postcode), territoryOf(to.country, to.postcode)];
  if (!crossesBorder(start.area, end.area)) return null;
  const areas = [start.area, end.area];
  const withinFinland = areas.includes('aland') && [from, to].every(({ country }) => ['FI', 'AX'].includes(country));
  return { papers: withinFinland ? 'aland' : 'abroad', to: end.name ?? to.country };
}

/**
 * That a parcel crosses a customs or tax border and this product has no data for customs yet. Posti takes the booking
 * without a word and the parcel is stopped or returned (posti.md 11, carriers.md 7 and 10), so a person has to say that it
 * may be booked all the same.
 */
export function customsDataMissing(
  receiver: Party,
  customs: NonNullable<ReturnType<typeof customsOf>>,
  lines: readonly CustomsLine[],
): Problem {
  const skus = lines.map(({ sku }) => sku).join(', ');
  const unweighed = lines.filter(({ unitWeightGrams }) => !unitWeightGrams).map(({ sku }) => sku);
  const unreachable = [
    ...(receiver.phone === null ? ["the receiver's phone"] : []),
    ...(receiver.email === null ? ["the receiver's e-mail"] : []),
  ];
  const missing =
    customs.papers === 'aland'
      ? // carriers.md 10: HS numbers are not required there.
        ["the sender's tax border number (verorajanumero), or an invoice copy with values and costs"]
      : [
          'the kind of consignment (sale, gift, returned goods …)',
          `for each line (${skus}) a description in English, its value, its country of origin and its HS tariff number`,
          ...(unweighed.length > 0 ? [`the net weight of ${unweighed.join(', ')}`] : []),
          "the sender's EORI number",
          ...unreachable,
        ];
  const border =
    customs.papers === 'aland'
      ? 'Between Åland and the rest of Finland a parcel crosses a tax border and has to be declared'
      : `A parcel to ${customs.to} crosses a customs or tax border and has to be declared`;
  return {
    code: 'customs_data_missing',
    field: 'customs',
    problem: `${border}, and Lahetti makes no customs papers yet. Missing: ${missing.join('; ')}.`,
    remedy:
      'If its papers are made elsewhere, close this with "resolve": it is booked without customs data then. If they always are, say so in the settings (customs.papersElsewhere). If not, cancel the shipment and send it by hand.',
  };
}
