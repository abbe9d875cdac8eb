import { expect, test } from 'vitest';
import { draftShipment } from '../../../src/planning/draft.ts';
import { anOrder, liveSettings, type OrderBuilder } from '../../support/order-builder.ts';

const units = [{ lineId: 1, quantity: 1 }];
const draft = ({ order }: OrderBuilder, settings: Record<string, unknown> = {}, accepted: string[] = []) =>
  draftShipment(order, order.addresses[0]!, units, liveSettings({ defaultService: { service: 'ITPR' }, ...settings }), {
    accepted,
  });
const codes = (...args: Parameters<typeof draft>) => draft(...args).problems.map(({ code }) => code);

const toHome = { defaultService: { service: 'PO2103' } };
const oslo = anOrder().to({ country: 'NO', postcode: '0150', city: 'Oslo' });
const nobody = { ...oslo.order.billing, phone: null, email: null };
const laPalmas = anOrder().to({ country: 'ES', postcode: '35001', city: 'Las Palmas' });

test('a parcel to Åland or out of the EU is not booked without customs data', () => {
  expect(codes(anOrder().to('AX'), toHome)).toEqual(['customs_data_missing']);
  // As shops that know no Åland write it.
  expect(codes(anOrder().to({ postcode: '22100', city: 'Maarianhamina' }), toHome)).toEqual(['customs_data_missing']);
  expect(codes(oslo)).toEqual(['customs_data_missing']);
  expect(codes(laPalmas)).toEqual(['customs_data_missing']);
});

test('a parcel within the EU, or to Northern Ireland, needs no customs data', () => {
  expect(codes(anOrder(), toHome)).toEqual([]);
  expect(codes(anOrder().to({ country: 'SE', postcode: '11122', city: 'Stockholm' }))).toEqual([]);
  expect(codes(anOrder().to({ country: 'GB', postcode: 'BT1 5GS', city: 'Belfast' }))).toEqual([]);
});

test('the customs problem names what is missing: more for an export than for Åland', () => {
  const [abroad] = draft(oslo.with(1, { weightGrams: null })).problems;
  for (const part of ['NO', 'SUKKA-1', 'HS tariff number', 'country of origin', 'EORI', 'net weight']) {
    expect(abroad?.problem).toContain(part);
  }
  for (const there of ["receiver's", 'net weight']) expect(draft(oslo).problems[0]?.problem).not.toContain(there);
  const [unreachable] = draft(oslo.to({ phone: null, email: null }).is({ billing: nobody })).problems;
  expect(unreachable?.problem).toContain("the receiver's phone; the receiver's e-mail");
  const [aland] = draft(anOrder().to('AX'), toHome).problems;
  expect(aland?.problem).toContain('tax border number');
  expect(aland?.problem).not.toContain('HS tariff number');
});

test('the customs problem can be accepted for these goods and this destination, and for no other', () => {
  const asked = draft(oslo);
  expect(asked.plan.booking).toBeNull();
  const accepted = [asked.concern!];
  const booked = draft(oslo, {}, accepted);
  expect(booked.problems).toEqual([]);
  expect(booked.plan).toMatchObject({ booking: { service: 'ITPR' }, notes: ['customs_accepted'] });
  expect(booked.digest).not.toBe(asked.digest);
  expect(codes(laPalmas, {}, accepted)).toEqual(['customs_data_missing']);
});

test('a store whose papers are made elsewhere is not asked, of the border that it names', () => {
  const elsewhere = (...papersElsewhere: string[]) => ({ customs: { papersElsewhere } });
  expect(codes(anOrder().to('AX'), { ...toHome, ...elsewhere('aland') })).toEqual([]);
  expect(codes(oslo, elsewhere('aland'))).toEqual(['customs_data_missing']);
  expect(codes(oslo, elsewhere('aland', 'abroad'))).toEqual([]);
  expect(draft(oslo, elsewhere('abroad')).plan.notes).toEqual(['customs_papers_elsewhere']);
});

test('a parcel from Åland crosses the customs border to the mainland', () => {
  const sender = {
    name: 'Kauppa Kuusi',
    address1: 'Storagatan 2',
    postcode: '22100',
    city: 'Mariehamn',
    country: 'AX',
  };
  const onAland = { ...toHome, warehouses: [{ code: 'main', sender, contractNumber: '600123' }] };
  expect(codes(anOrder(), onAland)).toEqual(['customs_data_missing']);
  expect(codes(anOrder().to('AX'), onAland)).toEqual([]);
});

test('other problems are named before that of customs, which cannot be accepted before they are solved', () => {
  const [first, second] = draft(oslo.to({ city: null })).problems;
  expect([first?.code, second]).toEqual(['city_missing', undefined]);
  const unreachable = anOrder().to({ country: 'AX', postcode: '22100', phone: null, email: null });
  const both = draftShipment(
    { ...unreachable.order, billing: { ...unreachable.order.billing, phone: null, email: null } },
    unreachable.order.addresses[0]!,
    units,
    liveSettings(toHome),
  );
  expect(both.problems.map(({ code }) => code)).toEqual(['contact_missing', 'customs_data_missing']);
});
