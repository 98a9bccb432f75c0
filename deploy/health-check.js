/**
 * Health check of a container: exit code 0 when the program in it is ready, 1 when not. Node's own fetch, because the image
 * has no curl. PORT is the port the program listens on.
 */
const port = process.env.PORT ?? '4000';
const url = `http://127.0.0.1:${port}/health/ready`;
const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
await answer?.body?.cancel();
process.exitCode = answer?.ok === true ? 0 : 1;
