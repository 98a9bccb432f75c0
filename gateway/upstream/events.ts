/** What `upstream/` has to say to logs, metrics and the trace. For the operator only: a URL may be in it. */
import type { ErrorCode } from '../errors/catalogue.ts';

/** How a breaker would count it (upstream.md, section 5). */
export type Outcome = 'success' | 'failure' | 'neutral';

interface About {
  readonly service: string;
  readonly requestId: string;
  /** Number of the call within this client; joins the events of one call. */
  readonly call: number;
  readonly method: string;
  readonly url: string;
}

interface Ended {
  readonly durationMs: number;
  readonly outcome: Outcome;
  readonly status?: number;
  readonly code?: ErrorCode;
  readonly reason?: string;
}

/** A breaker went from one state to another: one log line. */
interface BreakerChanged {
  readonly kind: 'breaker-changed';
  readonly service: string;
  /** Where connectors have breakers of their own. */
  readonly connector?: string;
  readonly from: 'closed' | 'open' | 'half-open';
  readonly to: 'closed' | 'open' | 'half-open';
  readonly waitMs?: number;
  readonly calls?: number;
  readonly failures?: number;
}

export type UpstreamEvent =
  | BreakerChanged
  | (About & { readonly kind: 'call-started' })
  | (About & Ended & { readonly kind: 'call-ended' })
  | (About & { readonly kind: 'call-coalesced'; readonly sharedWith: number })
  | (About & { readonly kind: 'call-queued'; readonly waitedMs: number })
  | (About & { readonly kind: 'attempt-started'; readonly attempt: number })
  | (About & Ended & { readonly kind: 'attempt-ended'; readonly attempt: number })
  | (About & { readonly kind: 'retry-waiting'; readonly attempt: number; readonly waitMs: number })
  | (About & { readonly kind: 'budget-exhausted'; readonly attempt: number });

export type EmitUpstreamEvent = (event: UpstreamEvent) => void;
