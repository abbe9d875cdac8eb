import { expect, test } from 'vitest';
import { PDF } from '@libpdf/core';
import { usualLabels, type Booking, type LabelHabits } from '../../sandbox/posti/books.ts';
import { createLabelPrinter } from '../../sandbox/posti/label/label-pdf.ts';
import { labelFile, labelPages } from '../../sandbox/posti/label/label-pages.ts';
import { startRenderers, type Picture } from '../unit/labels/rendered.ts';
import { groupedNumber, s10CheckDigit } from '../../sandbox/posti/order/numbers.ts';

const draw = createLabelPrinter();
const sender = { name: 'Öljynen Oy', address1: 'Tehtaankatu 1', zipcode: '00150', city: 'HELSINKI', country: 'FI' };

const aBooking = (change: Partial<Booking> = {}): Booking => ({
  id: 'b1',
  clientId: 'shop',
  contract: '654321',
  service: 'PO2103',
  addons: ['FRAG'],
  sender,
  receiver: { ...sender, name: 'Щукина Анастасия', address1: 'Storgatan 5', city: 'ÅBO', zipcode: '20100' },
  parcels: [1, 2].map((n) => ({ parcelNo: `JJFI6543210000000000${n}`, weightKg: 1.5, addedScans: [] })),
  media: 'laser-a5',
  labelId: 'l1',
  createdAt: '2026-10-01T09:00:00.000Z',
  answered: 'whole',
  labelInAnswer: true,
  labelFetched: false,
  script: 'default',
  ...change,
});

/** Of the dots that are dark in either file's first page, how many are dark in both, to within a dot. */
async function share(one: Uint8Array, other: Uint8Array): Promise<number> {
  const renderers = await startRenderers();
  try {
    const [a, b] = await Promise.all([one, other].map(async (pdf) => (await renderers.pdfium(pdf, 72))[0]!));
    if (a!.width !== b!.width || a!.height !== b!.height) return 0;
    const dark = ({ pixels }: Picture, at: number): boolean => pixels[4 * at]! < 200;
    const near = (picture: Picture, at: number): boolean =>
      [-1, 0, 1].some((dx) => [-1, 0, 1].some((dy) => dark(picture, at + dx + dy * picture.width)));
    let [both, either] = [0, 0];
    for (let at = 0; at < a!.width * a!.height; at++) {
      if (!dark(a!, at) && !dark(b!, at)) continue;
      either++;
      if (near(a!, at) && near(b!, at)) both++;
    }
    return either === 0 ? 0 : both / either;
  } finally {
    renderers.close();
  }
}

async function printed(media: string, booking = aBooking(), habits?: LabelHabits) {
  const pdf = await PDF.load(await draw(media, labelPages(booking, habits)));
  return pdf.getPages().map((page) => ({
    text: page.extractText().text,
    widthMm: Math.round((page.width / 72) * 25.4),
    heightMm: Math.round((page.height / 72) * 25.4),
  }));
}

test('a label has one page of the wanted size for each parcel', async () => {
  expect(await printed('laser-a5')).toMatchObject([
    { widthMm: 148, heightMm: 210 },
    { widthMm: 148, heightMm: 210 },
  ]);
  expect(await printed('thermo-225')).toMatchObject([
    { widthMm: 107, heightMm: 225 },
    { widthMm: 107, heightMm: 225 },
  ]);
});

test('a label shows the receiver in Western and Cyrillic letters, the parcel, and that it is not real', async () => {
  const [, second] = await printed('laser-a5');
  for (const text of ['Щукина Анастасия', 'Öljynen Oy', 'FI-20100 ÅBO', '2/2', 'FRAG', '2W2103', '01.10.2026']) {
    expect(second?.text).toContain(text);
  }
  expect(second?.text).toMatch(/JJFI 654321 00000\s*000002/);
  expect(second?.text).toContain('NOT VALID FOR POSTAGE');
});

test('a parcel to a pickup point shows the point under the name', async () => {
  const [first] = await printed('thermo-225', aBooking({ agent: '331003256' }));
  expect(first?.text).toMatch(/Щукина Анастасия\s+c\/o Tampereen keskusautomaatti\s+Rautatienkatu 25/);
});

test('letters of Vietnamese, Kazakh and Ukrainian names are printed like those of others', async () => {
  const receiver = { ...sender, name: 'Nguyễn Ґалаґан Әлия' };
  const [first] = await printed('laser-a5', aBooking({ receiver }));
  expect(first?.text).toContain('Nguyễn Ґалаґан Әлия');
});

test('a text that is longer than its line is cut, and contact and state are left out, unless a test says otherwise', async () => {
  const receiver = {
    ...{ ...sender, name: 'Keksittyjen Tarvikkeiden Osuuskunta ja Pojat', contact: 'Aino Esimerkki' },
    ...{ city: 'BOSTON', state: 'MA', country: 'US' },
  };
  const booking = aBooking({ service: 'ITPR', receiver, media: 'thermo-225' });
  const [cut] = await printed('thermo-225', booking);
  expect(cut?.text).toContain('Keksittyjen Tarvikke\n');
  expect(cut?.text).not.toContain('Aino Esimerkki');
  expect(cut?.text).not.toContain('BOSTON MA');
  const [whole] = await printed('thermo-225', booking, {
    ...usualLabels,
    contact: true,
    state: true,
    longLines: 'wrapped',
  });
  expect(whole?.text.replaceAll(/\s+/g, ' ')).toContain('Tarvikkeiden Osuuskunta ja Pojat Aino Esimerkki');
  expect(whole?.text).toContain('BOSTON MA');
});

test('numbers are grouped as Posti prints them, and S10 numbers checked as the UPU says', () => {
  expect(groupedNumber('JJFI69999912345678901')).toEqual(['JJFI', '699999', '12345', '678901']);
  expect([s10CheckDigit('47312482'), s10CheckDigit('12345678')]).toEqual([9, 5]);
});

test('a label whose file is made in another way looks the same: on its side in a shifted box, or after other bytes', async () => {
  const receiver = { ...sender, name: 'Kierto Keksitty' };
  const habits = {
    ...usualLabels,
    files: [
      { receiverNameContains: 'Kierto', file: 'turned' as const },
      { receiverNameContains: 'Johdanto', file: 'late header' as const },
    ],
  };
  const file = labelFile(aBooking({ receiver }), habits);
  const turned = await draw('laser-a5', labelPages(aBooking({ receiver }), habits), file);
  const [page] = (await PDF.load(turned)).getPages();
  const { x, y, width, height } = page!.getMediaBox();
  expect([page!.rotation, x, y, width > height]).toEqual([90, 10, 20, true]);
  expect(await share(turned, await draw('laser-a5', labelPages(aBooking({ receiver }), habits)))).toBeGreaterThan(0.99);

  const late = await draw('laser-a5', labelPages(aBooking()), 'late header');
  expect(Buffer.from(late).indexOf('%PDF-')).toBeGreaterThan(0);
  expect(labelFile(aBooking(), habits)).toBe('plain');
});
