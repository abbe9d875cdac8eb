import { describe, expect, test } from 'vitest';
import { legend, tableLines } from '../../../harness/demo/table-lines.ts';
import { scenarios } from '../../../harness/scenarios/all.ts';
import { demoStores } from '../../../harness/demo-stores.ts';
import { createTable } from '../../../harness/demo/table.ts';
import type { PlacedOrder } from '../../../harness/placed-orders.ts';

type Row = Parameters<typeof tableLines>[0][number];

const shipped = (deliveryStatus: string, trackingNumbers: string[]) =>
  ({
    phase: 'needs_attention',
    shipments: [{ phase: 'told', deliveryStatus, trackingNumbers }],
  }) as unknown as Row['state'];

/** An order of every scenario, of the shop with the longest name, and two parcels on their way. */
const rows: Row[] = scenarios.map(({ name }, i) => ({
  ...{ storeHash: demoStores[5]!.hash, orderId: 100 + i, scenario: { name }, isRight: true },
  state: shipped('handed_over_to_carrier', ['JJFI64600000000000001', 'JJFI64600000000000002']),
}));

describe('the table of the demo', () => {
  test('the table of the demo is as wide as its content where there is room: no column runs into the next', () => {
    const lines = tableLines(rows, 200);
    const at = lines[0]!.indexOf('STATE');
    for (const line of lines.slice(1)) {
      expect(line.slice(at - 2, at)).toBe('  ');
      expect(line.slice(at)).toMatch(/^needs attention ✓ {2}handed over to carrier {2}JJFI64600000000000001 \+ /);
    }
  });

  test.each([80, 100, 120])(
    'the table of the demo fits a terminal of %i columns, and shows how each parcel is',
    (width) => {
      const lines = tableLines(rows, width - 1);
      for (const line of lines) expect(line.length).toBeLessThan(width);
      for (const line of lines.slice(1)) expect(line).toMatch(/needs attention ✓ {2}handed ove/);
    },
  );

  test('the table of the demo explains ✓ below, also for orders that need attention, and where the demo ended', () => {
    const written: string[] = [];
    const table = createTable({ isTTY: true, columns: 120, rows: 30, write: (text) => written.push(text) });
    table.show(rows as PlacedOrder[]);
    expect(written.join('')).toContain(legend);
    expect(legend).toMatch(/meant to end.*need attention/);
    table.close('The demo has ended.');
    expect(written.at(-1)).toBe('\nThe demo has ended.\n');
  });
});
