/** Characters of a parcel's contents: 20 in the format that Posti's came from (posti.md 11, Prinetti XSD). */
export const contentsLength = 20;

/** Posti's heaviest parcel, of any service (posti.md 8.1): no store can set a higher limit. */
export const highestParcelLimitGrams = 35_000;
