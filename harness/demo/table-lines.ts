import type { PlacedOrder } from '../placed-orders.ts';

type Shown = Pick<PlacedOrder, 'storeHash' | 'orderId' | 'state' | 'isRight'> & {
  readonly scenario: { readonly name: string };
};

/** One word for the head of each column, and how narrow it may become where the terminal is: 0 is left out altogether. */
const columns = [
  { head: 'SHOP', least: 8 },
  { head: 'ORDER', least: 5 },
  { head: 'SCENARIO', least: 14 },
  { head: 'STATE', least: 17 },
  { head: 'DELIVERY', least: 10 },
  { head: 'PARCEL', least: 0 },
] as const;

/** Which gives way first where there is no room: a number says less than how the parcel is. */
const givesWay = [5, 2, 0, 4];
const gap = '  ';

export const legend =
  '✓ has ended as its scenario is meant to end: also where that is to be ignored, cancelled, or to need attention.';

/** The words of a sentence in lines of at most this width. */
export function wrapped(sentence: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** As wide as what stands in them, and as the terminal allows. The first line is the head. */
export function tableLines(orders: readonly Shown[], width: number): string[] {
  const rows = [columns.map(({ head }) => head as string), ...orders.map(cellsOf)];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  for (const i of givesWay) {
    const over = totalOf(widths) - width;
    if (over > 0) widths[i] = Math.max(columns[i]!.least, widths[i]! - over);
    // A few letters of a number are of no use to anybody.
    if (i === 5 && widths[i]! < 10 && over > 0) widths[i] = 0;
  }
  return rows.map((row) => lineOf(row, widths).slice(0, width));
}

/** For where no table can be drawn anew: a line that says all. */
export const orderLine = (order: Shown): string => {
  const [shop = '', number = '', scenario = '', ...rest] = cellsOf(order);
  return [`${shop}/${number}`.padEnd(18), scenario.padEnd(30), ...rest].join(gap).trimEnd();
};

function cellsOf({ storeHash, orderId, scenario, state, isRight }: Shown): string[] {
  const shipments = state?.shipments ?? [];
  const delivery = shipments.map(({ phase, deliveryStatus }) =>
    phase === 'planned' ? 'planned' : deliveryStatus.replaceAll('_', ' '),
  );
  const phase = state ? state.phase.replaceAll('_', ' ') : 'placed';
  return [
    storeHash,
    String(orderId),
    scenario.name,
    isRight ? `${phase} ✓` : phase,
    delivery.join(', '),
    shipments
      .map(({ trackingNumbers }) => trackingNumbers.join(' + '))
      .filter(Boolean)
      .join(', '),
  ];
}

const totalOf = (widths: readonly number[]): number => {
  const shown = widths.filter((width) => width > 0);
  return shown.reduce((sum, width) => sum + width, 0) + gap.length * (shown.length - 1);
};

const lineOf = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((text, i) => fit(text, widths[i]!))
    .filter((_, i) => widths[i]! > 0)
    .join(gap)
    .trimEnd();

const fit = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);
