/** Does something for each of many, so many at once. @throws what the first of them threw, once those under way have ended */
export async function inParallel<T>(
  many: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const rest = many.values();
  const lane = async () => {
    for (const one of rest) await work(one);
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, many.length) }, lane));
  const failed = lanes.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
