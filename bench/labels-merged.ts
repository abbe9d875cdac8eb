import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createLabelMerger } from '../src/labels/merger.ts';
import { labelPages } from '../sandbox/posti/label/label-pages.ts';
import { createLabelPrinter } from '../sandbox/posti/label/label-pdf.ts';
import type { Figure } from './figure.ts';
import { median, rounded, spread } from './statistics.ts';

const count = 500;

/** Labels of one page each as the stand-in Posti draws them, about 60 kB (Posti's own: 88 kB, posti.md 4.5). */
async function drawLabels(): Promise<{ id: number; pdf: Uint8Array }[]> {
  const draw = createLabelPrinter();
  const party = { name: 'Kauppa Kuusi', address1: 'Katu 1', zipcode: '00100', city: 'HELSINKI', country: 'FI' };
  const labels: { id: number; pdf: Uint8Array }[] = [];
  for (let i = 0; i < count; i++) {
    const pages = labelPages({
      ...{ id: `b${i}`, clientId: 'shop', contract: '654321', service: 'PO2104', addons: [], media: 'laser-a5' },
      ...{ sender: party, receiver: { ...party, name: `Asiakas ${i}` }, labelId: `l${i}`, script: 'default' },
      parcels: [{ parcelNo: `JJFI654321${String(i).padStart(11, '0')}`, weightKg: 1.5, addedScans: [] }],
      ...{ createdAt: '2026-10-01T09:00:00.000Z', answered: 'whole', labelInAnswer: true, labelFetched: false },
    });
    labels.push({ id: i, pdf: await draw('laser-a5', pages) });
  }
  return labels;
}

export const labelsMerged: Figure = {
  name: 'labels',
  title: '500 A5 labels merged',
  async measure({ quick, say }) {
    say(`drawing ${count} labels …`);
    const labels = await drawLabels();
    const merger = createLabelMerger();
    const loop = monitorEventLoopDelay({ resolution: 5 });
    const took: number[] = [];
    const blocked: number[] = [];
    let bytes = 0;
    for (let round = 0; round < (quick ? 4 : 21); round++) {
      await delay(200);
      loop.enable();
      loop.reset();
      const began = performance.now();
      const outcome = await merger.merge(labels);
      took.push(performance.now() - began);
      await delay(20);
      loop.disable();
      blocked.push(loop.max / 1e6);
      if ('broken' in outcome) throw new Error('A label of the stand-in is broken.');
      bytes = outcome.merged.pdf.length;
    }
    await merger.close();
    const [first, ...warm] = took as [number, ...number[]];
    const inMB = labels.reduce((sum, { pdf }) => sum + pdf.length, 0) / 1e6;
    return {
      rows: [
        {
          what: `${count} A5 labels merged, median`,
          value: spread(warm),
          unit: 'ms',
          target: 'at most 300',
          met: median(warm) <= 300,
        },
        {
          what: 'event loop blocked at most, meanwhile',
          value: rounded(Math.max(...blocked)),
          unit: 'ms',
          target: 'never more than 50',
          met: Math.max(...blocked) <= 50,
        },
        { what: 'the first stack, which starts the thread', value: rounded(first), unit: 'ms' },
      ],
      notes: [
        `From the files in memory to the merged file in memory: ${rounded(inMB, 1)} MB in, ${rounded(bytes / 1e6, 1)} MB out; the database is not in it.`,
        'The least delay that the event loop is looked at with, 5 ms, is in the blocked time.',
      ],
      raw: { took, blocked },
    };
  },
};
