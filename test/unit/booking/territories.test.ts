import { describe, expect, test } from 'vitest';
import { customsOf } from '../../../src/booking/customs.ts';
import { territoryOf } from '../../../src/booking/territories.ts';

test.each([
  ['FI', '00100', 'eu'],
  ['FI', '22100', 'aland'],
  ['AX', '22100', 'aland'],
  ['SE', '111 22', 'eu'],
  ['MC', '98000', 'eu'],
  ['FR', '98000', 'eu'],
  ['FR', '75001', 'eu'],
  ['FR', '97400', 'outside_vat_area'],
  ['FR', '97133', 'outside_customs_area'],
  ['FR', '98800', 'outside_customs_area'],
  ['GP', '97110', 'outside_vat_area'],
  ['ES', '28001', 'eu'],
  ['ES', '35001', 'outside_vat_area'],
  ['ES', '38 001', 'outside_vat_area'],
  ['ES', '51001', 'outside_customs_area'],
  ['ES', '52001', 'outside_customs_area'],
  ['IT', '23041', 'outside_customs_area'],
  ['IT', 'IT-22061', 'outside_vat_area'],
  ['DE', '27498', 'outside_customs_area'],
  ['DE', '78266', 'outside_customs_area'],
  ['DE', '22100', 'eu'],
  ['GR', '630 86', 'outside_vat_area'],
  ['GB', 'BT1 5GS', 'eu'],
  ['GB', 'SW1A 1AA', 'outside_customs_area'],
  ['GB', 'B1 1AA', 'outside_customs_area'],
  ['FO', '100', 'outside_customs_area'],
  ['GL', '3900', 'outside_customs_area'],
  ['NO', '0150', 'outside_customs_area'],
  ['TR', '34000', 'outside_customs_area'],
  ['SM', '47890', 'outside_customs_area'],
  ['US', '02101', 'outside_customs_area'],
])('%s %s is %s', (country, postcode, area) => expect(territoryOf(country, postcode).area).toBe(area));

describe('a parcel needs customs data', () => {
  const place = (country: string, postcode = '00000') => ({ country, postcode });
  test.each([
    ['within Finland', place('FI'), place('FI'), null],
    ['to another member state', place('FI'), place('SE'), null],
    ['from the mainland to Åland', place('FI'), place('AX', '22100'), 'aland'],
    ['from Åland to the mainland', place('AX', '22100'), place('FI'), 'aland'],
    ['within Åland', place('AX', '22100'), place('AX', '22150'), null],
    ['from Åland to another member state', place('AX', '22100'), place('SE'), 'abroad'],
    ['to the Canary Islands', place('FI'), place('ES', '35001'), 'abroad'],
    ['to Norway', place('FI'), place('NO'), 'abroad'],
  ])('%s: %j', (_name, from, to, papers) => expect(customsOf(from, to)?.papers ?? null).toBe(papers));
});
