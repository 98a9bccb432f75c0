/**
 * Headers that every answer has, whatever its path: those of helmet that are not for documents alone, and what CORS says of a
 * request without an Origin. The long way gets them from its plugins, the short way to /graphql from here; a test holds both
 * equal.
 */

/** What browsers may read of answers from another origin (experience.md, 2.3). */
export const EXPOSED_HEADERS = [
  ...['etag', 'link', 'location', 'retry-after', 'deprecation', 'sunset', 'preference-applied'],
  ...['ratelimit', 'ratelimit-policy', 'server-timing', 'x-request-id', 'partial-response'],
];

export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  vary: 'Origin',
};

/** Of documents only: a browser heeds them where it shows a page, and nobody else does. */
export const DOCUMENT_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
};
