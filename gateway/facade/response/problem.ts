/** Problem documents (RFC 9457), the one form of every error body (facade.md 3.1). */
import type { Json } from '../contract.ts';

/** One thing that is wrong, and where: a JSON pointer into the body, a query or path parameter, or a header. */
export interface ProblemItem {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly detail: string;
  readonly code?: string;
  /** A second error of an execution that ended in another one's status. */
  readonly status?: number;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly ProblemItem[];
  /** Further members, of an outcome. */
  readonly members?: Readonly<Record<string, Json>>;
}

/** The body of a problem: the standard members cannot be overwritten by further ones. */
export function problemBody(problem: Problem, requestId: string): Record<string, Json> {
  const { members, errors, ...own } = problem;
  return {
    ...members,
    ...own,
    instance: requestUrn(requestId),
    traceId: requestId,
    ...(errors && errors.length > 0 ? { errors: errors.map((item) => ({ ...item })) as Json } : {}),
  };
}

/** The request as a URN, so that a report can be matched with the log. */
export const requestUrn = (requestId: string): string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(requestId)
    ? `urn:uuid:${requestId}`
    : `urn:request:${encodeURIComponent(requestId)}`;
