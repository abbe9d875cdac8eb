/** `3.2 s` since `began`, of performance.now(): for people who wait for a start. */
export const took = (began: number): string => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
