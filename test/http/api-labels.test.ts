import { PDF } from '@libpdf/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stackLimits } from '../../src/labels/desk.ts';
import { createToken } from '../../src/auth/tokens.ts';
import type { Role } from '../../src/auth/roles.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aLabel, trackingNumber, withFieldsThatViewersDraw } from '../unit/labels/label-files.ts';
import { aBookedShipment, type BookedShipment } from './booked-shipment.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
const tokens = {} as Record<Role, string>;

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  for (const role of ['viewer', 'operator'] as const) {
    tokens[role] = (await createToken(db.pool, `the ${role}`, role)).token;
  }
});
afterAll(() => app.close());
beforeEach(async () => {
  await db.pool.query(
    'truncate lahetti.stores, lahetti.orders, lahetti.commands, lahetti.audit restart identity cascade',
  );
  await app.stores.connect(aStore('kauppa1'));
});

/** Orders 1 to 3 of one shipment each, whose labels are 1 to 3; changes are for the second. */
async function threeOrders(changes: Partial<BookedShipment> = {}): Promise<void> {
  for (const id of [1, 2, 3]) {
    const pdf = Buffer.from(await aLabel(id));
    await aBookedShipment(db.pool, { storeHash: 'kauppa1', orderId: 100 + id, pdf, ...(id === 2 ? changes : {}) });
  }
}

