import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import { roles, type Role } from '../../src/auth/roles.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { aSheet, type Sheet } from '../unit/labels/corpus/write-pdf.ts';
import { aLabelFile, anOrderDesk, type OrderDesk } from '../db/order-desk.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { aWorkerFor } from './carry-out.ts';
import { serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
let desk: OrderDesk;
let stopWorking: () => Promise<void>;
const tokens = {} as Record<Role, string>;

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool, { commandPatienceMs: 10_000 });
  for (const role of roles) tokens[role] = (await createToken(db.pool, `the ${role}`, role)).token;
});
afterAll(() => app.close());
beforeEach(async () => {
  await db.pool.query('truncate lahetti.commands, lahetti.idempotency_keys');
  app.engine.ok = true;
  desk = await anOrderDesk(db.pool);
  await desk.look();
  stopWorking = aWorkerFor(db.pool, desk);
});
afterEach(() => stopWorking());

interface AskOptions {
  readonly key?: string | null;
  readonly token?: string;
  readonly url?: string;
  readonly signal?: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, never> & {
    command: { id: string; outcome: string | null };
    state: { onHold: boolean };
    code: string;
    detail: string;
    words: string;
  };
}

async function post(path: string, body?: unknown, options: AskOptions = {}): Promise<Answer> {
  const { key = randomUUID(), token = tokens.operator, url = app.url, signal } = options;
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
}

const ask = (words: string, body?: unknown, options?: AskOptions) =>
  post(`/orders/${desk.ref.storeHash}/${desk.ref.orderId}/${words}`, body, options);
const stateNow = async () => (await loadOrderState(db.pool, desk.ref))!;
const kept = async () =>
  (await db.pool.query<{ kind: string; who: string }>('select kind, who from lahetti.commands order by at')).rows;

