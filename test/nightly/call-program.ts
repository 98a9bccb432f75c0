/**
 * Calls a service from a process of its own, for faults that are set from outside: its descriptors, its certificates, its network.
 * The plan comes as JSON in the first argument; phases follow each other, the calls of one run at the same time.
 */
import { createUpstream, UpstreamError, type PartialUpstreamSettings } from 'tributary-gateway/upstream';

export interface CallPlan {
  readonly settings: PartialUpstreamSettings;
  readonly phases: readonly (readonly string[])[];
}

export interface CallResult {
  readonly url: string;
  readonly end: string;
  readonly reason?: string;
  readonly attempts: number;
  readonly durationMs: number;
}

const { settings, phases } = JSON.parse(process.argv[2] ?? '') as CallPlan;
const attempts = new Map<string, number>();
const upstream = createUpstream({
  settings,
  emit(event) {
    if (event.kind === 'attempt-started') attempts.set(event.url, (attempts.get(event.url) ?? 0) + 1);
  },
});

async function call(url: string): Promise<CallResult> {
  const context = {
    signal: new AbortController().signal,
    deadlineAt: performance.now() + 60_000,
    identity: '',
    requestId: '',
  };
  const startedAt = performance.now();
  const ended = (end: string, reason?: string) => ({
    url,
    end,
    ...(reason === undefined ? {} : { reason }),
    attempts: attempts.get(url) ?? 0,
    durationMs: performance.now() - startedAt,
  });
  try {
    const { status } = await upstream.call({ service: 'catalog', method: 'GET', url, headers: {}, context });
    return ended(String(status));
  } catch (error) {
    return error instanceof UpstreamError ? ended(error.code, error.reason) : ended(String(error));
  }
}

const results: (readonly CallResult[])[] = [];
for (const urls of phases) results.push(await Promise.all(urls.map(call)));
await upstream.close();
console.log(JSON.stringify(results));
