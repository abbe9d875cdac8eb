import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { eventually } from '../support/wait.ts';
import { expectExactlyOneLive } from './exactly-one.ts';
import type { OrderInHand } from './order.ts';
import type { OnTheWay, Shop } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

/** What Posti, or the way to it, does to one attempt, and what has to come of it (docs/architecture.md, booking). */
interface Row {
  readonly name: string;
  readonly fault?: Omit<Fault, 'match'>;
  readonly onTheWay?: (wire: WireShipment[]) => WireShipment[];
  readonly prepare?: (shop: Shop) => Promise<unknown>;
  readonly parcels?: number;
  readonly httpMs?: number;
  /** A later attempt never meets it: the probe before it does. */
  readonly onlyFirst?: boolean;
  readonly state: 'live' | 'refused' | 'failed' | 'unknown';
  readonly code: string | null;
  /** Posti booked this attempt. */
  readonly booked: boolean;
  /** The answer told its numbers. */
  readonly numbered?: boolean;
}

interface WireShipment {
  parcels: { parcelNo: string }[];
  prints: { href?: string; data?: string }[];
}

const status = (code: number, rest: Partial<Fault> = {}) => ({ kind: 'status', status: code, ...rest }) as const;
const without = (key: 'data' | 'href') => (print: object) =>
  Object.fromEntries(Object.entries(print).filter(([name]) => name !== key));
const inactive = { error: { message: 'E41: Inactive pickup point, please choose an alternative pickup point' } };
const complaints = { errors: [{ message: "'600123' is not a valid contract number", location: 'x', code: 'ILLEGAL' }] };
const noBytes = (wire: WireShipment[]) => wire.map((s) => ({ ...s, prints: s.prints.map(without('data')) }));

const created = { state: 'live', code: null, booked: true } as const;
const refused = { state: 'refused', code: 'posti_refused', booked: false } as const;
const nothingSent = { state: 'failed', booked: false } as const;
const lost = { state: 'unknown', booked: true } as const;
const notCarriedOut = { state: 'unknown', booked: false } as const;

const rows: Row[] = [
  { ...created, name: 'a whole answer' },
  { ...created, name: 'an answer without the bytes of the label, whose link serves', onTheWay: noBytes },

  {
    ...refused,
    name: 'E41 in the dress of a server error',
    fault: status(500, { body: inactive }),
    code: 'pickup_point_inactive',
  },
  { ...refused, name: '200 with {errors}', fault: status(200, { body: complaints }) },
  { ...refused, name: '400', fault: status(400, { body: { code: 'MISSING', message: 'sender' } }) },
  { ...refused, name: '422', fault: status(422, { body: { message: 'no' } }) },

  { ...nothingSent, name: '401', fault: status(401), code: 'posti_token_refused' },
  { ...nothingSent, name: '403', fault: status(403, { body: { message: 'no' } }), code: 'posti_role_missing' },
  {
    ...nothingSent,
    name: 'a connection that never opened',
    prepare: closedPort,
    code: 'posti_connection_refused',
    onlyFirst: true,
  },
  {
    ...nothingSent,
    name: '404, as where the address is wrong',
    fault: status(404),
    code: 'posti_address_unknown',
  },
  { ...nothingSent, name: '429', fault: status(429), code: 'posti_throttled' },
  { ...nothingSent, name: '429 with Retry-After', fault: retryAfter(429), code: 'posti_throttled' },
  { ...nothingSent, name: '503 with Retry-After', fault: retryAfter(503), code: 'posti_closed' },

  { ...notCarriedOut, name: '503 without Retry-After', fault: status(503), code: 'posti_http_503' },
  { ...notCarriedOut, name: '408', fault: status(408), code: 'posti_http_408' },
  {
    ...notCarriedOut,
    name: 'a connection that broke before Posti booked',
    fault: { kind: 'refuse' },
    code: 'posti_reset',
  },
  { ...lost, name: '408 after Posti booked', fault: status(408, { after: true, body: '' }), code: 'posti_http_408' },
  { ...lost, name: '500 after Posti booked', fault: status(500, { after: true, body: '' }), code: 'posti_http_500' },
  { ...lost, name: 'a connection that broke after Posti booked', fault: { kind: 'hangup-after' }, code: 'posti_reset' },
  {
    ...lost,
    name: 'an answer that came too late',
    fault: { kind: 'slow', ms: 2_500 },
    httpMs: 1_500,
    code: 'posti_total_timeout',
  },
  { ...lost, name: 'half an answer', fault: { kind: 'half-answer' }, code: 'posti_answer_cut' },
  { ...lost, name: 'an answer that nobody can read', fault: { kind: 'garbage' }, code: 'posti_unreadable' },
  { ...lost, name: 'a page instead of an answer', fault: { kind: 'html' }, code: 'posti_unreadable' },
  {
    ...lost,
    name: 'fewer numbers than parcels',
    onTheWay: (wire) => wire.map((s) => ({ ...s, parcels: s.parcels.slice(1) })),
    ...{ parcels: 2, code: 'posti_parcel_number_missing', numbered: true },
  },
  {
    ...lost,
    name: 'numbers without any print',
    onTheWay: (wire) => wire.map((s) => ({ ...s, prints: [] })),
    ...{ code: 'posti_label_missing', numbered: true },
  },
];

