/** Asks the control interface of a stand-in, as a test's hand behind the counter. */
export async function control<T = unknown>(base: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${base}/_control${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The stand-in answered ${answer.status} to ${method} ${path}: ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}
