import type { Client } from 'pg';

/** What is waited for: an order's label was kept, the shop was told of its shipment, it is done. */
export type Landmark = 'label' | 'told' | 'done';

/** Hears of landmarks as they are committed, so that nobody has to poll for them. */
export interface Landmarks {
  /**
   * When it was reached, by `performance.now()`; also where that was before the call.
   * @throws Error when a limit has passed
   */
  reached(landmark: Landmark, storeHash: string, orderId: number, limitMs?: number): Promise<number>;
}

/** Triggers of the bench alone: a notification is delivered when its transaction is committed, and not before. */
const triggers = `
  create function bench_label() returns trigger language plpgsql as $$
  begin
    perform pg_notify('bench', 'label ' || st.store_hash || ' ' || o.order_id)
      from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk join lahetti.stores st on st.id = o.store_id
     where s.id = new.shipment_id;
    return null;
  end $$;
  create trigger bench_label after insert or update on lahetti.labels for each row
    when (new.pdf is not null and new.handed_out_at is null) execute function bench_label();
  create function bench_told() returns trigger language plpgsql as $$
  begin
    perform pg_notify('bench', 'told ' || st.store_hash || ' ' || o.order_id)
      from lahetti.orders o join lahetti.stores st on st.id = o.store_id where o.id = new.order_pk;
    return null;
  end $$;
  create trigger bench_told after update on lahetti.shipments for each row
    when (old.told <> 'told' and new.told = 'told') execute function bench_told();
  create function bench_done() returns trigger language plpgsql as $$
  begin
    perform pg_notify('bench', 'done ' || st.store_hash || ' ' || new.order_id)
      from lahetti.stores st where st.id = new.store_id;
    return null;
  end $$;
  create trigger bench_done after update on lahetti.orders for each row
    when (old.phase <> 'done' and new.phase = 'done') execute function bench_done();
`;

export async function openLandmarks(client: Client): Promise<Landmarks> {
  await client.query(triggers);
  const reached = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  client.on('notification', ({ payload = '' }) => {
    const at = performance.now();
    if (reached.has(payload)) return;
    reached.set(payload, at);
    waiting.get(payload)?.(at);
    waiting.delete(payload);
  });
  await client.query('listen bench');

  return {
    reached(landmark, storeHash, orderId, limitMs = 120_000) {
      const name = `${landmark} ${storeHash} ${orderId}`;
      const before = reached.get(name);
      if (before !== undefined) return Promise.resolve(before);
      return new Promise((resolve, reject) => {
        const give = () => {
          waiting.delete(name);
          reject(new Error(`Order ${storeHash}/${orderId} did not come to "${landmark}" within ${limitMs} ms.`));
        };
        const timer = setTimeout(give, limitMs);
        waiting.set(name, (at) => {
          clearTimeout(timer);
          resolve(at);
        });
      });
    },
  };
}
