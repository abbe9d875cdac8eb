import { fromTenThousandths } from './format.ts';

/** `<name>_ex_tax`, `_inc_tax`, `_tax` of an amount in ten-thousandths, at the invented shop's 25.5 %. */
export function withTax(name: string, incTax: number): Record<string, string> {
  const exTax = Math.round(incTax / 1.255);
  return {
    [`${name}_ex_tax`]: fromTenThousandths(exTax),
    [`${name}_inc_tax`]: fromTenThousandths(incTax),
    [`${name}_tax`]: fromTenThousandths(incTax - exTax),
  };
}
