/** The facade's own pages (entry point, API description, problem pages): 200, or 304 for a client that has them. */
import type { FacadeResponse } from '../contract.ts';
import { isUnmodified, tagOfContent } from './etag.ts';
import type { RouteRequest } from './route-request.ts';

export interface Page {
  readonly contentType: string;
  readonly body: string;
  /** The page depends on `Accept`. */
  readonly isNegotiated: boolean;
}

/** The answer with a page. */
export function decidePage(request: Pick<RouteRequest, 'method' | 'ifNoneMatch'>, page: Page): FacadeResponse {
  const etag = tagOfContent(page.contentType, page.body);
  const headers: Record<string, string> = {
    etag,
    'cache-control': 'no-cache',
    ...(page.isNegotiated ? { vary: 'Accept' } : {}),
  };
  if (isUnmodified(request.ifNoneMatch, etag)) return { status: 304, headers, body: undefined };
  headers['content-type'] = page.contentType;
  if (request.method !== 'HEAD') return { status: 200, headers, body: page.body };
  return {
    status: 200,
    headers: { ...headers, 'content-length': String(Buffer.byteLength(page.body)) },
    body: undefined,
  };
}
