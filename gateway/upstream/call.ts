/**
 * What travels down the pipeline of upstream.md, section 1, and the one shape of its steps: a policy gets a call and
 * what comes next, and may refuse it, change it, wait, or go on more than once.
 */
import { ClientLimit, type CallLimit } from './call-limit.ts';
import type { Instance } from './discovery/discovery.ts';
import type { UpstreamRequest, UpstreamResponse } from './upstream-call.ts';

interface Progress {
  /** May any byte of the request have left? */
  dispatched: boolean;
  /** Which instances were asked before. */
  tried: readonly object[];
  /** Since the last attempt failed: is there an instance that was not asked yet? */
  hasUntried: boolean;
  /** An instance had a wrong certificate. */
  hadWrongCertificate: boolean;
  /** Asked before each further attempt; undefined, nothing speaks against one. */
  mayRepeat: (() => boolean) | undefined;
}

/**
 * Never changed, but copied with what a policy adds; `startCall` gives each the same fields in the same order, because copying
 * objects of one shape costs next to nothing, and of many shapes much.
 */
export interface Call {
  readonly request: UpstreamRequest;
  /** Tells the events of one call apart from those of another. */
  readonly id: number;
  /** Aborts when the work is no longer wanted; its reason is the UpstreamError to end with. */
  readonly limit: CallLimit;
  readonly startedAt: number;
  /** How many writes had ended when it started: what was asked before a write is not what is asked after it. */
  readonly writesBefore: number;
  /** 0 is the first attempt. */
  readonly attempt: number;
  /** Shared by all attempts. */
  readonly progress: Progress;
  /** Who is asked; undefined, whoever stands behind the URL. */
  readonly instance: Instance | undefined;
}

type CallStart = Pick<Call, 'request' | 'id' | 'startedAt'> &
  Partial<Pick<Call, 'limit' | 'writesBefore' | 'instance'>>;

/** A call before its first policy; left out, its limit is that of its client request. */
export const startCall = ({
  request,
  id,
  startedAt,
  limit = new ClientLimit(request.context),
  writesBefore = 0,
  instance,
}: CallStart): Call => ({
  request,
  id,
  limit,
  startedAt,
  writesBefore,
  attempt: 0,
  progress: { dispatched: false, tried: [], hasUntried: false, hadWrongCertificate: false, mayRepeat: undefined },
  instance,
});

export type Next = (call: Call) => Promise<UpstreamResponse>;

/** One concern of a call. State, where a policy has any, belongs to one service. */
export type Policy = (call: Call, next: Next) => Promise<UpstreamResponse>;

/** One function out of many: the first policy is the outermost. */
export function composePolicies(policies: readonly Policy[], last: Next): Next {
  return policies.reduceRight<Next>((next, policy) => (call) => policy(call, next), last);
}