describe('a command', () => {
  test('a command is answered with its outcome, and kept with who asked', async () => {
    const { status, body } = await ask('hold');
    expect(status).toBe(200);
    expect(body).toMatchObject({ command: { kind: 'hold', outcome: 'done', n: null }, state: { onHold: true } });
    expect(await kept()).toEqual([{ kind: 'hold', who: 'token:the operator' }]);
    expect((await ask('unhold', {})).body.state.onHold).toBe(false);
  });

  test('a command that does not apply is a conflict with the reason and the state', async () => {
    const { status, body, headers } = await ask('resolve', { n: 1 });
    expect(status).toBe(409);
    expect(headers.get('content-type')).toMatch('application/problem+json');
    expect(body).toMatchObject({
      code: 'command_refused',
      reason: expect.stringContaining('does not need attention'),
      command: { outcome: 'refused', n: 1 },
      state: { phase: 'under_way', shipments: [{ n: 1, phase: 'planned' }] },
    });
  });

  test('a command that is not carried out in time is accepted, with a place to look', async () => {
    await stopWorking();
    const impatient = await serveApp(db.pool, { commandPatienceMs: 50 });
    impatient.engine.ok = false;
    const { status, body, headers } = await ask('cancel', { n: 1 }, { url: impatient.url });
    await impatient.close();
    expect(status).toBe(202);
    expect(body.command.outcome).toBeNull();
    expect(body.words).toContain('The engine (Temporal) is away');

    stopWorking = aWorkerFor(db.pool, desk);
    const look = () =>
      fetch(app.url + headers.get('location')!, { headers: { authorization: `Bearer ${tokens.viewer}` } });
    await eventually(async () => ((await (await look()).json()) as Answer['body']).command.outcome === 'done');
    expect((await stateNow()).shipments).toMatchObject([{ phase: 'cancelled' }]);
  });

  test('a command is carried out although its sender has gone away', async () => {
    await stopWorking();
    const gone = new AbortController();
    const asked = ask('hold', {}, { signal: gone.signal });
    await eventually(async () => (await kept()).length === 1);
    gone.abort();
    await expect(asked).rejects.toThrow();
    stopWorking = aWorkerFor(db.pool, desk);
    await eventually(async () => (await stateNow()).onHold);
  });

  test('a command changes a shipment, and resolves a booking with the label that was found', async () => {
    desk.chooseSettings({ onUnknown: 'ask' });
    const changed = await ask('change', { n: 1, service: { service: 'PO2103' }, parcels: [{ weightGrams: 700 }] });
    expect(changed.status).toBe(200);
    await desk.look();
    desk.carrier.answers.push(() => ({ outcome: 'unknown', code: 'timeout', trackingNumbers: [] }));
    await desk.book();
    expect(desk.carrier.booked).toMatchObject([{ service: 'PO2103', parcels: [{ weightGrams: 700 }] }]);

    const trackingNumbers = ['JJFI60010012345678901'];
    const resolved = await ask('resolve', { n: 1, trackingNumbers, labelPdfBase64: aLabelFile });
    expect(resolved.status).toBe(200);
    expect(resolved.body.state).toMatchObject({ shipments: [{ phase: 'booked', trackingNumbers }] });
  });

  test('a command marks booked labels as printed', async () => {
    expect((await ask('mark-printed', { n: 1 })).status).toBe(409);
    await desk.book();
    expect((await ask('mark-printed', { n: 1 })).status).toBe(200);
  });

  test('a command for an order or store that we do not have is a 404, and uses up no key', async () => {
    const key = randomUUID();
    const other = await post(`/orders/${desk.ref.storeHash}/99999999/hold`, {}, { key });
    expect([other.status, other.body.code]).toEqual([404, 'unknown_order']);
    expect((await post(`/orders/nobodys/1/reprocess`, {}, { key })).status).toBe(404);
    expect(await kept()).toEqual([]);
    expect((await ask('hold', {}, { key })).status).toBe(200);
  });

  test('a command for an order whose number another store alone has is a 404', async () => {
    const another = await anOrderDesk(db.pool);
    const answer = await post(`/orders/${another.ref.storeHash}/${desk.ref.orderId}/hold`, {});
    expect([answer.status, answer.body.code]).toEqual([404, 'unknown_order']);
    expect(await kept()).toEqual([]);
  });

  test('a command that is not known is a 404', async () => {
    const answer = await fetch(`${app.url}/api/v1/commands/${randomUUID()}`, {
      headers: { authorization: `Bearer ${tokens.viewer}` },
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'unknown_command']);
  });
});

describe('a command that is sent again', () => {
  test('a command that is sent again with its key is the same command, with the same outcome', async () => {
    const key = randomUUID();
    const first = await ask('hold', {}, { key });
    await ask('unhold', {});
    const again = await ask('hold', {}, { key });
    expect(again.status).toBe(200);
    expect(again.body.command).toEqual(first.body.command);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect((await stateNow()).onHold).toBe(false);
    expect(await kept()).toHaveLength(2);
  });

  test('a command that is sent again twice at once is one command', async () => {
    const key = randomUUID();
    const [a, b] = await Promise.all([ask('hold', {}, { key }), ask('hold', {}, { key })]);
    expect([a.status, b.status]).toEqual([200, 200]);
    expect(a.body.command.id).toBe(b.body.command.id);
    expect(await kept()).toHaveLength(1);
  });

  test('a command that is sent again with its key and another body, path or order is refused', async () => {
    const key = randomUUID();
    await ask('cancel', { n: 1 }, { key });
    for (const another of [ask('cancel', { n: 2 }, { key }), ask('book', { n: 1 }, { key })]) {
      const { status, body } = await another;
      expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
    }
    expect(await kept()).toHaveLength(1);
  });

  test('a command that is sent again by the holder of another token is another command', async () => {
    const key = randomUUID();
    await ask('hold', {}, { key });
    expect((await ask('unhold', {}, { key, token: tokens.admin })).status).toBe(200);
    expect(await kept()).toHaveLength(2);
    // Each of them is told of their own when they send it again.
    const again = await ask('hold', {}, { key });
    expect(again.status).toBe(200);
    expect(again.body.command).toMatchObject({ kind: 'hold' });
    expect(await kept()).toHaveLength(2);
  });

  test('a command that is sent again keeps its key for a day at least, and not for ever', async () => {
    const key = randomUUID();
    await ask('hold', {}, { key });
    await db.pool.query(`update lahetti.idempotency_keys set at = now() - interval '25 hours'`);
    await ask('unhold', {});
    expect((await ask('hold', {}, { key })).headers.get('idempotent-replayed')).toBe('true');
    await db.pool.query(`update lahetti.idempotency_keys set at = now() - interval '8 days'`);
    await ask('unhold', {});
    const { rows } = await db.pool.query('select key from lahetti.idempotency_keys');
    expect(rows).toHaveLength(1);
  });
});

