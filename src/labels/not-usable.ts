import { AppError } from '../errors.ts';
import { mergeTroubles, type MergeTrouble } from './merge-trouble.ts';

/**
 * - `unknown_order`, `unknown_label`: we have none of that name
 * - `no_label`: nothing of the order is booked
 * - `label_not_kept`: the file is not here yet
 * - `label_erased`: it was here, and was erased with the people of its order
 * - `label_withdrawn`: its booking was replaced or cancelled
 * - `other_size`: it was made in another size than is asked for
 * - `label_broken`: its page would not be sure to look the same in a merged file; `trouble` says why
 */
export type LabelTrouble =
  | 'unknown_order'
  | 'unknown_label'
  | 'no_label'
  | 'label_not_kept'
  | 'label_erased'
  | 'label_withdrawn'
  | 'other_size'
  | 'label_broken';

/** A label, or an order without one, that a stack of labels can't be made with. */
export interface UnusableLabel {
  readonly problem: LabelTrouble;
  readonly label?: number;
  readonly storeHash?: string;
  readonly orderId?: number;
  readonly n?: number;
  /** Of `label_broken`. */
  readonly trouble?: MergeTrouble;
}

/**
 * Nothing was handed out: a stack that is one label short is noticed when a parcel has none. All that is wrong is named at
 * once, so that the rest can be asked for in one more go.
 */
export class LabelsNotUsable extends AppError {
  readonly labels: readonly UnusableLabel[];

  constructor(labels: readonly UnusableLabel[]) {
    const [first] = labels;
    const more = labels.length > 1 ? ` And ${labels.length - 1} more.` : '';
    super(`${first ? wordsOf(first) : 'No label was asked for.'}${more} Nothing was handed out.`, {
      kind: 'conflict',
      code: 'labels_not_usable',
      advice: 'Ask again without those that are named.',
    });
    this.labels = labels;
  }
}

/** One sentence. */
export function wordsOf({ problem, label, storeHash, orderId, n, trouble }: UnusableLabel): string {
  const shipment = n === undefined ? '' : `shipment ${n} of `;
  const order = storeHash === undefined ? '' : `${shipment}order ${storeHash}/${orderId}`;
  const the = `Label ${label}${order === '' ? '' : ` (${order})`}`;
  switch (problem) {
    case 'unknown_order':
      return `There is no ${order}.`;
    case 'unknown_label':
      return `There is no label ${label}.`;
    case 'no_label':
      return `No label counts now for ${order}.`;
    case 'label_not_kept':
      return `${the} is not here yet.`;
    case 'label_erased':
      return `${the} was erased with all that was known of the people of its order, and can't be made again: goods that have to go out once more need a new order in the shop.`;
    case 'label_withdrawn':
      return `${the} must not be used any more: its booking was replaced or cancelled.`;
    case 'other_size':
      return `${the} was made in another size; a label can't be had in two: the store's setting labelSize is for those to come.`;
    case 'label_broken':
      return `${the} can't be merged with others: ${mergeTroubles[trouble ?? 'damaged']}. Print it alone, look at it, and have it booked anew where it is not whole.`;
    default:
      return problem satisfies never;
  }
}
