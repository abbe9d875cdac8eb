import type { Readable } from 'node:stream';
import type { LabelSize } from '../carriers/port.ts';
import type { Pool } from '../db/pool.ts';
import { AppError } from '../errors.ts';
import { labelSizeOf } from './label-size.ts';
import type { LabelMerger } from './merger.ts';
import { LabelsNotUsable, type LabelTrouble, type UnusableLabel } from './not-usable.ts';
import {
  findLabels,
  handOutLabels,
  labelsOfOrders,
  readPdfs,
  type ChosenLabel,
  type ChosenOrder,
  type HandingOut,
} from './stack.sql.ts';
import { zipOf } from './zip.ts';

/** Which labels, in which order: by their ids, or those that count now of orders and shipments. */
export type LabelChoice = { readonly labels: readonly number[] } | { readonly orders: readonly ChosenOrder[] };

export interface StackOptions extends HandingOut {
  /** Refuse labels that were made in another size. Left out: any, each on a page of its own size. */
  readonly size?: LabelSize | undefined;
}

export interface PdfOptions extends StackOptions {
  /** Merge the others where some can't be merged. Otherwise there is no file then: one that is short is easily overlooked. */
  readonly leaveOutUnmergeable?: boolean | undefined;
}

export interface MergedStack {
  readonly pdf: Uint8Array;
  /** Are not in it, and were not handed out. Empty unless that was asked for. */
  readonly leftOut: readonly UnusableLabel[];
}

/**
 * Hands labels out. Each may be had again at any time, for as long as its booking counts; the audit has every time, with
 * who asked.
 */
export interface LabelDesk {
  /**
   * The file of one, byte for byte as it was kept.
   * @throws LabelsNotUsable that says why not
   */
  one(label: number, handingOut: HandingOut): Promise<Uint8Array>;
  /**
   * One PDF of all.
   * @throws LabelsNotUsable that names every label which can't be had; AppError `too_many_labels`, and what the merger throws
   */
  pdf(choice: LabelChoice, options: PdfOptions): Promise<MergedStack>;
  /** A zip with a PDF for each, read from the database as it is sent. Throws as `pdf` does. */
  zip(choice: LabelChoice, options: StackOptions): Promise<Readable>;
}

export interface LabelDeskDeps {
  readonly pool: Pool;
  readonly merger: LabelMerger;
}

/** So many labels fit into one request; and so many bytes into memory, twice for a moment. */
export const stackLimits = { labels: 500, bytes: 96 * 1024 * 1024 };
/** Labels read in one go: between them the event loop has time for others. */
const readAtOnce = 20;

export function createLabelDesk({ pool, merger }: LabelDeskDeps): LabelDesk {
  return {
    async one(label, handingOut) {
      const labels = await chosen(pool, { labels: [label] });
      const pdf = (await readPdfs(pool, [label])).get(label);
      await handOut(pool, labels, handingOut);
      // Erased between the two looks, it is refused by the second.
      if (!pdf) throw new LabelsNotUsable(labels.map(as('label_not_kept')));
      return pdf;
    },

    async pdf(choice, { size, leaveOutUnmergeable = false, ...handingOut }) {
      const labels = await chosen(pool, choice);
      // Merged before it is handed out: a stack that can't be made is nobody's.
      const files = await filesOf(pool, labels);
      let outcome = await merger.merge(files);
      const broken = new Map('broken' in outcome ? outcome.broken.map(({ id, trouble }) => [id, trouble]) : []);
      const leftOut = labels.flatMap((label): UnusableLabel[] => {
        const trouble = broken.get(label.id);
        return trouble ? [{ ...as('label_broken')(label), trouble }] : [];
      });
      const others = labels.filter(({ id }) => !broken.has(id));
      if (leftOut.length > 0 && leaveOutUnmergeable && others.length > 0) {
        outcome = await merger.merge(files.filter(({ id }) => !broken.has(id)));
      }
      if ('broken' in outcome) throw new LabelsNotUsable(leftOut);
      const { pdf, pages } = outcome.merged;
      refuseOtherSizes(others, pages, size);
      await handOut(pool, others, handingOut);
      return { pdf, leftOut };
    },

    async zip(choice, { size, ...handingOut }) {
      const labels = await chosen(pool, choice);
      // Nobody looks at the pages here; what was uploaded by a person counts as whatever is asked for.
      refuseOtherSizes(labels, [], size);
      await handOut(pool, labels, handingOut);
      return zipOf(labels, async ({ id }) => {
        const pdf = (await readPdfs(pool, [id])).get(id);
        if (!pdf) throw new Error(`Label ${id} was erased while it was sent.`);
        return pdf;
      });
    },
  };
}