describe('the same command for many', () => {
  interface Result {
    readonly orderId: number;
    readonly status: number;
    readonly command: { readonly id: string } | null;
  }
  const resultsOf = ({ body }: Answer) => (body as unknown as { results: Result[] }).results;

  test('the same command for many orders has a result for each, and a refused one stops no other', async () => {
    const second = await anOrderDesk(db.pool);
    await second.look();
    await second.book();
    await stopWorking();
    stopWorking = aWorkerFor(db.pool, desk, second);
    const targets = [
      { ...desk.ref, n: 1 },
      { ...second.ref, n: 1 },
      { ...desk.ref, orderId: 99_999_999 },
    ];
    const key = randomUUID();
    const answer = await post('/commands', { kind: 'mark_printed', targets }, { key });
    expect(answer.status).toBe(200);
    expect(resultsOf(answer)).toMatchObject([
      { ...targets[0], status: 409, words: expect.stringContaining('Refused.'), command: { outcome: 'refused' } },
      { ...targets[1], status: 200, words: 'Done.', command: { outcome: 'done' } },
      { ...targets[2], status: 404, command: null },
    ]);

    const again = await post('/commands', { kind: 'mark_printed', targets }, { key });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(resultsOf(again)).toEqual(resultsOf(answer));
    expect(await kept()).toHaveLength(2);
    expect((await post('/commands', { kind: 'hold', targets: [desk.ref] }, { key })).status).toBe(422);
  });

  test('the same command for many orders is accepted for those that are not carried out in time', async () => {
    await stopWorking();
    const impatient = await serveApp(db.pool, { commandPatienceMs: 20 });
    const answer = await post('/commands', { kind: 'hold', targets: [desk.ref] }, { url: impatient.url });
    await impatient.close();
    expect(resultsOf(answer)).toMatchObject([{ status: 202, command: { outcome: null } }]);
    stopWorking = aWorkerFor(db.pool, desk);
  });

  test('the same command for many orders takes two hundred at once', async () => {
    const targets = Array.from({ length: 200 }, (_, i) => ({ ...desk.ref, n: i + 1 }));
    const answer = await post('/commands', { kind: 'retry', targets });
    expect(resultsOf(answer)).toHaveLength(200);
    expect(await kept()).toHaveLength(200);
  });

  test.each([
    [
      'two hundred and one',
      { kind: 'hold', targets: Array.from({ length: 201 }, (_, i) => ({ storeHash: 'a', orderId: i + 1 })) },
      'targets: ',
    ],
    ['none', { kind: 'hold', targets: [] }, 'targets: '],
    [
      'one twice',
      {
        kind: 'hold',
        targets: [
          { storeHash: 'a', orderId: 1 },
          { storeHash: 'a', orderId: 1 },
        ],
      },
      'twice',
    ],
    [
      'shipments, where it is for orders',
      { kind: 'hold', targets: [{ storeHash: 'a', orderId: 1, n: 1 }] },
      'targets.0: Unrecognized key: "n"',
    ],
    ['a kind that there is not', { kind: 'burn', targets: [{ storeHash: 'a', orderId: 1 }] }, 'kind: '],
    [
      'one found booking for all',
      { kind: 'resolve', targets: [{ storeHash: 'a', orderId: 1 }], trackingNumbers: ['JJFI12345678'] },
      '"trackingNumbers"',
    ],
  ])('the same command for many orders is refused as a whole for %s', async (_name, body, says) => {
    const answer = await post('/commands', body);
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining(says)]);
    expect(await kept()).toEqual([]);
  });
});

