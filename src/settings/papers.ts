/** Where a store's own people or programs make the customs papers of its parcels (`customs.papersElsewhere`). */
export const paperKinds = ['aland', 'abroad'] as const;
export type PaperKind = (typeof paperKinds)[number];
