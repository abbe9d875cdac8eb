/**
 * `node healthcheck.ts <url>`: 0 when it answers with 2xx within three seconds. The image has no curl, and needs none: its
 * Node runs TypeScript as it is.
 */
const answer = await fetch(process.argv[2] ?? '', { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
process.exit(answer?.ok === true ? 0 : 1);
