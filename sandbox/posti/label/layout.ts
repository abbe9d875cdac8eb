import type { Booking, LabelHabits, Party } from '../books.ts';
import { groupedNumber } from '../order/numbers.ts';
import type { Service } from '../order/services.ts';
import type { Canvas, TextStyle } from './canvas.ts';
import { code128 } from './code128.ts';

const MARGIN = 5;
const LINE_SPACING_MM_PER_PT = 0.43;

/** What one page says. */
export interface LabelPage {
  booking: Booking;
  service: Service;
  habits: LabelHabits;
  /** Index of the parcel in its booking. */
  index: number;
  /** Name of the chosen pickup point, its address takes the place of the recipient's. */
  pickup?: { careOf: string; address: Party };
}

/** One parcel's address label after posti.md 10, from top to bottom. Posti's logo is left out on purpose. */
export function drawLabel(canvas: Canvas, page: LabelPage): void {
  const { booking, service } = page;
  const width = canvas.widthMm - 2 * MARGIN;
  const right = MARGIN + width;
  const middle = MARGIN + width - 46;

  canvas.text(service.name, MARGIN, 11, { size: 12, weight: 'bold' });
  canvas.text('EDI SSI', MARGIN, 16, { size: 7 });
  canvas.text(service.process, right, 15, { size: 24, weight: 'bold', align: 'right' });
  drawWarning(canvas, 18.5, width);

  drawSender(canvas, page, 30, middle - MARGIN - 2);
  const productCode = `2W${service.product}`;
  canvas.barcode(code128(productCode), middle, 29, 46, 14);
  canvas.text(productCode, middle + 23, 46.5, { size: 8, align: 'center' });

  canvas.line(MARGIN, 52, right, 52);
  drawRecipient(canvas, page, 56, width);

  const facts = canvas.heightMm - 98;
  canvas.line(MARGIN, facts, right, facts);
  drawFacts(canvas, page, facts + 4, width);
  drawAddons(canvas, booking.addons, facts + 15, width);
  drawNotes(canvas, page, facts + 35, width);
  drawTrackingNumber(canvas, booking.parcels[page.index]?.parcelNo ?? '', canvas.heightMm - 49, width);
}

function drawWarning(canvas: Canvas, y: number, width: number): void {
  canvas.box(MARGIN, y, width, 7);
  const style: TextStyle = { size: 9, weight: 'bold', align: 'center' };
  canvas.text('SIMULATED / TEST – NOT VALID FOR POSTAGE', MARGIN + width / 2, y + 4.7, style);
}

function drawSender(canvas: Canvas, { booking }: LabelPage, top: number, width: number): void {
  canvas.text('Lähettäjä Avsändare From', MARGIN, top, { size: 6 });
  const { sender } = booking;
  drawLines(canvas, top + 4, width, [
    { text: sender.name, style: { size: 8 }, lines: 2 },
    { text: [sender.address1, sender.address2].filter(Boolean).join(', '), style: { size: 8 }, lines: 2 },
    { text: townOf(sender), style: { size: 8 }, lines: 1 },
  ]);
}

/** What stands where of whom the parcel goes to; tests read it without opening the PDF. */
export function recipientLines({ booking, pickup, habits }: LabelPage): {
  who: string[];
  where: string[];
  town: string;
} {
  const { receiver } = booking;
  const address = pickup?.address ?? receiver;
  const own = (...lines: (string | undefined)[]) =>
    lines.filter((line) => line !== undefined && line !== '').map((line) => inOneLine(line!, booking.media, habits));
  return {
    who: own(receiver.name, habits.contact ? receiver.contact : undefined),
    // The pickup point stands on the line after the name (posti.md 10), and its address in place of the receiver's.
    where: pickup ? [pickup.careOf, address.address1] : own(address.address1, address.address2),
    town: townOf(address, habits),
  };
}

/** 35 characters a line on paper, 20 on a thermal label (posti.md 10 [V]). Whether the rest is lost, no source says. */
function inOneLine(text: string, media: string, { longLines }: LabelHabits): string {
  return longLines === 'cut' ? text.slice(0, media.startsWith('thermo') ? 20 : 35).trimEnd() : text;
}

