/** May a request be sent twice without doing something twice? Rule 3 of upstream.md, section 7. */
import type { UpstreamRequest } from './upstream-call.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** GET, HEAD and OPTIONS always; others when the caller says so, POST and PATCH also with an Idempotency-Key. */
export function isRepeatable(request: UpstreamRequest): boolean {
  if (safeMethods.has(request.method) || request.idempotent === true) return true;
  const canCarryKey = request.method === 'POST' || request.method === 'PATCH';
  return canCarryKey && request.headers['idempotency-key'] !== undefined;
}
