import { describe, expect, test } from 'vitest';
import { runStep } from './patience.ts';
import type { OrderInHand } from './order.ts';
import type { Shop } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();
const { pool, stores } = world;

/** What Posti takes for a parcel that weighs less. */
const leastGrams = 100;
/** 20 of the shop's units: a pair of socks where it weighs in grams. */
const socks = { lines: [{ name: 'Villasukat', sku: 'SUKKA-1', weight: 20 }] };

async function plannedGrams(order: OrderInHand): Promise<number> {
  const { rows } = await pool.query<{ grams: number }>(
    `select (r.content->'booking'->'parcels'->0->>'weightGrams')::int as grams
       from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk join lahetti.stores st on st.id = o.store_id
       join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision
      where o.order_id = $1 and st.store_hash = $2`,
    [order.ref.orderId, order.ref.storeHash],
  );
  return rows[0]!.grams;
}

/** A shop that weighed in kilograms when it was connected. */
async function shopInKilograms(): Promise<Shop> {
  const shop = await world.shop({ speed: 1 });
  await shop.inTheShop({ weightUnits: 'KGS' });
  await stores.informationChanged(shop.storeHash);
  return shop;
}

const timeline = async (order: OrderInHand): Promise<string[]> => {
  const { rows } = await pool.query<{ words: string }>(
    `select t.words from lahetti.timeline t join lahetti.orders o on o.id = t.order_pk where o.order_id = $1
       and o.store_id = (select id from lahetti.stores where store_hash = $2) order by t.id`,
    [order.ref.orderId, order.ref.storeHash],
  );
  return rows.map(({ words }) => words);
};

describe('a shop that changes its unit of weight', () => {
  test('a shop that changes its unit of weight and says so has its next order read in the new unit', async () => {
    const shop = await shopInKilograms();
    const before = await shop.order(socks);
    expect(await plannedGrams(before)).toBe(20_000);

    await shop.inTheShop({ weightUnits: 'Grams' });
    await stores.informationChanged(shop.storeHash);
    const after = await shop.order(socks);
    expect(await plannedGrams(after)).toBe(leastGrams);
  });

  test('a shop that changes its unit of weight has what is not booked planned anew, and the timeline and the audit say why', async () => {
    const shop = await shopInKilograms();
    const [waiting, booked] = [await shop.order(socks), await shop.order(socks)];
    await booked.bookToTheEnd();
    await shop.inTheShop({ weightUnits: 'Grams' });
    await stores.informationChanged(shop.storeHash);
    await shop.order(socks);

    expect(await waiting.only()).toMatchObject({ phase: 'planned', lookAgain: true });
    expect(await waiting.waitingHints()).toBe(1);
    expect(await booked.waitingHints()).toBe(0);
    expect(await timeline(waiting)).toContain(
      'The shop’s unit of weight is Grams now, and was KGS. What is not booked is planned anew.',
    );
    const { rows } = await pool.query(
      `select who, people_before as before, people_after as after from lahetti.audit where what = 'store_units_changed' and subject = $1 order by id desc limit 1`,
      [`store/${shop.storeHash}`],
    );
    expect(rows).toMatchObject([{ who: 'shop', before: { weightUnits: 'KGS' }, after: { weightUnits: 'Grams' } }]);
    await waiting.look();
    expect(await plannedGrams(waiting)).toBe(leastGrams);
  });

  test('a shop that changes its unit of weight and whose hook is lost is asked once a day', async () => {
    const shop = await shopInKilograms();
    await shop.order(socks);
    await shop.inTheShop({ weightUnits: 'Grams' });
    expect(await plannedGrams(await shop.order(socks))).toBe(20_000);
    await pool.query(`update lahetti.stores set units_read_at = now() - interval '25 hours' where store_hash = $1`, [
      shop.storeHash,
    ]);
    expect(await plannedGrams(await shop.order(socks))).toBe(leastGrams);
  });

  test('a shop that changes its unit of weight while an older answer is on its way is asked again', async () => {
    const { storeHash } = await shopInKilograms();
    const asked = await stores.get(storeHash);
    await stores.informationChanged(storeHash);
    const kept = await stores.keepUnits(storeHash, { ...asked, asked: asked.unitsAsked });
    expect(kept.unitsReadAt).toBeNull();
  });

  test.each(['a known order', 'a new order'])(
    'an order that is read while %s changes is not planned by the former unit of weight',
    async (which) => {
      const shop = await shopInKilograms();
      const known = await shop.order(socks);
      const path = `/stores/${shop.storeHash}/orders`;
      const newId = async () => (await world.bigcommerce.control<{ id: number }>('POST', path, socks)).id;
      const orderId = which === 'a new order' ? await newId() : known.ref.orderId;

      // Between its reading and its plan, another look hears of the change, and has everything planned anew.
      let isChanged = false;
      await shop.chooseSettings({ pickupPoint: { metafield: { namespace: 'checkout', key: 'point' } } });
      shop.meddle(async (request, answer) => {
        if (isChanged || !request.url.includes(`/orders/${orderId}/metafields`)) return answer;
        isChanged = true;
        const asked = await stores.get(shop.storeHash);
        await stores.keepUnits(shop.storeHash, { ...asked, weightUnits: 'Grams', asked: asked.unitsAsked });
        return answer;
      });
      const order = known.sibling(orderId);
      await runStep(() => shop.worker.lookAtOrder(order.ref));
      expect(isChanged).toBe(true);
      expect(await plannedGrams(order)).toBe(leastGrams);
    },
  );

  test('a shop that does not let us read its unit of weight has orders read by the known one, and the missing scope is one incident', async () => {
    const shop = await world.shop({ speed: 1 });
    await shop.order(socks);
    await stores.informationChanged(shop.storeHash);
    const title = "You don't have a required scope to access the endpoint";
    const path = `/${shop.storeHash}/v2/store$`;
    const mend = await world.bigcommerce.harm({
      ...{ kind: 'status', status: 403, body: { status: 403, title, errors: {} }, times: -1, path },
    });
    for (let i = 0; i < 2; i++) expect(await plannedGrams(await shop.order(socks))).toBe(leastGrams);
    expect(await shop.troubles()).toEqual([
      { system: 'bigcommerce_information', state: 'closed', reason: 'bigcommerce_scope_missing' },
    ]);
    await mend();
  });

  test('a shop that cannot tell its unit of weight has no orders read by the old one', async () => {
    const shop = await world.shop({ speed: 1_000 });
    const order = await shop.order(socks);
    await stores.informationChanged(shop.storeHash);
    const path = `/${shop.storeHash}/v2/store$`;
    const mend = await world.bigcommerce.harm({ kind: 'status', status: 503, times: -1, path });
    await expect(runStep(() => shop.worker.lookAtOrder(order.ref))).rejects.toMatchObject({ kind: 'retryable' });
    await mend();
    await order.look();
  });
});
