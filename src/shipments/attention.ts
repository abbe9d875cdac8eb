import type { Attention } from '../domain/order-state.ts';
import type { CommandKind } from '../domain/commands.ts';
import type { Problem } from '../domain/problem.ts';

/** Of a planned shipment that can't be booked as it stands. */
const beforeBooking: readonly CommandKind[] = ['change', 'retry', 'cancel'];

/**
 * Everything that a shipment can need a person for, and the commands that help. The one list of these codes: each has its
 * entry in docs/operations.md, and a test says which is missing (test/unit/docs/operations.test.ts).
 */
export const attentions: Readonly<Record<string, readonly CommandKind[]>> = {
  // The order as a whole.
  order_unreadable: ['reprocess'],

  // The settings of the store.
  warehouse_missing: beforeBooking,
  warehouse_unknown: beforeBooking,
  service_not_chosen: beforeBooking,
  default_weight_above_parcel_limit: beforeBooking,

  // The receiver.
  name_missing: beforeBooking,
  name_too_long: beforeBooking,
  street_missing: beforeBooking,
  street_too_long: beforeBooking,
  city_missing: beforeBooking,
  city_too_long: beforeBooking,
  country_missing: beforeBooking,
  postcode_missing: beforeBooking,
  postcode_invalid: beforeBooking,
  postcode_country_mismatch: beforeBooking,
  characters_not_printable: beforeBooking,
  phone_missing: beforeBooking,
  contact_missing: beforeBooking,

  // Service, add-ons, parcels.
  service_unknown: beforeBooking,
  service_country_not_served: beforeBooking,
  destination_stopped: beforeBooking,
  post_box_not_possible: beforeBooking,
  service_weight_exceeded: beforeBooking,
  service_weight_too_small: beforeBooking,
  service_size_exceeded: beforeBooking,
  addon_not_allowed: beforeBooking,
  addon_details_missing: beforeBooking,
  addons_exclude_each_other: beforeBooking,
  nothing_to_pack: beforeBooking,
  parcels_missing: beforeBooking,
  unit_heavier_than_parcel_limit: beforeBooking,

  // The border.
  customs_data_missing: ['resolve', 'change', 'cancel'],

  // The pickup point.
  pickup_point_missing: beforeBooking,
  pickup_point_not_possible: beforeBooking,
  pickup_point_invalid: beforeBooking,
  pickup_point_inactive: beforeBooking,

  // Posti's answer.
  posti_refused: beforeBooking,
  booking_outcome_unknown: ['retry', 'resolve', 'cancel'],

  // After booking.
  label_looks_odd: ['resolve', 'change', 'cancel'],
  label_no_longer_matches: ['change', 'cancel', 'resolve'],
  changed_after_hand_over: ['resolve'],
  refunded_after_booking: ['cancel', 'resolve'],
  cancelled_after_hand_over: ['resolve'],
  label_handed_out: ['cancel', 'change', 'resolve'],
  shop_refused_shipment: ['retry', 'resolve'],
  shop_refused_status: ['retry', 'resolve'],
  shop_refused_withdrawal: ['retry'],
  shop_shipment_deleted: ['cancel', 'resolve'],
  no_scan_for_too_long: ['resolve', 'cancel'],
  silent_for_too_long: ['resolve'],
  scan_on_orphan: ['resolve'],
};

/** What travels of a problem: its code, since when, and the commands that help. The words stay in Postgres. */
export function attentionFor(problem: Pick<Problem, 'code'>, now: Date): Attention {
  return { code: problem.code, since: now.toISOString(), commands: attentions[problem.code] ?? beforeBooking };
}
