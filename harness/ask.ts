/** One JSON request to a process of the demo. @throws Error with method, path and status for anything but 2xx */
export async function ask<T = void>(
  method: string,
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new AskError(method, url, answer.status);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Without the body: it may be about a person. */
export class AskError extends Error {
  readonly status: number;
  constructor(method: string, url: string, status: number) {
    super(`${method} ${url} was answered with ${status}.`);
    this.name = 'AskError';
    this.status = status;
  }
}
