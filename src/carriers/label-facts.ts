import type { LabelSize } from './port.ts';

/**
 * What is known of Posti's labels. A5 has 35 characters a line and the thermal sticker 20; a label prints the name, and on
 * its second line the pickup point, where there is one, whose address takes the place of the receiver's (posti.md 10
 * [V VAL]). Whether `contact` and `state` are printed, no source says: not relied on, unless a store's labels show it
 * (`labelPrints` of its settings).
 */
export interface LabelFacts {
  readonly lineLength: Readonly<Record<LabelSize, number>>;
  readonly contact: boolean;
  readonly state: boolean;
}

export const knownLabelFacts: LabelFacts = {
  lineLength: { A5: 35, '107x225': 20 },
  contact: false,
  state: false,
};
