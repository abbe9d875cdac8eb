import { expect, test } from 'vitest';
import { startWorld } from './world.ts';

const world = await startWorld();

test('goods that are too large for the service need a person before Posti is asked, who may say that they fit', async () => {
  const shop = await world.shop({ settings: { defaultService: { service: 'PO2461' } } });
  const lines = [{ name: 'Taulu', sku: 'TAULU-1', weight: 900, size: { width: 34, height: 24, depth: '3.2' } }];
  const order = await shop.order({ lines });
  expect(await order.bookToTheEnd()).toMatchObject({ attention: { code: 'service_size_exceeded' } });
  expect((await order.problems())[0]!.problem).toContain('34 × 24 × 3.2 cm');
  expect(await order.bookings()).toEqual([]);

  expect(await order.command('change', { parcels: [{ weightGrams: 950 }] })).toEqual({ outcome: 'done' });
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked' });
});

test('goods that fit, and goods whose size nobody entered, are booked', async () => {
  const shop = await world.shop({ settings: { defaultService: { service: 'PO2461' } } });
  const small = [{ name: 'Kortti', sku: 'KORTTI-1', weight: 100, size: { width: 15, height: 21, depth: 1 } }];
  for (const lines of [small, [{ name: 'Kirje', sku: 'KIRJE-1', weight: 100 }]]) {
    const order = await shop.order({ lines });
    expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked' });
  }
});
