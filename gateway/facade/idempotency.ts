/**
 * Idempotency-Key on writes (facade.md 3.2, P23 to P26): the first request with a key does the work, the others get its
 * answer. A route may pass the key on as well; then its service, too, knows a repeat, and both have to agree: what the
 * service has not decided for good is not kept here.
 */
import { createHash } from 'node:crypto';
import type { FacadeRequest, FacadeResponse } from './contract.ts';
import type { HandlerOptions } from './handler-options.ts';
import type { ClaimedKey, KeyClaim } from './response/idempotency-store.ts';
import type { Refusal } from './response/refusal.ts';
import type { Outcome } from './response/route-request.ts';
import { headerText, readIdempotencyKey } from './routes/request-headers.ts';
import type { Route } from './routes/route.ts';

const hash = (...parts: readonly (string | Uint8Array)[]): string => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(`${part.length}:`).update(part);
  return digest.digest('base64url');
};

/** Who asks: by credentials, or by nothing. Two callers never see each other's answers. */
const principalOf = (headers: FacadeRequest['headers']): string =>
  headerText(headers, 'authorization') ?? headerText(headers, 'cookie') ?? '';

/** Does the service get the key, so that it knows a repeat by itself? */
const passesKeyOn = ({ bindings }: Route): boolean =>
  bindings.some(({ from, name }) => from === 'header' && name === 'idempotency-key');

/** Requests without a deadline have one here. */
const LONGEST_WORK_MS = 600_000;
/** Clocks of several gateways may differ by this much. */
const LEASE_MARGIN_MS = 10_000;

/** Claims the key of a request; undefined when the route has no keys or the request brings none. */
export async function claimKey(
  { idempotencyStore: store, monotonicNow, onFault }: HandlerOptions,
  route: Route,
  request: FacadeRequest,
): Promise<ClaimedKey | { readonly state: 'unavailable' } | undefined> {
  const text = headerText(request.headers, 'idempotency-key');
  if (!route.idempotency || text === undefined) return undefined;
  const { path, query, body = new Uint8Array() } = request;
  const claim: KeyClaim = {
    scope: hash(principalOf(request.headers), route.family.version, route.operation, readIdempotencyKey(text)),
    fingerprint: hash(request.method, path, query, body),
    ttlMs: route.idempotency.ttlMs,
    leaseMs: Math.min(request.deadlineAt - monotonicNow(), LONGEST_WORK_MS) + LEASE_MARGIN_MS,
    isRepeatable: passesKeyOn(route),
  };
  try {
    const claimed = await store.claim(claim);
    if (claimed.state !== 'mine') return claimed;
    // The work is done by then: an answer that cannot be kept is given all the same.
    const settle: typeof claimed.settle = (answer) =>
      claimed.settle(answer).catch((error: unknown) => onFault(error, request.requestId));
    return { state: 'mine', settle };
  } catch (error) {
    onFault(error, request.requestId);
    return { state: 'unavailable' };
  }
}

/** Why a request with a key is not worked on: P24, P25, and what only a store that outlives a process meets. */
export function refuseKey(state: 'running' | 'other-request' | 'interrupted' | 'unavailable'): Refusal {
  switch (state) {
    case 'running':
      return {
        row: 'P25',
        problem: 'idempotency-key-in-use',
        detail: 'The first request with this key is still being worked on',
        headers: { 'retry-after': '1' },
      };
    case 'other-request':
      return {
        row: 'P24',
        problem: 'idempotency-key-reused',
        detail: 'This key came with another request before',
        errors: [{ header: 'idempotency-key', detail: 'A new intent needs a new key', code: 'reused' }],
      };
    case 'interrupted':
      return {
        row: 'P26',
        problem: 'outcome-unknown',
        detail: 'The gateway stopped while the first request with this key was being worked on',
      };
    case 'unavailable':
      return {
        row: 'P25',
        problem: 'idempotency-unavailable',
        detail: 'Nothing was done: the key could not be looked up',
        headers: { 'retry-after': '1' },
      };
  }
}

const neverKept: ReadonlySet<number> = new Set([401, 408, 425, 429]);

/** Was the write sent to a service, as far as is known? */
function wasDispatched(outcome: Outcome): boolean {
  if (outcome.state !== 'executed') return false;
  const { data, errors = [] } = outcome.result;
  const hasRoot = Object.values(data ?? {}).some((value) => value !== null);
  return hasRoot || errors.length === 0 || errors.some(({ extensions }) => extensions?.['dispatched'] !== false);
}

/**
 * Is the answer the last word on this key? One that names a time to come back is not; nor is a failure of a service that
 * was given the key: it knows better what became of the work, so a repeat goes there.
 */
export function isFinal(route: Route, outcome: Outcome, { status, headers }: FacadeResponse): boolean {
  // What was started is started: its Retry-After says when to look at it again.
  if (status === 202) return true;
  if (neverKept.has(status) || headers['retry-after'] !== undefined) return false;
  if (status < 500) return true;
  return wasDispatched(outcome) && !passesKeyOn(route);
}