function drawRecipient(canvas: Canvas, page: LabelPage, top: number, width: number): void {
  canvas.text('Vastaanottaja Addressat To', MARGIN, top, { size: 6 });
  const { receiver } = page.booking;
  const { who, where, town } = recipientLines(page);
  const bottom = drawLines(canvas, top + 6, width, [
    ...who.map((text) => ({ text, style: { size: 12, weight: 'bold' }, lines: 3 })),
    ...where.map((text) => ({ text, style: { size: 10 }, lines: 2 })),
    { text: town, style: { size: 10, weight: 'bold' }, lines: 2 },
  ]);
  const phone = receiver.mobile ?? receiver.phone;
  if (phone !== undefined) canvas.text(`Puh. Tel. ${phone}`, MARGIN, bottom + 1, { size: 8 });
}

function drawFacts(canvas: Canvas, { booking, index }: LabelPage, top: number, width: number): void {
  const parcel = booking.parcels[index];
  const facts = [
    ['Pvm Datum Date', helsinkiDate(booking.createdAt)],
    ['Paino Vikt kg', (parcel?.weightKg ?? 0).toFixed(2)],
    ['Kpl St', `${index + 1}/${booking.parcels.length}`],
    ['Sopimus Avtal', booking.contract],
  ] as const;
  facts.forEach(([heading, value], i) => {
    const x = MARGIN + (i * width) / facts.length;
    canvas.text(heading, x, top, { size: 6 });
    canvas.text(value, x, top + 5, { size: 10, weight: 'bold' });
  });
}

function drawAddons(canvas: Canvas, addons: readonly string[], top: number, width: number): void {
  canvas.text('Lisäpalvelut Tilläggstjänster', MARGIN, top, { size: 6 });
  const box = (width - 4 * 2) / 5;
  for (let i = 0; i < 5; i++) {
    const x = MARGIN + i * (box + 2);
    canvas.box(x, top + 1.5, box, 10);
    const style: TextStyle = { size: 10, weight: 'bold', align: 'center' };
    canvas.text(i === 4 && addons.length > 5 ? '…' : (addons[i] ?? ''), x + box / 2, top + 8, style);
  }
}

function drawNotes(canvas: Canvas, { booking, index }: LabelPage, top: number, width: number): void {
  const notes = [
    booking.reference !== undefined && `Viite Referens ${booking.reference}`,
    booking.parcels[index]?.contents,
    booking.freeText,
  ].filter(Boolean);
  drawLines(canvas, top, width, [{ text: notes.join(' · '), style: { size: 8 }, lines: 2 }]);
}

function drawTrackingNumber(canvas: Canvas, parcelNo: string, top: number, width: number): void {
  canvas.barcode(code128(parcelNo), MARGIN, top, width, 28);
  const groups = groupedNumber(parcelNo);
  const last = groups.pop() ?? '';
  const start = groups.join(' ');
  // The last group is bold (posti.md 9): set as two texts that meet at the middle.
  canvas.text(start, MARGIN + width / 2 + 8, top + 34, { size: 12, align: 'right' });
  canvas.text(last, MARGIN + width / 2 + 10.5, top + 34, { size: 12, weight: 'bold' });
  const footer: TextStyle = { size: 6, align: 'center', grey: true };
  canvas.text('Drawn by a sandbox. Not a document of Posti.', MARGIN + width / 2, top + 42, footer);
}

/** Draws wrapped lines below each other and says where the next one would stand. */
function drawLines(
  canvas: Canvas,
  top: number,
  width: number,
  blocks: { text: string; style: TextStyle; lines: number }[],
): number {
  let y = top;
  for (const { text, style, lines } of blocks) {
    for (const line of canvas.wrap(text, width, style, lines)) {
      canvas.text(line, MARGIN, y, style);
      y += style.size * LINE_SPACING_MM_PER_PT;
    }
  }
  return y;
}

const townOf = (party: Party, habits?: LabelHabits) => {
  const state = habits?.state === true && party.state !== undefined ? ` ${party.state}` : '';
  return `${party.country}-${party.zipcode} ${party.city}${state} ${party.country}`.trim();
};

const helsinki = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki', dateStyle: 'short' });

function helsinkiDate(iso: string): string {
  const [year, month, day] = helsinki.format(new Date(iso)).split('-');
  return `${day}.${month}.${year}`;
}
