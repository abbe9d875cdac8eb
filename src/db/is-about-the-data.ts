/** SQLSTATE class 22 (data exception) or 23 (constraint): the rows are to blame, and trying the same again cannot help. */
export function isAboutTheData(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^2[23]/.test(code);
}
