import { createLabelPrinter } from '../../../sandbox/posti/label/label-pdf.ts';
import { labelPages } from '../../../sandbox/posti/label/label-pages.ts';

const draw = createLabelPrinter();
const sender = { name: 'Öljynen Oy', address1: 'Tehtaankatu 1', zipcode: '00150', city: 'HELSINKI', country: 'FI' };

export const trackingNumber = (i: number): string => `JJFI654321${String(i).padStart(11, '0')}`;

/** A label as the stand-in Posti draws it: the i-th parcel of an invented shop, one page. */
export const aLabel = (i: number, media = 'laser-a5'): Promise<Uint8Array> =>
  draw(
    media,
    labelPages({
      ...{ id: `b${i}`, clientId: 'shop', contract: '654321', service: 'PO2103', addons: ['FRAG'], sender, media },
      receiver: { ...sender, name: `Asiakas ${i}` },
      parcels: [{ parcelNo: trackingNumber(i), weightKg: 1.5, addedScans: [] }],
      ...{ labelId: `l${i}`, createdAt: '2026-10-01T09:00:00.000Z', answered: 'whole', labelInAnswer: true },
      ...{ labelFetched: false, script: 'default' },
    }),
  );
