import bwip from 'bwip-js/node';

/** A barcode as bars: offsets and widths in modules from the left edge of the first bar, and its whole width. */
export interface Bars {
  modules: number;
  bars: { at: number; width: number }[];
}

/** Code 128 of a text; bwip-js chooses the code sets and computes the check symbol. */
export function code128(text: string): Bars {
  const [symbol] = bwip.raw({ bcid: 'code128', text });
  if (symbol === undefined || !('sbs' in symbol)) throw new Error(`No Code 128 for "${text}".`);
  let at = 0;
  const bars: Bars['bars'] = [];
  // Space/bar succession: bar, space, bar, …
  symbol.sbs.forEach((width, i) => {
    if (i % 2 === 0) bars.push({ at, width });
    at += width;
  });
  return { modules: at, bars };
}
