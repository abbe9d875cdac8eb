/** Why units are not shipped (yet). */
export type UnshippedReason =
  | 'digital'
  | 'gift_certificate'
  | 'merchant_pickup'
  | 'refunded'
  | 'shipped_by_somebody_else'
  | 'status_not_chosen'
  /** The shop set its status by itself (Partially Refunded, Partially Shipped) before we first read it. */
  | 'never_in_a_chosen_status'
  /** Shipped or Completed, set by hand: the shop counts these units as not shipped. Over, until a line is added. */
  | 'marked_as_shipped'
  | 'order_cancelled'
  | 'archived'
  | 'cancelled_by_a_person'
  | 'before_the_cut_off_date'
  | 'store_in_observe_mode'
  | 'on_hold'
  | 'needs_attention';
