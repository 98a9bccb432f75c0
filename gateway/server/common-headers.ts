/**
 * Headers that every answer has, whatever its path: those of helmet, and of CORS for a request without an Origin. The long
 * way gets them from its plugins, the short way to /graphql from here; a test holds both equal.
 */

/** What browsers may read of answers from another origin (experience.md, 2.3). */
export const EXPOSED_HEADERS = [
  ...['etag', 'link', 'location', 'retry-after', 'deprecation', 'sunset', 'preference-applied'],
  ...['ratelimit', 'ratelimit-policy', 'server-timing', 'x-request-id', 'partial-response'],
];

export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
  vary: 'Origin',
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
};
