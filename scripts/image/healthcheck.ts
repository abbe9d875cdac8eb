/** `node healthcheck.js <url>`: ends with 0 when the URL answers with 2xx within three seconds. The image has no curl. */
const answer = await fetch(process.argv[2] ?? '', { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
process.exit(answer?.ok === true ? 0 : 1);
