import type { PlacedOrder } from './placed-orders.ts';

/** Where the demo tells how its orders are doing. */
export interface Table {
  readonly show: (orders: readonly PlacedOrder[]) => void;
  /** A line that stays. */
  readonly say: (words: string) => void;
}

interface Out {
  readonly isTTY?: boolean | undefined;
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** On a terminal a table that is drawn anew; elsewhere one line per change. */
export const createTable = (out: Out): Table => (out.isTTY ? drawn(out) : written(out));

function drawn(out: Out): Table {
  let height = 0;
  let last: readonly PlacedOrder[] = [];
  const erase = () => (height > 0 ? `\x1b[${height}A\x1b[J` : '');
  const draw = (before: string) => {
    const room = Math.max(5, (out.rows ?? 24) - 4);
    const lines = [cells('SHOP', 'ORDER', 'SCENARIO', 'STATE', 'PARCEL'), ...last.slice(-room).map(lineOf)].map(
      (line) => line.slice(0, (out.columns ?? 100) - 1),
    );
    out.write(`${erase()}${before}${lines.join('\n')}\n`);
    height = lines.length;
  };
  return {
    show: (orders) => {
      last = orders;
      draw('');
    },
    say: (words) => {
      if (last.length > 0) return draw(`${words}\n`);
      out.write(`${words}\n`);
    },
  };
}

function written(out: Out): Table {
  const shown = new Map<string, string>();
  return {
    show: (orders) => {
      for (const order of orders) {
        const name = `${order.storeHash}/${order.orderId}`;
        const line = lineOf(order);
        if (shown.get(name) === line) continue;
        shown.set(name, line);
        out.write(`${line}\n`);
      }
    },
    say: (words) => out.write(`${words}\n`),
  };
}

const cells = (shop: string, order: string, scenario: string, state: string, parcel: string): string =>
  `${shop.padEnd(14)}${order.padEnd(8)}${scenario.padEnd(20)}${state.padEnd(18)}${parcel}`.trimEnd();

function lineOf({ storeHash, orderId, scenario, state, isRight }: PlacedOrder): string {
  const shipments = state?.shipments ?? [];
  const parcel = shipments
    .map(({ phase, deliveryStatus, trackingNumbers }) =>
      [trackingNumbers.join(' + '), phase === 'planned' ? 'planned' : deliveryStatus.replaceAll('_', ' ')].join(' '),
    )
    .join('; ');
  const phase = state ? state.phase.replaceAll('_', ' ') : 'placed';
  return cells(storeHash, String(orderId), scenario.name, isRight ? `${phase} ✓` : phase, parcel.trim());
}