const ask = (path: 'pdf' | 'zip', body: unknown, role: Role = 'operator') =>
  fetch(`${app.url}/api/v1/labels/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[role]}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const alone = (label: number) =>
  fetch(`${app.url}/api/v1/labels/${label}.pdf`, { headers: { authorization: `Bearer ${tokens.operator}` } });
const textsOf = async (answer: Response) => {
  expect(answer.status).toBe(200);
  const pdf = await PDF.load(new Uint8Array(await answer.arrayBuffer()));
  return pdf.getPages().map((page) => page.extractText().text.replaceAll(/\s/g, ''));
};
/** What the audit has of labels, in its order. */
const audited = async () =>
  (
    await db.pool.query<{ said: string }>(
      `select concat_ws(' ', who, what, subject, people_after) as said from lahetti.audit where what like 'label%' order by id`,
    )
  ).rows.map(({ said }) => said);
const handedOut = async () =>
  (
    await db.pool.query<{ id: number }>('select id from lahetti.labels where handed_out_at is not null order by id')
  ).rows.map(({ id }) => id);

describe('many labels as one PDF', () => {
  test('many labels as one PDF come in the given order, each once, and count as handed out', async () => {
    await threeOrders();
    const answer = await ask('pdf', { labels: [3, 1, 3, 2] });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    const texts = await textsOf(answer);
    expect(texts).toHaveLength(3);
    for (const [page, id] of [3, 1, 2].entries()) expect(texts[page]).toContain(trackingNumber(id));
    expect(await handedOut()).toEqual([1, 2, 3]);
    const { rows } = await db.pool.query(
      `select who, what, subject from lahetti.audit where what = 'label_handed_out' order by id`,
    );
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ who: 'token:the operator', subject: 'order/kauppa1/101' });
  });

  test('many labels as one PDF can be chosen by orders and shipments, and fetched again', async () => {
    await threeOrders();
    const orders = [
      { storeHash: 'kauppa1', orderId: 102 },
      { storeHash: 'kauppa1', orderId: 101, n: 1 },
    ];
    for (let time = 1; time <= 2; time++) {
      const texts = await textsOf(await ask('pdf', { orders }));
      expect(texts.map((text, i) => text.includes(trackingNumber([2, 1][i]!)))).toEqual([true, true]);
    }
    expect(await handedOut()).toEqual([1, 2]);
  });

  test('many labels as one PDF are marked as printed by a command for each shipment where that is asked for, and once', async () => {
    await threeOrders();
    await textsOf(await ask('pdf', { labels: [1, 2], markPrinted: true }));
    const { rows } = await db.pool.query('select order_id, n, kind, who from lahetti.commands order by order_id');
    expect(rows).toEqual([
      { order_id: 101, n: 1, kind: 'mark_printed', who: 'token:the operator' },
      { order_id: 102, n: 1, kind: 'mark_printed', who: 'token:the operator' },
    ]);
    await db.pool.query('update lahetti.labels set printed_at = now()');
    await textsOf(await ask('pdf', { labels: [1, 2], markPrinted: true }));
    expect((await db.pool.query('select from lahetti.commands')).rowCount).toBe(2);
  });

  test('many labels as one PDF may have pages of two sizes, unless one is asked for', async () => {
    await threeOrders({ media: 'thermo-225', pdf: Buffer.from(await aLabel(2, 'thermo-225')) });
    expect(await textsOf(await ask('pdf', { labels: [1, 2, 3] }))).toHaveLength(3);
    expect(await textsOf(await ask('pdf', { labels: [1, 3], size: 'A5' }))).toHaveLength(2);
    expect(await textsOf(await ask('pdf', { labels: [2], size: '107x225' }))).toHaveLength(1);
  });
});

describe('a label that is handed out again', () => {
  const again = (label: number, n = 100 + label) =>
    `token:the operator label_reprinted order/kauppa1/${n} {"label": ${label}, "source": "api", "shipment": 1}`;
  const ways: readonly [string, () => Promise<Response>][] = [
    ['alone', () => alone(2)],
    ['in a PDF of many', () => ask('pdf', { labels: [2] })],
    ['in a zip', () => ask('zip', { labels: [2] })],
  ];

  test.each(ways)(
    'a label handed out again %s is a reprint in the audit, with the label, its order and who asked',
    async (_how, print) => {
      await threeOrders();
      for (let time = 1; time <= 3; time += 1) {
        const answer = await print();
        expect(answer.status).toBe(200);
        await answer.arrayBuffer();
      }
      const [first, ...more] = await audited();
      expect(first).toBe('token:the operator label_handed_out order/kauppa1/102 {"shipment": 1}');
      expect(more).toEqual([again(2), again(2)]);
    },
  );

  test('a label handed out again beside new ones is the only reprint of the stack', async () => {
    await threeOrders();
    await (await ask('pdf', { labels: [2] })).arrayBuffer();
    await (await ask('zip', { labels: [1, 2, 3] })).arrayBuffer();
    expect((await audited()).filter((said) => said.includes('label_reprinted'))).toEqual([again(2)]);
    expect(await handedOut()).toEqual([1, 2, 3]);
  });

  test('a label whose second hand-out is refused is no reprint', async () => {
    await threeOrders();
    await (await ask('pdf', { labels: [2] })).arrayBuffer();
    await db.pool.query(`update lahetti.booking_attempts set state = 'superseded' where id = 3`);
    expect((await ask('pdf', { labels: [2, 3] })).status).toBe(409);
    expect(await audited()).toHaveLength(1);
  });
});

test('a label is known to be out since it was handed out first', async () => {
  await threeOrders();
  const since = async () =>
    (await db.pool.query<{ at: Date }>('select handed_out_at as at from lahetti.labels where id = 2')).rows[0]!.at;
  await (await ask('pdf', { labels: [2] })).arrayBuffer();
  await db.pool.query(`update lahetti.labels set handed_out_at = handed_out_at - interval '1 day' where id = 2`);
  const first = await since();
  await (await ask('pdf', { labels: [1, 2] })).arrayBuffer();
  expect(await since()).toEqual(first);
});

test('an order with a shipment that is being cancelled has the labels of its other shipments printed', async () => {
  await threeOrders({ cancelling: true });
  await db.pool.query(
    `update lahetti.shipments set n = 2, order_pk = (select id from lahetti.orders where order_id = 101)
      where order_pk = (select id from lahetti.orders where order_id = 102)`,
  );
  const texts = await textsOf(await ask('pdf', { orders: [{ storeHash: 'kauppa1', orderId: 101 }] }));
  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain(trackingNumber(1));
  expect(await handedOut()).toEqual([1]);
});

test('two stores that have an order of one number have only the labels of the named store printed', async () => {
  await threeOrders();
  await app.stores.connect(aStore('kauppa2'));
  await aBookedShipment(db.pool, { storeHash: 'kauppa2', orderId: 101, pdf: Buffer.from(await aLabel(4)) });
  for (const [storeHash, id] of [
    ['kauppa1', 1],
    ['kauppa2', 4],
  ] as const) {
    const texts = await textsOf(await ask('pdf', { orders: [{ storeHash, orderId: 101 }] }));
    expect(texts).toEqual([expect.stringContaining(trackingNumber(id))]);
  }
  const unknown = await ask('pdf', { orders: [{ storeHash: 'kauppa2', orderId: 103 }] });
  expect(await unknown.json()).toMatchObject({ labels: [{ orderId: 103, problem: 'unknown_order' }] });
});

describe('a stack of labels of which one can not be had', () => {
  const cases: readonly [string, Partial<BookedShipment>, string, object?][] = [
    ['was superseded', { attemptState: 'superseded' }, 'label_withdrawn'],
    ['is being cancelled', { cancelling: true }, 'label_withdrawn'],
    ['is not here yet', { pdf: null }, 'label_not_kept'],
    ['was erased', { pdf: null, erased: true }, 'label_erased'],
    ['has a broken file', { pdf: Buffer.from('%PDF-1.7 and no more') }, 'label_broken'],
    ['was made in another size', { media: 'thermo-225' }, 'other_size', { size: 'A5' }],
  ];
  test.each(cases)(
    'a stack of labels is refused because one of them %s, names it, and hands nothing out',
    async (_why, changes, code, options) => {
      await threeOrders(changes);
      const answer = await ask('pdf', { labels: [1, 2, 3], ...options });
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({
        code: 'labels_not_usable',
        labels: [{ label: 2, storeHash: 'kauppa1', orderId: 102, n: 1, problem: code }],
      });
      expect(await handedOut()).toEqual([]);
    },
  );

  test('a stack of labels names all labels that are wrong at once', async () => {
    await threeOrders({ attemptState: 'withdrawn' });
    const answer = await ask('zip', { labels: [1, 2, 77] });
    expect(answer.status).toBe(409);
    const { labels } = (await answer.json()) as { labels: { label: number; problem: string }[] };
    expect(labels.map(({ label, problem }) => `${label} ${problem}`)).toEqual([
      '77 unknown_label',
      '2 label_withdrawn',
    ]);
    expect(await handedOut()).toEqual([]);
  });

  test('a stack of labels names orders that are unknown, and those that have no label', async () => {
    await threeOrders({ attemptState: 'superseded' });
    const orders = [101, 102, 999].map((orderId) => ({ storeHash: 'kauppa1', orderId }));
    const answer = await ask('pdf', { orders });
    expect(await answer.json()).toMatchObject({
      labels: [
        { orderId: 102, problem: 'no_label' },
        { orderId: 999, problem: 'unknown_order' },
      ],
    });
  });

  test('a stack of labels is not handed out where one is withdrawn while it is being merged', async () => {
    await threeOrders();
    const locker = await db.pool.connect();
    // The order's lock is held, as by whatever supersedes its booking, until the hand-out waits for it.
    await locker.query('begin');
    await locker.query('select from lahetti.orders where order_id = 102 for update');
    const asked = ask('pdf', { labels: [1, 2, 3] });
    await expect
      .poll(
        async () =>
          (
            await db.pool.query(
              `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
            )
          ).rowCount,
        { timeout: 10_000 },
      )
      .toBe(1);
    await locker.query(`update lahetti.booking_attempts set state = 'superseded' where id =
      (select attempt_id from lahetti.labels where id = 2)`);
    await locker.query('commit');
    locker.release();
    const answer = await asked;
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ labels: [{ label: 2, problem: 'label_withdrawn' }] });
    expect(await handedOut()).toEqual([]);
  });
});

