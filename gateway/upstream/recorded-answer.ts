/** An answer that was written down, read as one that came over the network: same types, same limits, same refusals. */
import { startCall } from './call.ts';
import { createDecoder } from './decode.ts';
import { defaultUpstreamSettings } from './settings.ts';
import type { UpstreamRequest, UpstreamResponse } from './upstream-call.ts';

export interface RecordedAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly text: string;
}

/** Rejects with UpstreamError, as a call does. */
export async function readRecordedAnswer(request: UpstreamRequest, answer: RecordedAnswer): Promise<UpstreamResponse> {
  const call = startCall({ request, id: 1, startedAt: 0 });
  call.progress.dispatched = true;
  const { status, headers, text } = answer;
  const raw = { status, headers, bytes: Buffer.from(text), endedByClose: false };
  return createDecoder(defaultUpstreamSettings.limits)(call, raw);
}