/** @throws LabelsNotUsable, AppError `too_many_labels` */
async function chosen(pool: Pool, choice: LabelChoice): Promise<ChosenLabel[]> {
  const { ids, unusable } =
    'labels' in choice ? { ids: choice.labels, unusable: [] } : await idsOfOrders(pool, choice.orders);
  const wanted = [...new Set(ids)];
  if (wanted.length > stackLimits.labels) throw tooMany(`${wanted.length} labels were asked for`);
  const known = new Map((await findLabels(pool, wanted)).map((label) => [label.id, label]));
  const labels = wanted.flatMap((id) => known.get(id) ?? []);
  const wrong = [
    ...unusable,
    ...wanted.filter((id) => !known.has(id)).map((id): UnusableLabel => ({ problem: 'unknown_label', label: id })),
    ...labels.flatMap(troubleOf),
  ];
  if (wrong.length > 0 || labels.length === 0) throw new LabelsNotUsable(wrong);
  const bytes = labels.reduce((sum, label) => sum + (label.bytes ?? 0), 0);
  if (bytes > stackLimits.bytes) throw tooMany(`the labels have ${Math.ceil(bytes / 1024 / 1024)} MB together`);
  return labels;
}

async function idsOfOrders(
  pool: Pool,
  orders: readonly ChosenOrder[],
): Promise<{ ids: number[]; unusable: UnusableLabel[] }> {
  const found = await labelsOfOrders(pool, orders);
  const unusable = orders.flatMap(({ storeHash, orderId, n }, i): UnusableLabel[] => {
    if (found[i] && found[i].length > 0) return [];
    const problem = found[i] ? 'no_label' : 'unknown_order';
    return [{ problem, storeHash, orderId, ...(n === undefined ? {} : { n }) }];
  });
  return { ids: found.flatMap((ids) => ids ?? []), unusable };
}

async function filesOf(pool: Pool, labels: readonly ChosenLabel[]) {
  const files: { id: number; pdf: Uint8Array }[] = [];
  for (let at = 0; at < labels.length; at += readAtOnce) {
    const ids = labels.slice(at, at + readAtOnce).map(({ id }) => id);
    const pdfs = await readPdfs(pool, ids);
    // One that was erased meanwhile has no bytes, and is named as broken.
    for (const id of ids) files.push({ id, pdf: pdfs.get(id) ?? new Uint8Array() });
  }
  return files;
}

function refuseOtherSizes(
  labels: readonly ChosenLabel[],
  pages: readonly { readonly id: number; readonly widthMm: number; readonly heightMm: number }[],
  size: LabelSize | undefined,
): void {
  if (size === undefined) return;
  const pageOf = new Map(pages.map((page) => [page.id, page]));
  const others = labels.filter(({ id, media }) => {
    const page = pageOf.get(id);
    const made = labelSizeOf(media, page ?? { widthMm: 0, heightMm: 0 });
    return made === null ? page !== undefined : made !== size;
  });
  if (others.length > 0) throw new LabelsNotUsable(others.map(as('other_size')));
}

async function handOut(pool: Pool, labels: readonly ChosenLabel[], handingOut: HandingOut): Promise<void> {
  const ids = labels.map(({ id }) => id);
  const refused = await handOutLabels(pool, ids, handingOut);
  if (refused.length > 0) throw new LabelsNotUsable(refused.flatMap(troubleOf));
}

function troubleOf(label: ChosenLabel): UnusableLabel[] {
  if (label.erased) return [as('label_erased')(label)];
  if (!label.usable) return [as('label_withdrawn')(label)];
  return label.bytes === null ? [as('label_not_kept')(label)] : [];
}

const as =
  (problem: LabelTrouble) =>
  ({ id, storeHash, orderId, n }: ChosenLabel): UnusableLabel => ({ problem, label: id, storeHash, orderId, n });

const tooMany = (what: string): AppError =>
  new AppError(`This is too much for one go: ${what}.`, {
    kind: 'invalid',
    code: 'too_many_labels',
    advice: `At most ${stackLimits.labels} labels and ${stackLimits.bytes / 1024 / 1024} MB at a time.`,
  });