describe('a stack of labels of which one can not be merged', () => {
  const odd = { pdf: Buffer.from(withFieldsThatViewersDraw) };

  test('a stack with a label that cannot be merged names it, and can be fetched without it', async () => {
    await threeOrders(odd);
    const refused = await ask('pdf', { labels: [1, 2, 3] });
    const problem = { label: 2, problem: 'label_broken', trouble: 'form' };
    expect(await refused.json()).toMatchObject({
      labels: [problem],
      detail: expect.stringMatching(/form fields that the viewer has to draw/),
    });
    expect(await handedOut()).toEqual([]);

    const answer = await ask('pdf', { labels: [1, 2, 3], leaveOutUnmergeable: true });
    expect(answer.headers.get('labels-left-out')).toBe('2;trouble=form');
    const texts = await textsOf(answer);
    expect(texts.map((text, i) => text.includes(trackingNumber([1, 3][i]!)))).toEqual([true, true]);
    expect(await handedOut()).toEqual([1, 3]);
  });

  test('a stack with a label that cannot be merged can be fetched as a zip, and that one alone, byte for byte', async () => {
    await threeOrders(odd);
    expect((await ask('zip', { labels: [1, 2, 3] })).status).toBe(200);
    const answer = await alone(2);
    expect(Buffer.from(await answer.arrayBuffer()).equals(odd.pdf)).toBe(true);
  });

  test('a stack with a label that cannot be merged is refused where no other is left', async () => {
    await threeOrders(odd);
    expect((await ask('pdf', { labels: [2], leaveOutUnmergeable: true })).status).toBe(409);
    expect(await handedOut()).toEqual([]);
  });
});

