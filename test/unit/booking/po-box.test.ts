import { expect, test } from 'vitest';
import { postBoxIn } from '../../../src/booking/po-box.ts';

test.each([
  ['PL 12', 'FI'],
  ['pl. 1234', 'FI'],
  ['Torikatu 5, PL 12', 'FI'],
  ['P.L. 12', 'FI'],
  ['PB 5', 'AX'],
  ['P.O. Box 77', 'GB'],
  ['PO Box 1', 'US'],
  ['5 Main Street, PO Box 1', 'GB'],
  ['Postfack 5', 'SE'],
  ['Postlåda 5', 'SE'],
  ['POBox 1', 'US'],
  ['Post Office Box 3', 'AU'],
  ['Postbox 12', 'FI'],
  ['Postilokero 9', 'FI'],
  ['Poste restante', 'SE'],
  ['POSTE-RESTANTE', 'FR'],
  ['Box 123', 'SE'],
  ['Postboks 5', 'NO'],
  ['Postfach 10 01', 'DE'],
  ['Postbus 33', 'NL'],
  ['BP 12', 'FR'],
  ['B.P. 12', 'FR'],
  ['Apartado 45', 'ES'],
])('the address %s in %s is a box at a post office', (line, country) =>
  expect(postBoxIn([line, null], country)).toBe(line),
);

test.each([
  ['Plankkukuja 12', 'FI'],
  ['Keksipolku 12 PLA', 'FI'],
  ['Kaupunginpl 12', 'FI'],
  ['pl. Wolności 12', 'PL'],
  ['Pl. 12 Marca 5', 'PL'],
  ['The Box 12', 'GB'],
  ['Boxwood Lane 4', 'GB'],
  ['Depo Box 5', 'GB'],
  ['Box 123', 'FI'],
  ['Postboxvägen 1', 'SE'],
  ['Postikuja 5', 'FI'],
  ['BP Road 4', 'FR'],
])('the address %s in %s is a street', (line, country) => expect(postBoxIn([line], country)).toBeUndefined());
