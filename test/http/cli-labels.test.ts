import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { PDF } from '@libpdf/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { aStore } from '../db/inbox-rows.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aLabel, trackingNumber } from '../unit/labels/label-files.ts';
import { aBookedShipment } from './booked-shipment.ts';
import { aCli, type RunCli } from './run-cli.ts';

let db: TestDatabase;
let cli: RunCli;
let folder: string;
let storeHash: string;
const ids: number[] = [];

beforeAll(async () => {
  db = await testDatabase();
  cli = aCli(db.pool);
  folder = await mkdtemp(join(tmpdir(), 'lahetti-labels-'));
  ({ storeHash } = await aStore(db.pool));
  for (const i of [1, 2]) {
    ids.push(await aBookedShipment(db.pool, { storeHash, orderId: i, pdf: Buffer.from(await aLabel(i)) }));
  }
  return () => rm(folder, { recursive: true });
});

describe('labels on the command line', () => {
  test('labels on the command line are written as one PDF in the given order, readable by their owner only, and marked as printed', async () => {
    const out = join(folder, 'labels.pdf');
    const answer = await cli(`labels --out ${out} --printed ${storeHash}/2 ${storeHash}/1/1`);
    expect(answer).toMatchObject({ code: 0, said: `Written: ${out}.` });
    const pages = (await PDF.load(await readFile(out))).getPages();
    const texts = pages.map((page) => page.extractText().text.replaceAll(/\s/g, ''));
    expect(texts[0]).toContain(trackingNumber(2));
    expect(texts[1]).toContain(trackingNumber(1));
    expect((await stat(out)).mode & 0o077).toBe(0);
    const { rows } = await db.pool.query('select kind, who, source from lahetti.commands');
    const asked = { kind: 'mark_printed', who: 'cli:aino', source: 'cli' };
    expect(rows).toEqual([asked, asked]);
  });

  test('labels on the command line are written as a zip where the file is to be one', async () => {
    const out = join(folder, 'labels.zip');
    expect((await cli(`labels --out ${out} ${ids.join(' ')}`)).code).toBe(0);
    expect((await readFile(out)).subarray(0, 2).toString()).toBe('PK');
  });

  test('labels on the command line that cannot be fetched are named, and no file is written', async () => {
    const out = join(folder, 'none.pdf');
    const answer = await cli(`labels --out ${out} ${storeHash}/1 ${storeHash}/9`);
    expect(answer.code).toBe(1);
    expect(answer.complained).toContain(`There is no order ${storeHash}/9.`);
    await expect(stat(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('labels on the command line go to standard output as a PDF and nothing else, where no file can be written', async () => {
    const standardOutput = new PassThrough();
    const pdf = buffer(standardOutput);
    const answer = await cli(`labels --out - ${ids.join(' ')}`, { standardOutput });
    standardOutput.end();
    expect(answer).toEqual({ code: 0, said: '', complained: '' });
    expect((await PDF.load(await pdf)).getPages()).toHaveLength(2);
  });

  test('labels on the command line do not count as handed out where their file cannot be written, which a sentence says', async () => {
    const id = await aBookedShipment(db.pool, { storeHash, orderId: 3, pdf: Buffer.from(await aLabel(3)) });
    const out = join(folder, 'no such folder', 'labels.pdf').replaceAll(' ', '-');
    const answer = await cli(`labels --out ${out} ${id}`);
    expect(answer.code).toBe(1);
    expect(answer.complained).toContain(`${out} cannot be written (ENOENT).`);
    const { rows } = await db.pool.query('select handed_out_at from lahetti.labels where id = $1', [id]);
    expect(rows).toEqual([{ handed_out_at: null }]);
  });

  test.each(['labels 1', 'labels --out x.pdf', 'labels --out x.pdf 1 kauppa1/2', 'labels --out x.pdf --size A4 1'])(
    'labels on the command line are refused for the arguments "%s" with exit code 64',
    async (line) => {
      expect((await cli(line)).code).toBe(64);
    },
  );
});
