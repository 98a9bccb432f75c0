/** What `upstream/` has to say to logs, metrics and the trace. For the operator only: a URL may be in it. */
import type { ErrorCode } from '../errors/catalogue.ts';
import type { TlsFilesChange } from './tls-files.ts';

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

/** An instance was taken out of its set: one log line. */
interface InstanceEjected {
  readonly kind: 'instance-ejected';
  readonly service: string;
  readonly instance: string;
  /** In a row. */
  readonly failures: number;
  /** How often in a row it has been ejected by now. */
  readonly times: number;
  readonly waitMs: number;
}

interface InstanceReturned {
  readonly kind: 'instance-returned';
  readonly service: string;
  readonly instance: string;
}

/** The shared cache is not there, or there again: one log line. */
interface CacheStoreChanged {
  readonly kind: 'cache-store-changed';
  readonly service: string;
  readonly isUp: boolean;
  readonly reason: string;
}

/** Files of `transport.tls` were changed: taken over, or not usable and those before stay in use. */
type TlsFilesChanged = { readonly kind: 'tls-files-changed'; readonly service: string } & TlsFilesChange;

interface Attempt {
  readonly attempt: number;
  /** Where there is a set to choose from: 127.0.0.1:4001. */
  readonly instance?: string;
}

export type UpstreamEvent =
  | BreakerChanged
  | InstanceEjected
  | InstanceReturned
  | CacheStoreChanged
  | TlsFilesChanged
  | (About & { readonly kind: 'call-started' })
  | (About & Ended & { readonly kind: 'call-ended' })
  | (About & { readonly kind: 'call-coalesced'; readonly sharedWith: number })
  | (About & { readonly kind: 'call-cached'; readonly how: 'hit' | 'stale' | 'stale-if-error' })
  | (About & { readonly kind: 'call-queued'; readonly waitedMs: number })
  | (About & Attempt & { readonly kind: 'attempt-started' })
  | (About & Attempt & Ended & { readonly kind: 'attempt-ended' })
  | (About & { readonly kind: 'retry-waiting'; readonly attempt: number; readonly waitMs: number })
  | (About & { readonly kind: 'budget-exhausted'; readonly attempt: number });

export type EmitUpstreamEvent = (event: UpstreamEvent) => void;
