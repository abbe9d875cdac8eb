/* eslint-disable @typescript-eslint/no-unsafe-member-access -- wire bodies: the assertions are what checks them */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop } from './bigcommerce-shop.ts';

const { call, control, target } = await openShop();
afterAll(() => target.close());

test('the metafields of an unknown order are 404, as an object (6.4)', async () => {
  const { status, body } = await call('GET', '/v3/orders/999999999/metafields');
  expect([status, body.status]).toEqual([404, 404]);
});

if (control !== undefined) {
  const other = { token: 'other' };
  beforeAll(() => control.account({ token: 'other', clientId: 'other' }));
  const anOrder = async () => `/v3/orders/${await control.order({ lines: [{ name: 'Cup' }] })}/metafields`;
  const field = { permission_set: 'app_only', namespace: 'lahetti', key: 'parcel', value: 'JJFI1' };

  describe('order metafields', () => {
    test('order metafields are created with 200, read, changed and deleted with 204 (8)', async () => {
      const path = await anOrder();
      const created = await call('POST', path, field);
      expect(created.status).toBe(200);
      expect(created.body.data).toMatchObject({ ...field, id: expect.any(Number), resource_type: 'order' });
      expect(created.body.data.date_created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
      const one = `${path}/${created.body.data.id}`;
      expect((await call('PUT', one, { value: 'JJFI2' })).body.data.value).toBe('JJFI2');
      expect((await call('GET', `${path}?namespace=lahetti&key=parcel`)).body.data).toHaveLength(1);
      expect((await call('DELETE', one)).status).toBe(204);
      expect((await call('GET', one)).status).toBe(404);
    });

    test('order metafields refuse the same namespace and key of the same client with 409, not of another (8)', async () => {
      const path = await anOrder();
      await call('POST', path, field);
      expect((await call('POST', path, field)).status).toBe(409);
      expect((await call('POST', path, field, other)).status).toBe(200);
    });

    test('order metafields that are app_only do not exist for others, and others cannot write those that they may read (8)', async () => {
      const path = await anOrder();
      const hidden = (await call('POST', path, field)).body.data.id as number;
      const shown = (await call('POST', path, { ...field, key: 'shown', permission_set: 'read' })).body.data
        .id as number;
      const seen = (await call('GET', path, undefined, other)).body.data as { id: number }[];
      expect(seen.map(({ id }) => id)).toEqual([shown]);
      expect((await call('GET', `${path}/${hidden}`, undefined, other)).status).toBe(404);
      expect((await call('PUT', `${path}/${shown}`, { value: 'x' }, other)).status).toBe(403);
    });

    test('order metafields are listed for all orders, by namespace, key and date, each with its order (8)', async () => {
      const [one, two] = [await anOrder(), await anOrder()];
      const namespace = `all${Date.now()}`;
      for (const path of [one, two]) await call('POST', path, { ...field, namespace });
      await call('POST', one, { ...field, namespace, key: 'other' });
      const list = async (query: string) => {
        const path = `/v3/orders/metafields?namespace:in=${namespace}&key:in=parcel,none&limit=250${query}`;
        return ((await call('GET', path)).body.data as { resource_id: number }[]).map(({ resource_id: id }) => id);
      };
      const ids = [one, two].map((path) => Number(path.split('/')[3]));
      expect(await list('')).toEqual(ids);
      expect(await list('&direction=desc')).toEqual([...ids].reverse());
      const at = (ms: number) => encodeURIComponent(new Date(Date.now() + ms).toISOString().slice(0, 19) + '+00:00');
      expect(await list(`&date_modified:min=${at(-60_000)}`)).toEqual(ids);
      expect(await list(`&date_modified:min=${at(60_000)}`)).toEqual([]);
    });

    test('order metafields take text only, and name the bad fields with 422 (8)', async () => {
      const { status, body } = await call('POST', await anOrder(), { ...field, value: 7, key: 'k'.repeat(65) });
      expect([status, Object.keys(body.errors as object).sort()]).toEqual([422, ['key', 'value']]);
    });
  });
}
