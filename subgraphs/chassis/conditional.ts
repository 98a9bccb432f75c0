/** Conditional requests over version numbers (RFC 9110, section 13): the ETag of a resource is its version, quoted. */
import { ProblemError } from './problem.ts';

/** `variant` names one of several representations: no two of them may share a tag (RFC 9110, 8.8.3). */
export const entityTag = (version: number, variant?: string): string =>
  variant === undefined ? `"${version}"` : `"${version}-${variant}"`;

/** What If-Match asks for: nothing, that the resource exists, or one of some versions. */
export type Precondition =
  | { readonly kind: 'none' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'versions'; readonly versions: readonly number[] };

/**
 * Reads If-Match. Weak and foreign tags never match (RFC 9110, 13.1.1), so they are left out of the list; which variant of
 * a version the caller has seen makes no difference to a write.
 */
export function readIfMatch(header: string | undefined): Precondition {
  if (header === undefined || header.trim() === '') return { kind: 'none' };
  if (header.trim() === '*') return { kind: 'exists' };
  const versions = [...header.matchAll(/(W\/)?"([^"]*)"/g)]
    .filter(([, weak, tag]) => weak === undefined && /^\d+(-[a-z]+)?$/.test(tag ?? ''))
    .map(([, , tag]) => Number.parseInt(tag!, 10));
  return { kind: 'versions', versions };
}

/** Throws 412 when the current version is not one that If-Match allows. */
export function checkPrecondition(precondition: Precondition, currentVersion: number): void {
  if (precondition.kind !== 'versions' || precondition.versions.includes(currentVersion)) return;
  throw new ProblemError(412, 'precondition-failed', 'Precondition failed', {
    detail: 'Somebody changed it meanwhile: read it again, then send its new version',
    headers: { etag: entityTag(currentVersion) },
  });
}

/** Does If-None-Match name this tag? Weak comparison, as for GET (RFC 9110, 13.1.2). */
export function matchesNoneOf(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const plain = etag.replace(/^W\//, '');
  return [...header.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, tag]) => tag === plain);
}
