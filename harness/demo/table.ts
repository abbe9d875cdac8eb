import type { PlacedOrder } from '../placed-orders.ts';
import { legend, orderLine, tableLines, wrapped } from './table-lines.ts';

/** Where the demo tells how its orders are doing. */
export interface Table {
  readonly show: (orders: readonly PlacedOrder[]) => void;
  /** A line that stays. */
  readonly say: (words: string) => void;
  /** The last line, below all. */
  readonly close: (words: string) => void;
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
    const room = Math.max(5, (out.rows ?? 24) - 6);
    const width = (out.columns ?? 100) - 1;
    const lines = [...tableLines(last.slice(-room), width), '', ...wrapped(legend, width)];
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
    close: (words) => out.write(`\n${words}\n`),
  };
}

function written(out: Out): Table {
  const shown = new Map<string, string>();
  return {
    show: (orders) => {
      if (shown.size === 0 && orders.length > 0) out.write(`${legend}\n`);
      for (const order of orders) {
        const name = `${order.storeHash}/${order.orderId}`;
        const line = orderLine(order);
        if (shown.get(name) === line) continue;
        shown.set(name, line);
        out.write(`${line}\n`);
      }
    },
    say: (words) => out.write(`${words}\n`),
    close: (words) => out.write(`${words}\n`),
  };
}
