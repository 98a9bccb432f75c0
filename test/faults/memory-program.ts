/** A process that calls the URLs of its arguments, and tells how far its memory rose by each call: see F13. */
import { createUpstream, UpstreamError } from 'tributary-gateway/upstream';

const [warmUp, ...urls] = process.argv.slice(2) as [string, ...string[]];
const upstream = createUpstream({ settings: { breaker: { enabled: false } } });

async function call(url: string): Promise<string> {
  const context = {
    signal: new AbortController().signal,
    deadlineAt: performance.now() + 30_000,
    identity: '',
    requestId: '',
  };
  try {
    const { status } = await upstream.call({ service: 'catalog', method: 'GET', url, headers: {}, context });
    return String(status);
  } catch (error) {
    return error instanceof UpstreamError ? error.code : String(error);
  }
}

for (let n = 0; n < 200; n++) await call(`${warmUp}/${n}`);
const peakBytes = () => process.resourceUsage().maxRSS * 1024;
const peakBefore = peakBytes();
const codes = new Set<string>();
for (const url of urls) {
  codes.add(await call(url));
  // What is done with is no memory that the next one needs.
  globalThis.gc!();
}
console.log(JSON.stringify({ peakBefore, peakAfter: peakBytes(), codes: [...codes] }));
await upstream.close();
