import type { OrderRef } from '../src/domain/order-ref.ts';
import type { OrderView } from '../src/orders/view.ts';
import type { LabelView } from '../src/http/api/labels/queries.sql.ts';
import { ask, AskError } from './ask.ts';

export interface TimelineLine {
  readonly at: string;
  readonly n: number | null;
  readonly what: string;
  readonly words: string;
  readonly who: string;
}

/** Our own API, as an operator's program uses it. Instants are ISO 8601 texts. */
export interface OurApi {
  /** Undefined for an order that we do not know. */
  order(storeHash: string, orderId: number): Promise<OrderView | undefined>;
  timeline(storeHash: string, orderId: number): Promise<TimelineLine[]>;
  labels(storeHash: string, orderId: number): Promise<LabelView[]>;
  /** The labels that count of these orders as one PDF, and what the answer says is left out. They count as handed out. */
  mergedLabels(orders: readonly OrderRef[]): Promise<{ readonly pdf: Uint8Array; readonly leftOut: string | null }>;
  /** The bytes of a PDF. Counts as handed out. */
  labelFile(id: number): Promise<Uint8Array>;
}

export function createOurApi(url: string, token: string): OurApi {
  const headers = { authorization: `Bearer ${token}` };
  const orders = `${url}/api/v1/orders`;
  return {
    async order(storeHash, orderId) {
      try {
        return await ask<OrderView>('GET', `${orders}/${storeHash}/${orderId}`, undefined, headers);
      } catch (error) {
        if (error instanceof AskError && error.status === 404) return undefined;
        throw error;
      }
    },
    async timeline(storeHash, orderId) {
      const path = `${orders}/${storeHash}/${orderId}/timeline?limit=200`;
      return (await ask<{ timeline: TimelineLine[] }>('GET', path, undefined, headers)).timeline;
    },
    async labels(storeHash, orderId) {
      const path = `${orders}/${storeHash}/${orderId}/labels`;
      return (await ask<{ labels: LabelView[] }>('GET', path, undefined, headers)).labels;
    },
    async mergedLabels(chosen) {
      const body = JSON.stringify({
        orders: chosen.map(({ storeHash, orderId }) => ({ storeHash, orderId })),
        leaveOutUnmergeable: true,
      });
      const answer = await fetch(`${url}/api/v1/labels/pdf`, {
        ...{ method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } },
      });
      if (!answer.ok) throw new AskError('POST', answer.url, answer.status);
      const pdf = new Uint8Array(await answer.arrayBuffer());
      return { pdf, leftOut: answer.headers.get('labels-left-out') };
    },
    async labelFile(id) {
      const answer = await fetch(`${url}/api/v1/labels/${id}.pdf`, { headers });
      if (!answer.ok) throw new AskError('GET', answer.url, answer.status);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}