test.each([
  ['one label', 'label-1.pdf', () => alone(1)],
  ['many labels', 'labels.pdf', () => ask('pdf', { labels: [1, 2] })],
  ['a zip of labels', 'labels.zip', () => ask('zip', { labels: [1, 2] })],
] as const)('%s is a file to save, of which a browser runs nothing', async (_what, filename, get) => {
  await threeOrders();
  const { headers } = await get();
  expect(headers.get('content-disposition')).toBe(`attachment; filename="${filename}"`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
});

describe('what is asked wrongly', () => {
  test.each([
    ['neither labels nor orders', {}],
    ['both', { labels: [1], orders: [{ storeHash: 'kauppa1', orderId: 1 }] }],
    ['no label', { labels: [] }],
    ['more than fit', { labels: Array.from({ length: stackLimits.labels + 1 }, (_, i) => i + 1) }],
    ['a size that there is not', { labels: [1], size: 'A4' }],
    ['a field that there is not', { labels: [1], skip: true }],
  ])('a label request with %s is answered 400', async (_what, body) => {
    expect((await ask('pdf', body)).status).toBe(400);
  });

  test('a label request by a viewer is answered 403', async () => {
    await threeOrders();
    expect((await ask('pdf', { labels: [1] }, 'viewer')).status).toBe(403);
    expect((await ask('zip', { labels: [1] }, 'viewer')).status).toBe(403);
    expect(await handedOut()).toEqual([]);
  });
});

test('many labels as a zip are a file for each, as Posti made it, named for store, order, shipment and label', async () => {
  await threeOrders();
  const answer = await ask('zip', { labels: [2, 1] });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/zip');
  const zip = Buffer.from(await answer.arrayBuffer());
  for (const id of [1, 2]) {
    expect(zip.includes(`kauppa1-${100 + id}-1-${id}.pdf`)).toBe(true);
    expect(zip.includes(Buffer.from(await aLabel(id)))).toBe(true);
  }
  expect(zip.indexOf('kauppa1-102-1-2.pdf')).toBeLessThan(zip.indexOf('kauppa1-101-1-1.pdf'));
  expect(await handedOut()).toEqual([1, 2]);
});
