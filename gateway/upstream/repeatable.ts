/** What a request does: may it be sent twice without doing something twice, and does it write? */
import type { UpstreamRequest } from './upstream-call.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Rule 3 of upstream.md, section 7: GET, HEAD and OPTIONS always; others when the caller says so, POST and PATCH also with an Idempotency-Key. */
export function isRepeatable(request: UpstreamRequest): boolean {
  if (safeMethods.has(request.method) || request.idempotent === true) return true;
  const canCarryKey = request.method === 'POST' || request.method === 'PATCH';
  return canCarryKey && request.headers['idempotency-key'] !== undefined;
}

/** Changes nothing at the service; where places are short, writes go first (upstream.md, section 6). */
export const isRead = (request: UpstreamRequest): boolean =>
  (safeMethods.has(request.method) && request.isWrite !== true) || request.isQuery === true;
