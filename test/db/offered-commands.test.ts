import { beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { AppError } from '../../src/errors.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import type { CommandKind } from '../../src/domain/commands.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, type OrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

const refused = () => ({ outcome: 'refused', code: 'E99', words: 'no' }) as const;
const unknown = () => ({ outcome: 'unknown', code: 'timeout', trackingNumbers: [] }) as const;

async function desk(settings: Record<string, unknown> = {}, ...steps: ((it: OrderDesk) => unknown)[]) {
  const it = await anOrderDesk(pool, { settings });
  await it.look();
  for (const step of steps) await step(it);
  return it;
}

const book = (it: OrderDesk) => it.book();
const tell = (it: OrderDesk) => it.tell();
const end = (phase: string) => (it: OrderDesk) =>
  pool.query(
    `update lahetti.shipments set phase = $2 where order_pk in (select id from lahetti.orders where store_id = $1)`,
    [it.store.id, phase],
  );

/** Each phase, how an order comes to it, and which commands its shipment is said to take. */
const phases: [name: string, reach: () => Promise<OrderDesk>, offered: CommandKind[]][] = [
  ['planned', () => desk(), ['cancel', 'change', 'retry']],
  ['on hold', () => desk({}, (it) => it.command('hold')), ['cancel', 'change']],
  ['in observe mode', () => desk({ mode: 'observe' }), ['cancel', 'change']],
  [
    'planned, and blocked since its status no longer ships',
    () =>
      desk(
        {},
        (it) => it.shop.setStatus(7),
        (it) => it.look(),
      ),
    ['cancel', 'change', 'book'],
  ],
  ['not bookable as it stands', () => desk({ defaultService: null }), ['cancel', 'change']],
  ['refused by Posti', () => desk({}, (it) => it.carrier.answers.push(refused), book), ['cancel', 'change', 'retry']],
  [
    'perhaps booked',
    () => desk({ onUnknown: 'ask' }, (it) => it.carrier.answers.push(unknown), book),
    ['cancel', 'change', 'retry', 'resolve'],
  ],
  ['booked', () => desk({}, book), ['cancel', 'change', 'retry', 'mark_printed']],
  ['told to the shop', () => desk({}, book, tell), ['cancel', 'change', 'mark_printed']],
  [
    'booked, with a label that was handed out',
    () =>
      desk(
        {},
        book,
        (it) => it.handOut(),
        (it) => it.command('cancel', { n: 1 }),
      ),
    ['cancel', 'change', 'resolve', 'mark_printed'],
  ],
  [
    'refused by the shop',
    () =>
      desk(
        {},
        book,
        (it) =>
          (it.shop.nextCreate = () =>
            Promise.reject(new AppError('The shop said no.', { kind: 'refused', code: 'bigcommerce_refused' }))),
        tell,
      ),
    ['cancel', 'change', 'retry', 'resolve', 'mark_printed'],
  ],
  ['being cancelled', () => desk({}, book, tell, (it) => it.command('cancel', { n: 1 })), []],
  ['on its way', () => desk({}, book, tell, (it) => it.scan()), ['mark_printed']],
  ['delivered', () => desk({}, book, tell, end('delivered')), []],
  ['returned', () => desk({}, book, tell, end('returned')), []],
  ['cancelled by a person', () => desk({}, (it) => it.command('cancel', { n: 1 })), ['book']],
  [
    'cancelled in the shop',
    () =>
      desk(
        {},
        (it) => it.shop.setStatus(5),
        (it) => it.look(),
      ),
    [],
  ],
];

const ofAShipment: CommandKind[] = ['cancel', 'change', 'retry', 'resolve', 'book', 'mark_printed'];
const ofAnOrder: CommandKind[] = ['hold', 'unhold', 'reprocess', ...ofAShipment];

/** What a person who means it says with a command. */
const bodies: Partial<Record<CommandKind, object>> = {
  cancel: { labelDestroyed: true },
  change: { parcels: [{ weightGrams: 900 }], service: { service: 'PO2104' }, labelDestroyed: true },
};

const offers = async (it: OrderDesk, n: number | null) => {
  const state = await loadOrderState(pool, it.ref);
  return n === null ? state?.commands : state?.shipments[0]?.commands;
};

describe.each(phases)('a shipment that is %s', (_name, reach, offered) => {
  test('a shipment says which commands it takes, takes those, and refuses all others with the reason', async () => {
    const it = await reach();
    expect(await offers(it, 1)).toEqual(offered);
    for (const kind of ofAShipment.filter((each) => !offered.includes(each))) {
      const { outcome } = await it.command(kind, { n: 1, body: bodies[kind] ?? {} });
      expect({ kind, ...outcome }).toMatchObject({ kind, outcome: 'refused', reason: expect.stringMatching(/\.$/) });
    }
    for (const kind of offered) {
      const { outcome } = await (await reach()).command(kind, { n: 1, body: bodies[kind] ?? {} });
      expect({ kind, ...outcome }).toMatchObject({ kind, outcome: 'done' });
    }
  });

  test('an order says which commands it takes, takes those, and refuses all others with the reason', async () => {
    const it = await reach();
    const commands = (await offers(it, null)) ?? [];
    for (const kind of ofAnOrder.filter((each) => !commands.includes(each))) {
      const { outcome } = await it.command(kind, { body: bodies[kind] ?? {} });
      expect({ kind, ...outcome }).toMatchObject({ kind, outcome: 'refused' });
    }
    for (const kind of commands) {
      const { outcome } = await (await reach()).command(kind, { body: bodies[kind] ?? {} });
      expect({ kind, ...outcome }).toMatchObject({ kind, outcome: 'done' });
    }
  });

  test('an attention offers only those helpful commands that its shipment takes', async () => {
    const [shipment] = (await loadOrderState(pool, (await reach()).ref))?.shipments ?? [];
    for (const kind of shipment?.attention?.commands ?? []) expect(shipment?.commands).toContain(kind);
  });
});

test('an attempt that is out may be cancelled, and not changed', async () => {
  const it = await desk();
  it.carrier.answers.push(async () => {
    expect(await offers(it, 1)).toEqual(['cancel']);
    return refused();
  });
  await it.book();
});
