import { expect, test } from 'vitest';
import { judge, type Evidence } from '../../../harness/checker.ts';
import type { PostiBooking } from '../../../harness/posti.ts';
import { delivered } from '../../../harness/scenario.ts';
import { summarise } from '../../../harness/demo/summary.ts';

const number = 'JJFI60010000000000001';
const booking = (change: Partial<PostiBooking> = {}): PostiBooking => ({
  id: 'b1',
  reference: '1-100-1-1',
  service: 'PO2104',
  agent: null,
  contract: '600100',
  receiver: { zipcode: '00530' },
  parcels: [{ parcelNo: number, status: 'DELIVERED' }],
  usableLabel: true,
  ...change,
});

/** An order that ended well: one parcel, delivered, told to the shop once. */
function aGoodEnd({ bookings = [booking()], told = [number], attempts = ['live'] } = {}): Evidence {
  const shipment = {
    ...{ n: 1, phase: 'delivered', deliveryStatus: 'delivered', told: 'told', labelKept: true },
    trackingNumbers: [number],
  };
  const detail = {
    n: 1,
    service: 'PO2104',
    attempts: attempts.map((state, i) => ({ reference: `1-100-1-${i + 1}`, state })),
  };
  const view = {
    state: { phase: 'done', unshipped: {}, shipments: [shipment] },
    engine: 'not_running',
    shipments: [detail],
  };
  return {
    view: view as unknown as NonNullable<Evidence['view']>,
    bookings: new Map([[1, bookings]]),
    shopOrder: {
      id: 100,
      status_id: 2,
      lines: [],
      shipments: told.map((number, i) => ({ id: i + 1, tracking_number: number, items: [], by: 'client-demo' })),
    },
  };
}

const end = delivered({ service: 'PO2104', parcels: 1 });
const lost = booking({ id: 'b2', reference: '1-100-1-2', usableLabel: false });

test('an order that ended as its scenario says is right', () => {
  expect(judge(end, aGoodEnd())).toEqual([]);
});

