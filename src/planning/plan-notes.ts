/**
 * What was put right, left out or supposed while a shipment was planned, for staff to see in the order's timeline. Stable
 * names that hold no value of the order.
 */
export type PlanNote =
  | 'emoji_removed'
  | 'entities_decoded'
  | 'entities_unclear'
  | 'name_shortened'
  | 'name_beside_street'
  | 'phone_unreadable'
  | 'email_unreadable'
  | 'phone_from_billing'
  | 'email_from_billing'
  | 'pickup_point_left_over'
  | 'pickup_point_of_the_rate'
  | 'weight_raised'
  | 'too_large_for_lockers'
  | 'smaller_than_least_parcel'
  | 'customs_accepted'
  | 'customs_papers_elsewhere';

export const noteWords: Readonly<Record<PlanNote, string>> = {
  emoji_removed: 'pictographs are left out',
  entities_decoded: 'HTML entities of the address are written as what they stand for',
  entities_unclear: 'the address has HTML entities, which are printed as they are: look at it in the shop',
  name_shortened: 'first names are initials on the label, since the whole name does not fit',
  name_beside_street: 'a part of the name stands in the second address line',
  phone_unreadable: 'what the order has as phone is no number, and is left out',
  email_unreadable: 'what the order has as e-mail is no address, and is left out',
  phone_from_billing: "the billing address's phone is used",
  email_from_billing: "the billing address's e-mail is used",
  pickup_point_left_over:
    'a pickup point that was left on the order is not used, since the chosen method delivers to the address',
  pickup_point_of_the_rate: 'the pickup point is that of the rate which was paid for; a form field names another one',
  weight_raised: 'a parcel is declared with the least weight that the service takes',
  too_large_for_lockers:
    'a unit is too large for a parcel locker: if the chosen pickup point is one, Posti takes it to another point',
  smaller_than_least_parcel: 'a unit is smaller than the least parcel of the service: pack it in something larger',
  customs_accepted: 'booked without customs data, by the word of a person',
  customs_papers_elsewhere: 'booked without customs data, since the store makes its customs papers elsewhere',
};

/** One sentence for the timeline; empty where there is nothing to note. */
export const inWords = (notes: readonly PlanNote[]): string =>
  notes.length === 0 ? '' : ` Noted: ${notes.map((note) => noteWords[note]).join('; ')}.`;
