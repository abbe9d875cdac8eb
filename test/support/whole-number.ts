/** @throws Error for what is no whole number from `least`; its message is for the person who typed it */
export function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} has to be a whole number from ${least}, not "${text}".`);
}
