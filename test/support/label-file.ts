import { aSheet } from '../unit/labels/corpus/write-pdf.ts';

/** A label file as small as can be: one A5 page with bars. */
export const aSmallLabel: Uint8Array = aSheet({ media: '/MediaBox [0 0 419.53 595.28]' });