test.each([
  [
    'two bookings of one attempt',
    aGoodEnd({ bookings: [booking(), booking({ id: 'b2' })] }),
    /has 2 bookings of attempt/,
  ],
  ['no booking at Posti', aGoodEnd({ bookings: [] }), /has 0 bookings of attempt/],
  ['a label nobody has', aGoodEnd({ bookings: [booking({ usableLabel: false })] }), /usable labels .* is 0/],
  ['another service', aGoodEnd({ bookings: [booking({ service: 'PO2103' })] }), /service .* is PO2103/],
  ['a pickup point nobody chose', aGoodEnd({ bookings: [booking({ agent: '331003256' })] }), /pickup point/],
  ['a booking that we do not list', aGoodEnd({ bookings: [booking(), lost] }), /do not list it/],
  ['the shop told twice', aGoodEnd({ told: [number, number] }), /shop's records .* is 2/],
  ['the shop told a dead number', aGoodEnd({ told: [number, 'JJFI60010000000000009'] }), /not of a live shipment/],
  [
    'an order that the shop does not show as Shipped',
    { ...aGoodEnd(), shopOrder: { ...aGoodEnd().shopOrder, status_id: 11 } },
    /status in the shop is 11 and should be 2/,
  ],
  ['an order that we do not know', { ...aGoodEnd(), view: undefined }, /do not know/],
])('%s is a complaint', (_name, evidence, complaint) => {
  expect(judge(end, evidence).join('\n')).toMatch(complaint);
});

test('a lost booking that we list as an orphan is none where programs were killed, and one where nothing explains it', () => {
  const evidence = aGoodEnd({ bookings: [booking(), lost], attempts: ['live', 'unknown'] });
  expect(judge(end, evidence, { attemptsMayBeLost: true })).toEqual([]);
  expect(judge(end, evidence)).toEqual(['The attempts of shipment 1 are live, unknown and should be live.']);
});

test('a booking whose label was behind a link that had expired is given up, and no complaint where links may expire', () => {
  const evidence = aGoodEnd({ bookings: [booking(), lost], attempts: ['live', 'superseded'] });
  const given = evidence.view!.shipments[0]!.attempts as unknown as { code?: string }[];
  given[1]!.code = 'label_lost';
  expect(judge(end, evidence, { attemptsMayBeLost: true })).toEqual([]);
  expect(judge(end, evidence)).not.toEqual([]);
});

test('a lost booking that the scenario brings about has to be there', () => {
  const attempts = ['unknown', 'live'] as const;
  const withOrphan = delivered({ service: 'PO2104', parcels: 1, attempts });
  const orphan = booking({ id: 'b0', usableLabel: false });
  const live = booking({ reference: '1-100-1-2' });
  expect(judge(withOrphan, aGoodEnd({ bookings: [orphan, live], attempts: [...attempts] }))).toEqual([]);
  expect(judge(withOrphan, aGoodEnd({ bookings: [live], attempts: [...attempts] }))).toEqual([
    'Posti has 0 bookings of attempt 1-100-1-1, which is unknown.',
  ]);
  expect(judge(withOrphan, aGoodEnd()).join()).toMatch(/attempts of shipment 1 are live and should be unknown, live/);
});

test('attempts that created nothing because Posti was busy are no complaint, and count where the scenario is about them', () => {
  const busy = aGoodEnd({ bookings: [booking({ reference: '1-100-1-3' })], attempts: ['failed', 'failed', 'live'] });
  expect(judge(end, busy)).toEqual([]);
  const aboutIt = delivered({ service: 'PO2104', parcels: 1, attempts: ['failed', 'live'] });
  expect(judge(aboutIt, busy)).toEqual([]);
  expect(judge(aboutIt, aGoodEnd()).join()).toMatch(/should be failed, live/);
});

test('a label that was replaced is neither a duplicate nor a shipment', () => {
  const replaced = booking();
  const live = booking({ id: 'b2', reference: '1-100-1-2' });
  const takenBack = new Set(['1-100-1-1']);
  expect(summarise({ phases: ['done'], bookings: [replaced, live], takenBack, labels: 1, seconds: 1 })).toMatchObject({
    ...{ shipments: 1, delivered: 1, duplicates: 0, orphans: 0, takenBack: 1 },
  });
});

test('the summary counts shipments, not attempts', () => {
  const again = booking({ id: 'b3', reference: '1-100-1-3' });
  const other = booking({ id: 'b4', reference: '1-101-1-1' });
  const bookings = [booking(), lost, again, other];
  expect(
    summarise({
      phases: ['done', 'done', 'ignored'],
      bookings,
      takenBack: new Set<string>(),
      labels: 2,
      seconds: 1.23,
    }),
  ).toEqual({
    ...{ orders: 3, shipments: 2, delivered: 3, ignored: 1, cancelled: 0, attention: 0 },
    ...{ duplicates: 1, orphans: 1, takenBack: 0, labels: 2, seconds: 1.2 },
  });
});

test('a weight, a link or a method that is another than the scenario’s is complained about', () => {
  const scenario = delivered({
    ...{ service: 'PO2104', parcels: 1, grams: 400 },
    shopperReads: { link: '/sv/uppfoljning', method: 'Hempaket' },
  });
  const given = (weight: number, tracking_link: string, shipping_method: string): Evidence => {
    const good = aGoodEnd({
      bookings: [booking({ parcels: [{ parcelNo: number, status: 'DELIVERED', weight }] })],
    });
    const shipments = good.shopOrder.shipments.map((record) => ({ ...record, tracking_link, shipping_method }));
    return { ...good, shopOrder: { ...good.shopOrder, shipments } };
  };
  const link = 'https://www.posti.fi/sv/uppfoljning#/lahetys/1';
  expect(judge(scenario, given(0.4, link, 'Hempaket'))).toEqual([]);
  expect(judge(scenario, given(0.1, link.replace('/sv/uppfoljning', '/fi/seuranta'), 'Kotipaketti'))).toEqual([
    expect.stringContaining('The weight'),
    expect.stringContaining('the link'),
    expect.stringContaining('The method'),
  ]);
});