describe('a command that cannot be read', () => {
  const inBase64 = (sheet: Sheet) => Buffer.from(aSheet(sheet)).toString('base64');
  const withScript = inBase64({
    media: '/MediaBox [0 0 420 595]',
    catalog: '/OpenAction << /S /JavaScript /JS (1) >>',
  });
  const ofA4 = inBase64({ media: '/MediaBox [0 0 595.28 841.89]' });
  const pdf = (size: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(size)]).toString('base64');

  test.each([
    ['has no key', 'hold', {}, { key: null }, 400, 'idempotency-key'],
    ['has a key of spaces', 'hold', {}, { key: ' a b ' }, 400, 'idempotency-key'],
    ['is not JSON', 'hold', '{"a": ', {}, 400, 'not JSON'],
    ['has a field too many', 'cancel', { labelDestroid: true }, {}, 400, '"labelDestroid"'],
    ['names a shipment where it is for the order', 'hold', { n: 1 }, {}, 400, '"n"'],
    ['lacks what it changes', 'change', { n: 1 }, {}, 400, 'Say what to change'],
    [
      'has a wrong field deep inside',
      'change',
      { n: 1, parcels: [{ weightGrams: -1 }] },
      {},
      400,
      'parcels.0.weightGrams',
    ],
    ['has a shipment that is no number', 'cancel', { n: 'first' }, {}, 400, 'n: '],
    [
      'has a label that is no PDF',
      'resolve',
      { n: 1, trackingNumbers: ['JJFI12345678'], labelPdfBase64: 'AAAA' },
      {},
      400,
      'labelPdfBase64',
    ],
    [
      'has a label of half a file',
      'resolve',
      { n: 1, trackingNumbers: ['JJFI12345678'], labelPdfBase64: pdf(10) },
      {},
      400,
      'labelPdfBase64: label_damaged: ',
    ],
    [
      'has a label with a script',
      'resolve',
      { n: 1, trackingNumbers: ['JJFI12345678'], labelPdfBase64: withScript },
      {},
      400,
      'label_with_script: this file can not be kept as a label, because it does something by itself',
    ],
    [
      'has a label of another size',
      'resolve',
      { n: 1, trackingNumbers: ['JJFI12345678'], labelPdfBase64: ofA4 },
      {},
      400,
      'label_of_other_size: this file can not be kept as a label, because a page of it has 210 × 297 mm',
    ],
    ['is larger than its path takes', 'cancel', { labelDestroyed: 'x'.repeat(200_000) }, {}, 413, 'larger'],
    ['has a label of more than 8 MB', 'resolve', { n: 1, labelPdfBase64: pdf(7_000_000) }, {}, 413, 'larger'],
  ])(
    'a command that cannot be read because it %s is refused, and says so',
    async (_name, words, body, options, status, says) => {
      const answer = await ask(words, body, options);
      expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(says)]);
      expect(await kept()).toEqual([]);
    },
  );

  test('a command whose content type is not JSON is refused with 415', async () => {
    const answer = await fetch(`${app.url}/api/v1/orders/kauppa1/1/hold`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.operator}`, 'idempotency-key': 'a', 'content-type': 'text/plain' },
      body: '{}',
    });
    expect(answer.status).toBe(415);
  });

  test('a command that cannot be read is refused without quoting personal data', async () => {
    const { body } = await ask('change', { n: 1, address: { sirname: 'Kanarialintu', postcode: 7 } });
    expect(JSON.stringify(body)).not.toContain('Kanarialintu');
    expect(app.logged()).not.toContain('Kanarialintu');
  });
});