describe.each(['with', 'without'] as const)('%s access to Tracking', (access) => {
  describe.each([1, 2])('attempt %d', (spoiled) => {
    const met = rows.filter(({ onlyFirst }) => spoiled === 1 || !onlyFirst);
    test.concurrent.each(met)('the attempt ends as expected after $name: $state', async (row) => {
      const shop = await world.shop({ speed: 20_000, trackingAccess: access === 'with', httpMs: row.httpMs ?? 5_000 });
      const order = await shop.order(weighing(row.parcels ?? 1));
      if (spoiled === 2) await firstAttemptBreaks(order);
      await spoil(shop, order, row, spoiled);

      const shipment = await order.bookToTheEnd();
      const attempts = await order.attempts();
      expect(attempts[spoiled - 1]).toMatchObject({ state: row.state, code: row.code });
      expect(shipment.attention?.code ?? null).toBe(row.state === 'refused' ? row.code : null);
      expect(attempts.at(-1)!.state).toBe(row.state === 'refused' ? 'refused' : 'live');
      expect(attempts).toHaveLength(spoiled + (row.state === 'unknown' || row.state === 'failed' ? 1 : 0));

      const reference = order.reference(spoiled);
      const bookingsOf = async () => (await order.bookings()).filter((booking) => booking.reference === reference);
      // A request that timed out may be carried out after all, and late.
      await eventually(async () => expect(await bookingsOf()).toHaveLength(row.booked ? 1 : 0));
      await expectExactlyOneLive(order, row.onTheWay ? [reference] : []);

      if (row.state !== 'unknown') return;
      await shop.watch();
      const numbers = (await bookingsOf()).flatMap(({ parcels }) => parcels.map(({ parcelNo }) => parcelNo));
      const isKnown = row.numbered || (access === 'with' && row.booked);
      const watched = (await order.attempts())[spoiled - 1]!;
      expect(watched.watch).toBe(isKnown ? 'confirmed_orphan' : 'possible_orphan');
      if (!isKnown) expect(watched.numbers).toEqual([]);
      else if (row.name === 'fewer numbers than parcels')
        expect(numbers).toEqual(expect.arrayContaining([...watched.numbers]));
      else expect(watched.numbers).toEqual(numbers);
      await shop.endWatch();
    });
  });
});

/** The possible orphan that was there before: nothing was booked by it. */
async function firstAttemptBreaks(order: OrderInHand): Promise<void> {
  await world.posti.harm({ kind: 'hangup-before', match: `"${order.reference(1)}"` });
  await order.bookOnce();
  expect(await order.attempts()).toMatchObject([{ state: 'unknown', watch: 'possible_orphan' }]);
}

async function spoil(shop: Shop, order: OrderInHand, row: Row, attempt: number): Promise<void> {
  const mark = `"${order.reference(attempt)}"`;
  if (row.fault) await world.posti.harm({ ...row.fault, match: mark, times: row.fault.kind === 'status' ? -1 : 1 });
  await row.prepare?.(shop);
  const { onTheWay } = row;
  if (!onTheWay) return;
  const change: OnTheWay = (request, answer) => {
    if (!request.body?.includes(mark)) return answer;
    const changed = JSON.stringify(onTheWay(JSON.parse(answer.text()) as WireShipment[]));
    return { ...answer, bytes: Buffer.from(changed), text: () => changed };
  };
  shop.meddle(change);
}

/** The log-in sends us, for a moment, to a port where nobody listens. */
async function closedPort(shop: Shop): Promise<void> {
  await world.posti.harm({
    ...{ kind: 'status', status: 200, path: '/auth', match: shop.clientId },
    body: {
      ...{ access_token: 'nowhere', expires_in: 0.001 },
      posti_fi: { targets: { shippingapi: { url: 'http://127.0.0.1:9' } } },
    },
  });
}

function retryAfter(code: number): Fault {
  return status(code, { headers: { 'retry-after': '1' } });
}

const weighing = (parcels: number) =>
  parcels === 1 ? {} : { lines: [{ name: 'Kivi', quantity: parcels, weight: 20_000 }] };
