import { annotations } from './annotations.ts';
import { boxes } from './boxes.ts';
import type { CorpusFile } from './case.ts';
import { content } from './content.ts';
import { layers } from './layers.ts';
import { structure } from './structure.ts';
import { trees } from './trees.ts';

/** Label files as they may come: whatever a PDF may have, and what real ones have against the rules. */
export const corpus = (): readonly CorpusFile[] => [
  ...boxes,
  ...layers,
  ...content(),
  ...trees,
  ...annotations,
  ...structure,
];
