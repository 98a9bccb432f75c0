/** Which calls to services each request has caused; the oldest requests are forgotten. */
import type { UpstreamCall } from '../../compare/report.ts';
import type { UpstreamEvent } from '../../upstream/index.ts';

const KEPT_REQUESTS = 10_000;

export interface CallLog {
  note(event: UpstreamEvent): void;
  /** Attempts, so a retry counts; what a cache or another request answered does not. */
  callsOf(requestIds: readonly string[]): UpstreamCall[];
}

/** Only requests whose id starts with the prefix are kept. */
export function createCallLog(prefix: string): CallLog {
  const calls = new Map<string, UpstreamCall[]>();
  return {
    note(event) {
      if (event.kind !== 'attempt-started' || !event.requestId.startsWith(prefix)) return;
      const { pathname, search } = new URL(event.url);
      const call = { service: event.service, method: event.method, path: pathname + search };
      const known = calls.get(event.requestId);
      if (known !== undefined) known.push(call);
      else calls.set(event.requestId, [call]);
      if (calls.size > KEPT_REQUESTS) calls.delete(calls.keys().next().value!);
    },
    callsOf: (requestIds) => requestIds.flatMap((id) => calls.get(id) ?? []),
  };
}
